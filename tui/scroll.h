/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A cursor on a list of lines that is longer than the screen. */
#ifndef LASTACK_TUI_SCROLL_H
#define LASTACK_TUI_SCROLL_H

#include "tui/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scroll {
    size_t n;      /* lines */
    size_t cursor; /* the chosen one; 0 when there is none */
    size_t top;    /* the first one shown */
    size_t page;   /* lines that fit, at least 1 */
};

/* The list has n lines now and `page` of them fit: keep cursor and top where they make sense. */
void scroll_fit(struct scroll *s, size_t n, size_t page);
/* Go to a line. */
void scroll_to(struct scroll *s, size_t line);
/* Answer a request of movement; count: the number typed before it, 0 for none. False: not a
 * movement. */
bool scroll_request(struct scroll *s, enum request r, size_t count);
/* The wheel: move the page by n lines, and the cursor only as far as it must. */
void scroll_wheel(struct scroll *s, int n);

#endif
