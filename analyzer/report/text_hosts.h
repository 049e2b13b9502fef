/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Hosts and populations in the text report. */
#ifndef LASTACK_REPORT_TEXT_HOSTS_H
#define LASTACK_REPORT_TEXT_HOSTS_H

#include "report/writer.h"

/* Who leaves connections unclosed without being a leak, worst first, with example and
 * counterexample; nothing when nobody does. */
void text_hosts(FILE *out, const struct model_summary *s, bool verbose);
/* The answer to --what-if-time-wait; nothing when it was not asked. */
void text_what_if(FILE *out, const struct model_summary *s, bool verbose);
/* The largest populations as plots of characters. */
void text_populations(FILE *out, const struct model_summary *s, bool verbose);

#endif
