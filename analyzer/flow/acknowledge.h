/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the ACK field of a segment says about the other direction: octets delivered, a FIN
 * acknowledged, octets or a FIN that the tap missed, or nonsense (close-semantics 1.2, 1.6, 9.3).
 */
#ifndef LASTACK_FLOW_ACKNOWLEDGE_H
#define LASTACK_FLOW_ACKNOWLEDGE_H

#include "flow/observe.h"

/* Take the ACK field of s, sent in direction dir, into account; returns seen bits. */
uint32_t acknowledge(struct flow *f, int dir, const struct segment *s);
/* `peer` of f goes on behind an octet that was acknowledged but not seen: a FIN that the tap
 * missed. */
void missed_fin_confirm(struct side *peer);

#endif
