/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Words that people type: names of states, kinds, fields. */
#ifndef LASTACK_BASE_WORD_H
#define LASTACK_BASE_WORD_H

#include <stdbool.h>
#include <stddef.h>

/* Equal but for case and the separators '-' and '_', which may also be missing: FIN_WAIT_1,
 * fin-wait-1, FIN_WAIT1. */
bool word_same(const char *a, const char *b);
/* Whether text holds part, in any case. */
bool word_contains(const char *text, const char *part);
/* How many letters have to be changed, added or taken away to make b of a; at most `limit`, which
 * also stands for everything above it. */
unsigned word_distance(const char *a, const char *b, unsigned limit);

#endif
