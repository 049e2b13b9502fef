/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Which incarnation of its five-tuple a segment belongs to (close-semantics 3, first paragraph,
 * and 9.4). A SYN with another initial sequence number starts a candidate; the SYN-ACK that
 * acknowledges it makes it current; until then, and after it, segments with the numbers of the old
 * incarnation belong to the old one. */
#ifndef LASTACK_FLOW_INCARNATION_H
#define LASTACK_FLOW_INCARNATION_H

#include "flow/table.h"

/* The flow of s, whose five-tuple is l; a new one when it is the first of an incarnation. newest:
 * what flow_find() says, none of its incarnations packed. *passed_over: the newest flow,
 * when this segment went to an older one and belongs to its story too: a candidate that was not
 * accepted yet (or was FLOW_DROPPED by this segment), or data of the old incarnation that arrives
 * in the new one; else NULL. */
struct flow *incarnation_of(struct flow_table *t, const struct flow_lookup *l, struct flow *newest,
                            const struct segment *s, struct flow **passed_over);

#endif
