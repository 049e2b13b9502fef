/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A text that another view made: JSON, what a finding means, a filter to copy. */
#include "tui/pager.h"
#include "tui/view.h"

struct text {
    struct view v;
    struct pager pager;
};

static void open_text(struct view *v)
{
    ((struct text *)v)->pager.scroll = (struct scroll){0};
}

static void update(struct view *v)
{
    struct text *t = (struct text *)v;
    const char *text = v->browser->text.text;

    pager_fit(&t->pager, text ? text : "", v->width - 2, v->height - 1);
}

static void draw(const struct view *v, struct canvas *c)
{
    struct canvas part = canvas_part(c, 1, 1, c->width - 2, c->height - 1);

    canvas_paint(c, 0, 0, c->width, STYLE_HEAD);
    canvas_put(c, 1, 0, STYLE_HEAD, v->browser->text_title);
    pager_draw(&((const struct text *)v)->pager, &part);
}

static bool request(struct view *v, enum request r, size_t count)
{
    return pager_request(&((struct text *)v)->pager, r, count);
}

static void wheel(struct view *v, int n)
{
    pager_request(&((struct text *)v)->pager, n < 0 ? REQUEST_UP : REQUEST_DOWN,
                  (size_t)(n < 0 ? -n : n));
}

static void close_text(struct view *v)
{
    pager_done(&((struct text *)v)->pager);
}

const struct view_ops view_text = {
    .name = "Text",
    .size = sizeof(struct text),
    .hints = "help back:Back",
    .open = open_text,
    .close = close_text,
    .update = update,
    .draw = draw,
    .request = request,
    .wheel = wheel,
};
