/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Two records of one packet: mirror ports, `-i any`, a bridge and its port, both sides of a router
 * (close-semantics 1.7 and 9.2). A duplicate is dropped from judgement and counted; a
 * retransmission is not one. */
#ifndef LASTACK_FLOW_DUPLICATE_H
#define LASTACK_FLOW_DUPLICATE_H

#include "flow/flow.h"

/* Whether s repeats the record before it in its direction; remembers s otherwise. */
bool duplicate_record(struct side *side, const struct segment *s);

#endif
