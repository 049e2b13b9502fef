/* SPDX-License-Identifier: BSD-2-Clause
 *
 * --explain: the catalog of findings as a manual. */
#ifndef LASTACK_REPORT_EXPLAIN_H
#define LASTACK_REPORT_EXPLAIN_H

#include "detect/finding.h"

#include <stdio.h>

/* One line for each finding. */
void explain_all(FILE *out);
/* Everything about one. */
void explain(FILE *out, enum finding_id id);

#endif
