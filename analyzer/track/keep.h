/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Which connections lie in memory as they are, and which packed (frozen.h). Those that had a packet
 * lately are whole; the others wait packed, whether they ended or are merely quiet, and are woken
 * by their next packet. Those that ended are packed soon, so that the live ones have the
 * processor's caches for themselves. What is packed when makes no difference to any result. */
#ifndef LASTACK_TRACK_KEEP_H
#define LASTACK_TRACK_KEEP_H

#include "track/tracker.h"

/* The newest incarnation of a five-tuple, or NULL; all its incarnations are whole afterwards. */
struct flow *keep_wake(struct tracker *t, const struct flow_lookup *l);
/* A flow was made. When its five-tuple has too many incarnations the oldest is handed on. */
void keep_new(struct tracker *t, struct flow *f);
/* f came into FLOW_OVER or left it. */
void keep_regroup(struct tracker *t, struct flow *f);
/* A whole flow leaves the table. */
void keep_leave(struct tracker *t, struct flow *f);
/* Pack what has been quiet the longest, when there are too many whole ones, and hand on what has,
 * when there are too many at all. Nobody may hold a flow
 * across the call. */
void keep_trim(struct tracker *t);
/* When it was last heard of, ns. */
int64_t keep_last_activity(const struct flow_entry *e);
/* Take an entry out of the table, whole. */
struct connection *keep_take_out(struct tracker *t, struct flow_entry *e);

#endif
