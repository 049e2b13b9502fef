/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The screen before the browser has anything to show: a pipe that has brought no packet yet. */
#include "tui/frame.h"
#include "tui/request.h"
#include "tui/screen.h"
#include "tui/tui.h"

#include <poll.h>
#include <unistd.h>

static void draw(const struct tui_options *o, int fd)
{
    int width, height;

    screen_size(&width, &height);
    struct canvas c = canvas_new(width, height, screen_utf8());
    canvas_paint(&c, 0, 0, width, STYLE_TITLE);
    int x = canvas_put(&c, 1, 0, STYLE_TITLE, "lastack  ");
    frame_name(o, &c, x, width - x);
    canvas_printf(&c, 1, 2, STYLE_TEXT, "Waiting for the first packet of %s.",
                  fd == STDIN_FILENO ? "standard input" : "a pipe");
    x = canvas_put(&c, 0, height - 1, STYLE_KEY, "q");
    canvas_put(&c, x + 1, height - 1, STYLE_LABEL, "Quit");
    screen_show(&c, false, 0, 0);
    canvas_free(&c);
}

static bool is_readable(int fd)
{
    struct pollfd pipe = {.fd = fd, .events = POLLIN};

    return poll(&pipe, 1, 0) > 0;
}

/* Whether the event ends the program. */
static bool takes_leave(const struct event *e)
{
    bool more;
    enum request r = e->kind == EVENT_KEY ? request_of_keys(0, e->key, &more) : REQUEST_NONE;

    if (r == REQUEST_SUSPEND)
        screen_suspend();
    if (r == REQUEST_REDRAW)
        screen_forget();
    return e->kind == EVENT_GONE || r == REQUEST_BACK || r == REQUEST_QUIT || screen_signal();
}

bool tui_await(void *context, int fd)
{
    struct tui_await *a = context;
    struct error err;

    while (!a->ended && !is_readable(fd)) {
        if (!screen_open(a->options->colour, &err))
            return true; /* tui_run() will say so */
        draw(a->options, fd);
        const struct event e = screen_event(-1, fd);
        a->ended = takes_leave(&e);
        a->interrupted = screen_signal() != 0;
    }
    return !a->ended;
}

void tui_leave(void)
{
    screen_close();
}
