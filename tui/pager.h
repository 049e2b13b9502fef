/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A text to scroll in, broken into lines as wide as the screen. */
#ifndef LASTACK_TUI_PAGER_H
#define LASTACK_TUI_PAGER_H

#include "tui/canvas.h"
#include "tui/scroll.h"

struct pager_line {
    const char *text; /* into the pager's text */
    size_t len;
};

struct pager {
    const char *text; /* borrowed */
    int width;
    struct pager_line *line; /* owned */
    size_t n, cap;
    struct scroll scroll; /* of the first line shown */
    int height;
};

/* Show text (which lives as long as the pager shows it) in such a space. */
void pager_fit(struct pager *p, const char *text, int width, int height);
bool pager_request(struct pager *p, enum request r, size_t count);
void pager_draw(const struct pager *p, struct canvas *c);
void pager_done(struct pager *p);

#endif
