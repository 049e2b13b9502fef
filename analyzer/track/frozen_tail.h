/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the previous incarnation left behind, packed as what differs from the connection that has
 * it. Used by frozen.c alone. */
#ifndef LASTACK_TRACK_FROZEN_TAIL_H
#define LASTACK_TRACK_FROZEN_TAIL_H

#include "flow/flow.h"
#include "track/tail.h"

/* Whether all times are multiples of the unit, ns. */
bool tail_fits(const struct tail *t, int64_t unit);
/* f: the flow that follows t; the same one for both. */
uint8_t *freeze_tail(uint8_t *p, const struct tail *t, const struct flow *f, int64_t unit);
const uint8_t *thaw_tail(const uint8_t *p, struct tail *t, const struct flow *f, int64_t unit);

#endif
