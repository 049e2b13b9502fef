/* SPDX-License-Identifier: BSD-2-Clause
 *
 * TCP flags as text. */
#ifndef LASTACK_REPORT_FLAGS_H
#define LASTACK_REPORT_FLAGS_H

#include <stdint.h>

enum { FLAGS_TEXT = 48 };

/* "FIN,ACK"; "none" without any. PSH and ECN bits are said too. Returns text. */
const char *flags_text(uint16_t flags, char text[static FLAGS_TEXT]);
/* The flags of such a text; words that are none count for nothing. */
uint16_t flags_parse(const char *text);
/* Without what says nothing about a close: PSH, URG and the ECN bits. */
const char *flags_short(uint16_t flags, char text[static FLAGS_TEXT]);

#endif
