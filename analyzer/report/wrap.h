/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Sentences broken into lines for a terminal of 80 columns. */
#ifndef LASTACK_REPORT_WRAP_H
#define LASTACK_REPORT_WRAP_H

#include <stdio.h>

enum { PAGE_WIDTH = 80 };

/* Print text, its lines indented by `indent` columns and broken at blanks before PAGE_WIDTH. The
 * first line starts after `label`, which takes the place of its indent (and more, when it is
 * longer). */
void wrap(FILE *out, const char *label, int indent, const char *text);

#endif
