/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Two records of one packet: mirror ports, `-i any`, a bridge and its port, both sides of a router,
 * inside and outside a tunnel (close-semantics 1.7 and 9.2). A duplicate is dropped from judgement
 * and counted; a retransmission is not one. */
#ifndef LASTACK_FLOW_DUPLICATE_H
#define LASTACK_FLOW_DUPLICATE_H

#include "flow/flow.h"

/* Whether s, of direction dir, repeats a record before it; remembers s otherwise. The latest record
 * is always compared; those before it once the flow turned out to be seen in two places: bursts
 * then pass one place before they come to the other. */
bool duplicate_record(struct flow *f, int dir, const struct segment *s);

#endif
