/* SPDX-License-Identifier: BSD-2-Clause
 *
 * --explain: the catalog of findings as a manual. */
#ifndef LASTACK_REPORT_EXPLAIN_H
#define LASTACK_REPORT_EXPLAIN_H

#include "detect/finding.h"

#include <stdbool.h>
#include <stdio.h>

/* One line for each finding. */
void explain_all(FILE *out);
/* Everything about one: a finding's id or rule, or "time-wait": the profiles of --time-wait, and
 * what the settings of systems are in its terms. False, and nothing printed, when it is neither. */
bool explain(FILE *out, const char *what);

#endif
