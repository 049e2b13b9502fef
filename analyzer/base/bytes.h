/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A cursor over untrusted octets. Every read checks the length first; a read past the end returns 0
 * and sets the sticky flag `short_read`, so that a decoder may read a whole header and ask once.
 * Numbers are big-endian unless the name says `le`. The cursor borrows the octets; it never owns
 * them. */
#ifndef LASTACK_BASE_BYTES_H
#define LASTACK_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    const uint8_t *p; /* next octet; valid for `len` octets */
    size_t len;       /* octets left */
    bool short_read;  /* some read asked for more than was left */
};

static inline struct bytes bytes_of(const uint8_t *p, size_t len)
{
    return (struct bytes){.p = p, .len = len};
}

/* Pointer to the next n octets, which are consumed; NULL (and short_read) when fewer are left. */
static inline const uint8_t *bytes_take(struct bytes *b, size_t n)
{
    if (n > b->len) {
        b->short_read = true;
        b->len = 0;
        return NULL;
    }
    const uint8_t *p = b->p;
    b->p += n;
    b->len -= n;
    return p;
}

static inline void bytes_skip(struct bytes *b, size_t n)
{
    (void)bytes_take(b, n);
}

static inline uint8_t bytes_u8(struct bytes *b)
{
    const uint8_t *p = bytes_take(b, 1);
    return p ? p[0] : 0;
}

static inline uint16_t bytes_be16(struct bytes *b)
{
    const uint8_t *p = bytes_take(b, 2);
    return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

static inline uint32_t bytes_be32(struct bytes *b)
{
    const uint8_t *p = bytes_take(b, 4);
    return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

static inline uint32_t bytes_le32(struct bytes *b)
{
    const uint8_t *p = bytes_take(b, 4);
    return p ? (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0] : 0;
}

/* Cut the cursor to at most n octets (a length field that says where a header or datagram ends). */
static inline void bytes_limit(struct bytes *b, size_t n)
{
    if (n < b->len)
        b->len = n;
}

#endif
