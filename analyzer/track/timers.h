/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What an endpoint does in silence: nothing on the wire says so, so none of these transitions is
 * ever proven. */
#ifndef LASTACK_TRACK_TIMERS_H
#define LASTACK_TRACK_TIMERS_H

#include "track/replay.h"

/* Transitions of direction dir's endpoint after its last segment, up to l->eoc. */
void timers_run(struct life *l, int dir);

/* When the TIME_WAIT that `entered` began counts from: the holder's ACK of the FIN, and again with
 * the segments that restart it (RFC 9293 3.10.7.4: a copy of the FIN; Linux: every one).
 * *n_restarts, unless NULL: how often. */
int64_t timers_time_wait_start(const struct life *l, int dir, const struct transition *entered,
                               unsigned *n_restarts);

#endif
