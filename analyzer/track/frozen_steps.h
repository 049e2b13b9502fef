/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The steps of a connection, packed: each as what differs from what the steps before it let expect.
 * Used by frozen.c alone, which packs the rest of the connection against the last of them. */
#ifndef LASTACK_TRACK_FROZEN_STEPS_H
#define LASTACK_TRACK_FROZEN_STEPS_H

#include "track/connection.h"

/* What the next step of a direction is expected to say, and what its side knows after the last.
 * Times here and below are in units. */
struct expected {
    int64_t t, data_t; /* of the last one, and of the last one with payload */
    uint64_t bytes;
    uint32_t isn; /* first sequence number seen */
    uint32_t nxt;
    uint32_t ts_val;
    uint16_t window, ip_id;
    uint8_t ttl;
    bool any;
};

struct step_context {
    struct expected of[2];    /* by direction */
    struct expected other[2]; /* ... of steps that are counted in another incarnation */
    int64_t t;                /* of the step before */
    uint64_t packet;
    uint32_t file;
    int64_t unit;  /* 1 or 1000 ns */
    int64_t fault; /* not 0: something that was packed is no multiple of the unit */
};

static inline int64_t in_units(struct step_context *x, int64_t ns)
{
    if (x->unit == 1)
        return ns;
    int64_t us = ns / 1000; /* a division by a constant is a multiplication */
    x->fault |= ns - us * 1000;
    return us;
}

uint8_t *freeze_step(uint8_t *p, const struct step *s, struct step_context *x);
const uint8_t *thaw_step(const uint8_t *p, struct step *s, struct step_context *x);

#endif
