/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The parts of a replay that need no machine: used by replay.c alone. */
#ifndef LASTACK_TRACK_LIFE_H
#define LASTACK_TRACK_LIFE_H

#include "flow/observe.h"
#include "track/replay.h"

/* Fill rtt, rto, ack_wait and rst_race from the flow's round trip (close-semantics 0.4). */
void life_set_thresholds(struct life *l);
/* Put a segment that acknowledges what comes up to 5 ms later behind it: two interfaces are seldom
 * in order. */
void life_put_in_order(struct life *l);
enum handshake life_handshake(const struct life *l);

/* Put a transition on the path if the state table has one. step -1: a timer or silence. cause NULL:
 * the event's name. */
void machine_apply(struct machine *m, enum tcp_event event, int step, int64_t t, bool proven,
                   const char *cause);

/* Whether the step has an ACK field to be believed (a RST's is not, close-semantics 1.2). */
static inline bool step_acknowledges(const struct step *s)
{
    return s->kind == STEP_SEGMENT && (s->flags & TCP_ACK) && !(s->flags & TCP_RST) &&
           !(s->seen & SEEN_ACK_INVALID);
}

#endif
