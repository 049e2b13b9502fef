/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Adds finished connections up into the summary of the report: closes by kind, findings by id and
 * in groups that name the same culprit, doubts about the capture. Only counters and one example a
 * group are kept. */
#ifndef LASTACK_REPORT_COLLECT_H
#define LASTACK_REPORT_COLLECT_H

#include "detect/across.h"
#include "report/model.h"

struct collector;

/* what_if: the lengths that are asked for, copied; n 0 for none. timeline: fill that of the
 * summary, too. */
struct collector *collector_new(const struct what_if *what_if, bool timeline);
void collector_free(struct collector *c);
/* Whether a finding of the connection will be the example of its group: then the texts of the
 * findings are read. */
bool collector_quotes(const struct collector *c, const struct model_connection *m);
/* Count a judged connection. */
void collector_add(struct collector *c, const struct model_connection *m);
/* Fill the counted parts of *out: connections, kinds, findings, groups, cross findings. They live
 * until the next call or the end of the collector. More may be added afterwards and finished again:
 * that is how a browser looks at what is known so far. */
void collector_finish(struct collector *c, const struct input *input,
                      const struct settings *settings, struct model_summary *out);

#endif
