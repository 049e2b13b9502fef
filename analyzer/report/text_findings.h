/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The findings in the text report. */
#ifndef LASTACK_REPORT_TEXT_FINDINGS_H
#define LASTACK_REPORT_TEXT_FINDINGS_H

#include "report/writer.h"

/* The section: each finding once, worst first; of the infos, without -v, their numbers only. */
void text_findings(FILE *out, const struct model_summary *s, const struct write_options *o);

#endif
