/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Numbers in as few octets as they need, in groups: in front of a group stand two bits for each of
 * its numbers, the first one lowest, which say how wide it is. So neither side needs a branch for a
 * number. For what the program packs for itself; never for input, nothing here checks a length. */
#ifndef LASTACK_BASE_PACKING_H
#define LASTACK_BASE_PACKING_H

#include <stdint.h>

/* Octets behind the last number that may be read and written. */
enum { PACKING_SLACK = 8 };

/* A group lives in registers, or it would cost more than it saves. */
#define PACKING_INLINE inline __attribute__((always_inline))

/* One group on its way out. */
struct packing {
    uint8_t *p, *widths_at;
    uint32_t widths;
    unsigned bits; /* of widths, so far */
};

/* One group on its way in. */
struct unpacking {
    const uint8_t *p;
    uint32_t widths; /* of those that were not read yet */
};

/* --- octets, the lowest first ----------------------------------------------------------------- */

static PACKING_INLINE void store_32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
}

static PACKING_INLINE uint32_t load_32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static PACKING_INLINE void store_64(uint8_t *p, uint64_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
    p[4] = (uint8_t)(v >> 32);
    p[5] = (uint8_t)(v >> 40);
    p[6] = (uint8_t)(v >> 48);
    p[7] = (uint8_t)(v >> 56);
}

static PACKING_INLINE uint64_t load_64(const uint8_t *p)
{
    return p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

/* --- widths ----------------------------------------------------------------------------------- */

static const uint8_t packing_octets_32[4] = {0, 1, 2, 4}, packing_octets_64[4] = {1, 2, 4, 8},
                     packing_octets_span[4] = {0, 2, 3, 8};
static const uint32_t packing_mask_32[4] = {0, 0xff, 0xffff, 0xffffffff};
static const uint64_t packing_mask_64[4] = {0xff, 0xffff, 0xffffffff, UINT64_MAX},
                      packing_mask_span[4] = {0, 0xffff, 0xffffff, UINT64_MAX};
/* By how many bits a number has; by the octet in which its highest bit is. */
static const uint8_t packing_width_32[33] = {0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2,
                                             3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
static const uint8_t packing_width_64[8] = {0, 1, 2, 2, 3, 3, 3, 3};
static const uint8_t packing_width_span[8] = {1, 1, 2, 3, 3, 3, 3, 3};

/* The highest bit of a number that is not 0. */
static PACKING_INLINE unsigned packing_highest(uint64_t v)
{
    return 63u ^ (unsigned)__builtin_clzll(v);
}

/* --- packing ---------------------------------------------------------------------------------- */

/* A group whose widths take so many octets, 1 to 4, of which the lowest `bits` bits, an even
 * number, are the user's own: `head`. */
static PACKING_INLINE struct packing pack_begin(uint8_t *p, unsigned octets, uint32_t head,
                                                unsigned bits)
{
    return (struct packing){.p = p + octets, .widths_at = p, .widths = head, .bits = bits};
}

static PACKING_INLINE void pack_width(struct packing *k, unsigned width, unsigned octets)
{
    k->p += octets;
    k->widths |= width << k->bits;
    k->bits += 2;
}

/* 0, 1, 2 or 4 octets. */
static PACKING_INLINE void pack_32(struct packing *k, uint32_t v)
{
    unsigned width = packing_width_32[packing_highest((uint64_t)v << 1 | 1)];

    store_32(k->p, v);
    pack_width(k, width, packing_octets_32[width]);
}

/* 1, 2, 4 or 8 octets. */
static PACKING_INLINE void pack_64(struct packing *k, uint64_t v)
{
    unsigned width = packing_width_64[packing_highest(v | 1) >> 3];

    store_64(k->p, v);
    pack_width(k, width, packing_octets_64[width]);
}

/* Numbers of either sign that are mostly 0, or times of some milliseconds in microseconds: 0, 2, 3
 * or 8 octets. */
static PACKING_INLINE void pack_span(struct packing *k, int64_t v)
{
    uint64_t u = (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
    unsigned width = u ? packing_width_span[packing_highest(u) >> 3] : 0;

    store_64(k->p, u);
    pack_width(k, width, packing_octets_span[width]);
}

/* The signed distance from one number to another, which may wrap. */
static PACKING_INLINE void pack_distance(struct packing *k, uint32_t v, uint32_t from)
{
    uint32_t d = v - from;

    pack_32(k, d << 1 ^ (0 - (d >> 31)));
}

/* The end of the group. */
static PACKING_INLINE uint8_t *pack_end(const struct packing *k)
{
    for (unsigned octet = 0; octet * 8 < k->bits; octet++)
        k->widths_at[octet] = (uint8_t)(k->widths >> octet * 8);
    return k->p;
}

/* --- unpacking -------------------------------------------------------------------------------- */

static PACKING_INLINE struct unpacking unpack_begin(const uint8_t *p, unsigned octets,
                                                    unsigned bits)
{
    return (struct unpacking){.p = p + octets, .widths = load_32(p) >> bits};
}

static PACKING_INLINE uint32_t unpack_32(struct unpacking *u)
{
    unsigned width = u->widths & 3;
    uint32_t v = load_32(u->p) & packing_mask_32[width];

    u->p += packing_octets_32[width];
    u->widths >>= 2;
    return v;
}

static PACKING_INLINE uint64_t unpack_64(struct unpacking *u)
{
    unsigned width = u->widths & 3;
    uint64_t v = load_64(u->p) & packing_mask_64[width];

    u->p += packing_octets_64[width];
    u->widths >>= 2;
    return v;
}

static PACKING_INLINE int64_t unpack_span(struct unpacking *u)
{
    unsigned width = u->widths & 3;
    uint64_t v = load_64(u->p) & packing_mask_span[width];

    u->p += packing_octets_span[width];
    u->widths >>= 2;
    return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

static PACKING_INLINE uint32_t unpack_distance(struct unpacking *u, uint32_t from)
{
    uint32_t v = unpack_32(u);

    return from + (v >> 1 ^ (0 - (v & 1)));
}

#endif
