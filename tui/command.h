/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is asked for by name after ':', and requests that no view answers itself: texts about the
 * connection at hand, and files. */
#ifndef LASTACK_TUI_COMMAND_H
#define LASTACK_TUI_COMMAND_H

#include "tui/browser.h"

/* False: not one of these. */
bool command_request(struct browser *b, enum request r);
/* The display filter that was typed. False: it is wrong, and the prompt says where. */
bool command_filter(struct browser *b, const char *text);
/* A filter (or NULL) for what no connection has alone finds nothing: say where it is to be found.
 */
void command_hint(struct browser *b, const struct filter *f);
/* Run a line: the name of a request, perhaps with a word behind it. */
void command_run(struct browser *b, const char *line);

#endif
