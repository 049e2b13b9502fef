/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What stands around every view: the top line, the conditions of the list, messages and progress,
 * the bar of keys. */
#ifndef LASTACK_TUI_FRAME_H
#define LASTACK_TUI_FRAME_H

#include "tui/browser.h"
#include "tui/view.h"

/* The name of the capture from column x of the top line on, at most so many columns; returns the
 * column behind it. */
int frame_name(const struct tui_options *o, struct canvas *c, int x, int room);
void frame_draw(const struct browser *b, const struct view *v, struct canvas *c);
/* The request whose hint stands at column x of the bar of keys, or REQUEST_NONE. */
enum request frame_hint_at(const struct browser *b, const struct view *v, int x);

#endif
