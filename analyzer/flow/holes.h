/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Missing octets of a direction: sent before something that was seen, not seen themselves. Either
 * lost before the tap (they come again), or missed by the tap (they get acknowledged all the same).
 */
#ifndef LASTACK_FLOW_HOLES_H
#define LASTACK_FLOW_HOLES_H

#include "flow/flow.h"

/* Octets [from, to) of direction dir were jumped over at time t. */
void holes_open(struct flow *f, int dir, uint32_t from, uint32_t to, int64_t t);
/* Whether any are missing: what follows need not be called otherwise. */
static inline bool holes_any(const struct flow *f, int dir)
{
    return f->extra && f->extra->n_holes[dir];
}

/* [from, to) was seen; returns how many octets of it were missing until now. */
uint32_t holes_fill(struct flow *f, int dir, uint32_t from, uint32_t to);
/* Everything below una is acknowledged; returns how many of these octets were never seen: the tap
 * missed them. */
uint32_t holes_acknowledge(struct flow *f, int dir, uint32_t una);
/* Whether octets below `seq` are missing. */
bool holes_below(const struct flow *f, int dir, uint32_t seq);
/* Count octets that the tap missed in direction dir. */
void gap_note(struct flow *f, int dir, uint32_t octets, const struct ref *at);

#endif
