/* SPDX-License-Identifier: BSD-2-Clause
 *
 * TCP sequence arithmetic, modulo 2^32 (RFC 9293 3.4). Two numbers compare right as long as they
 * lie less than 2^31 apart, which every window guarantees. Never compare sequence numbers with <
 * and >. */
#ifndef LASTACK_BASE_SEQ_H
#define LASTACK_BASE_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/* Signed distance from b to a: positive when a comes after b. */
static inline int32_t seq_diff(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b);
}

static inline bool seq_lt(uint32_t a, uint32_t b)
{
    return seq_diff(a, b) < 0;
}

static inline bool seq_leq(uint32_t a, uint32_t b)
{
    return seq_diff(a, b) <= 0;
}

static inline bool seq_gt(uint32_t a, uint32_t b)
{
    return seq_diff(a, b) > 0;
}

static inline bool seq_geq(uint32_t a, uint32_t b)
{
    return seq_diff(a, b) >= 0;
}

static inline uint32_t seq_max(uint32_t a, uint32_t b)
{
    return seq_geq(a, b) ? a : b;
}

#endif
