/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Numbers in as few octets as they need: seven bits an octet, the lowest first, the high bit says
 * that more come. For what the program packs for itself; never for input, nothing here checks a
 * length. */
#ifndef LASTACK_BASE_VARINT_H
#define LASTACK_BASE_VARINT_H

#include <stdint.h>
#include <string.h>

enum { VARINT_MAX = 10 }; /* octets of the longest */

static inline uint8_t *varint_put(uint8_t *p, uint64_t v)
{
    while (v >= 0x80) {
        *p++ = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    *p++ = (uint8_t)v;
    return p;
}

static inline uint64_t varint_get(const uint8_t **p)
{
    uint64_t v = *(*p)++;

    if (v < 0x80)
        return v;
    v &= 0x7f;
    for (unsigned shift = 7;; shift += 7) {
        uint64_t octet = *(*p)++;

        v |= (octet & 0x7f) << shift;
        if (octet < 0x80)
            return v;
    }
}

/* Small differences of either sign. */
static inline uint8_t *varint_put_signed(uint8_t *p, int64_t v)
{
    return varint_put(p, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

static inline int64_t varint_get_signed(const uint8_t **p)
{
    uint64_t v = varint_get(p);

    return (int64_t)(v >> 1 ^ (~(v & 1) + 1));
}

/* The signed distance from one 32-bit number to another, which may wrap. */
static inline uint8_t *varint_put_distance(uint8_t *p, uint32_t v, uint32_t from)
{
    return varint_put_signed(p, (int32_t)(v - from));
}

static inline uint32_t varint_get_distance(const uint8_t **p, uint32_t from)
{
    return from + (uint32_t)varint_get_signed(p);
}

#endif
