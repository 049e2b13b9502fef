/* SPDX-License-Identifier: BSD-2-Clause
 *
 * JSON for reading. */
#ifndef LASTACK_TUI_JSON_TEXT_H
#define LASTACK_TUI_JSON_TEXT_H

#include "base/strbuf.h"

/* Break one line of JSON into lines, indented; small objects and arrays stay on theirs. */
void json_indent(const char *json, struct strbuf *out);

#endif
