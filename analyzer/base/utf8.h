/* SPDX-License-Identifier: BSD-2-Clause
 *
 * UTF-8 that comes from outside. */
#ifndef LASTACK_BASE_UTF8_H
#define LASTACK_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Octets of the valid UTF-8 sequence at p (len octets are there) that may be printed, or 0:
 * controls (C1 ones too: terminals obey them), invalid octets, directional overrides and line
 * separators are not printed. *code is its code point. */
size_t utf8_printable(const char *p, size_t len, uint32_t *code);

#endif
