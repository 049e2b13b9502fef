/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One connection seen before and after an address translation (NAT, a load balancer) in the same
 * capture: two five-tuples, but a SYN-ACK with the same two numbers in both, at the same time. A
 * translator that changes the numbers, too, is not recognised.
 *
 * One of the two is called the copy: the one whose client, or else whose server, is not the true
 * one, for no host keeps a state for those addresses. */
#ifndef LASTACK_FLOW_TRANSLATION_H
#define LASTACK_FLOW_TRANSLATION_H

#include "decode/segment.h"

struct synacks;

struct translations {
    struct synacks *recent; /* SYN-ACKs seen lately, by their numbers; NULL before the first */
};

/* Take a SYN-ACK into account. True when it is that of another five-tuple, too: *copy is set to the
 * SYN-ACK whose connection is the copy: its five-tuple, numbers, flags, time and file. */
bool translation_seen(struct translations *t, const struct segment *s, struct segment *copy);
void translations_done(struct translations *t);

#endif
