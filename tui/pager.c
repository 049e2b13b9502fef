/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/pager.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static void add_line(struct pager *p, const char *text, size_t len)
{
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 64;
        p->line = xreallocarray(p->line, p->cap, sizeof *p->line);
    }
    p->line[p->n++] = (struct pager_line){.text = text, .len = len};
}

void pager_fit(struct pager *p, const char *text, int width, int height)
{
    const char *next = NULL;

    p->text = text;
    p->width = width;
    p->height = height;
    p->n = 0;
    for (const char *at = text; at; at = next)
        add_line(p, at, wrapped_line(at, width, &next));
    /* The "cursor" is the line at the top: the last one that makes sense fills the screen. */
    size_t page = height > 0 ? (size_t)height : 1;
    scroll_fit(&p->scroll, p->n > page ? p->n - page + 1 : 1, 1);
}

bool pager_request(struct pager *p, enum request r, size_t count)
{
    struct scroll s = p->scroll;

    s.page = p->height > 1 ? (size_t)p->height : 1; /* how far a page is */
    if (!scroll_request(&s, r, count))
        return false;
    scroll_to(&p->scroll, s.cursor);
    return true;
}

void pager_draw(const struct pager *p, struct canvas *c)
{
    char text[1024];

    for (size_t i = 0; (int)i < c->height && p->scroll.cursor + i < p->n; i++) {
        const struct pager_line *l = &p->line[p->scroll.cursor + i];
        size_t len = l->len < sizeof text ? l->len : sizeof text - 1;

        memcpy(text, l->text, len);
        text[len] = '\0';
        canvas_put(c, 0, (int)i, STYLE_TEXT, text);
    }
}

void pager_done(struct pager *p)
{
    free(p->line);
}
