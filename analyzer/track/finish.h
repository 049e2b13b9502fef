/* SPDX-License-Identifier: BSD-2-Clause
 *
 * When a connection is finished: used inside track/ alone, the calls for others are in tracker.h.
 */
#ifndef LASTACK_TRACK_FINISH_H
#define LASTACK_TRACK_FINISH_H

#include "track/tracker.h"

/* Ended, or never opened: silence can only confirm it. */
bool finish_is_over(const struct flow *f);
/* A record of the file has the time `now`: hand on what has been quiet long enough. */
void finish_due(struct tracker *t, uint32_t file, int64_t now);
/* Hand a connection on, now. */
void finish_now(struct tracker *t, struct flow_entry *e);

#endif
