/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The loop: keys first, then a slice of reading, then the screen when something has changed. */
#include "tui/tui.h"

#include "tui/browser.h"
#include "tui/request.h"
#include "tui/screen.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long the reading may go on until keys are asked for, and how often the screen follows it. */
static const int64_t slice = 8000000, refresh_every = 100000000; /* ns */

struct loop {
    struct browser *browser;
    const struct tui_loader *loader;
    struct canvas canvas;
    int64_t shown, followed; /* when the screen was drawn last, when the browser heard of the
                                reading last, ns */
    bool loading, stale;
};

bool tui_possible(const char **why)
{
    const char *term = getenv("TERM");

    *why = !isatty(STDOUT_FILENO)                     ? "standard output is not a terminal"
           : !term || !*term || !strcmp(term, "dumb") ? "the terminal can't move its cursor (TERM)"
                                                      : NULL;
    return !*why;
}

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void fit_terminal(struct loop *l)
{
    int width, height;

    screen_size(&width, &height);
    canvas_free(&l->canvas);
    l->canvas = canvas_new(width, height, screen_utf8());
    browser_resize(l->browser, width, height);
}

static void show(struct loop *l)
{
    int x = 0, y = 0;

    browser_draw(l->browser, &l->canvas);
    bool cursor = browser_cursor(l->browser, &x, &y);
    screen_show(&l->canvas, cursor, x, y);
    l->shown = now();
    l->stale = false;
}

static void take(struct loop *l, const struct event *e)
{
    struct browser *b = l->browser;

    switch (e->kind) {
    case EVENT_NONE:
        return;
    case EVENT_KEY:
        browser_key(b, e->key);
        break;
    case EVENT_RESIZE:
        fit_terminal(l);
        break;
    case EVENT_MOUSE:
        browser_mouse(b, e->button, e->x, e->y, e->lines);
        break;
    case EVENT_GONE:
        b->quit = true;
        return;
    }
    if (b->suspend)
        screen_suspend();
    if (b->redraw)
        screen_forget();
    if (b->copy)
        screen_copy(b->text.text, b->text.len);
    b->suspend = b->redraw = b->copy = false;
    l->stale = true;
}

static void follow(struct loop *l)
{
    struct tui_progress p = {0};

    l->loader->progress(l->loader->context, &p);
    browser_update(l->browser, &p, l->loading);
    l->followed = now();
    l->stale = true;
}

/* Read on for a slice; the browser hears of it when its screen is due. */
static void work(struct loop *l)
{
    if (browser_is_busy(l->browser)) {
        browser_work(l->browser);
        l->stale |= now() - l->shown > refresh_every || !browser_is_busy(l->browser);
    }
    if (!l->loading || l->browser->paused)
        return;
    l->loading = l->loader->work(l->loader->context, slice);
    if (!l->loading || now() - l->followed >= refresh_every)
        follow(l);
}

static bool has_ended(const struct loop *l)
{
    return l->browser->quit || screen_signal();
}

/* The reading waits for a pipe: go on with everything else until it has something. */
static bool wait_for_pipe(void *context, int fd)
{
    struct loop *l = context;
    struct pollfd pipe = {.fd = fd, .events = POLLIN};

    while (!has_ended(l)) {
        if (!l->browser->paused && poll(&pipe, 1, 0) > 0)
            return true;
        int64_t due = l->shown + refresh_every - now();
        if (due <= 0) {
            follow(l);
            show(l);
        }
        /* With nothing new the screen is drawn once more, then it rests. */
        bool rests = due <= 0 && !browser_is_busy(l->browser);
        struct event e =
            screen_event(rests ? -1 : (int)(due / 1000000) + 1, l->browser->paused ? -1 : fd);
        take(l, &e);
        if (browser_is_busy(l->browser))
            browser_work(l->browser);
        if (e.kind != EVENT_NONE)
            show(l);
    }
    return false;
}

static void run(struct loop *l)
{
    show(l); /* before a pipe lets wait */
    work(l); /* small captures are there at once */
    show(l);
    while (!has_ended(l)) {
        bool busy = (l->loading && !l->browser->paused) || browser_is_busy(l->browser);
        struct event e = screen_event(busy ? 0 : -1, -1);

        take(l, &e);
        if (e.kind == EVENT_NONE)
            work(l);
        if (l->stale)
            show(l);
    }
}

bool tui_run(struct store *store, const struct tui_loader *loader,
             const struct tui_options *options, struct error *err)
{
    struct loop l = {.loader = loader, .loading = true};
    int width, height;

    if (!screen_open(options->colour, err))
        return false;
    screen_size(&width, &height);
    l.browser = browser_new(store, options, width, height, screen_utf8());
    fit_terminal(&l);
    loader->on_wait(wait_for_pipe, &l);
    run(&l);
    loader->on_wait(NULL, NULL);
    store_summary(store)->interrupted = screen_signal() != 0;
    screen_close();
    browser_free(l.browser);
    canvas_free(&l.canvas);
    return true;
}
