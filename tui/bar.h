/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The state bar: the life of one end of a connection as a line of cells, a letter and a colour for
 * each state. Both ends of a connection share an axis, so that their bars can be read one above the
 * other. */
#ifndef LASTACK_TUI_BAR_H
#define LASTACK_TUI_BAR_H

#include "report/model.h"
#include "tui/canvas.h"

enum { AXIS_POINTS = 64 };

struct axis {
    size_t n; /* moments at which a state of either end begins, oldest first */
    int64_t at[AXIS_POINTS];
    int x[AXIS_POINTS]; /* cells from the left end of the bar */
    int width;
};

/* An axis of its own for c: each stretch between two changes gets a cell, and of those left over
 * the more the longer it lasted, by the logarithm. So a handshake of microseconds and a TIME_WAIT
 * of a minute are both to be seen. */
struct axis axis_of_connection(const struct model_connection *c, int width);
/* A linear axis from one time to another. */
struct axis axis_of_capture(const struct model_connection *c, int width, int64_t from, int64_t to);
/* The bar of one end. What is likely but not proven is drawn dashed. */
void bar_draw(struct canvas *c, int x, int y, const struct axis *a, const struct model_endpoint *e);

#endif
