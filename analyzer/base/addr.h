/* SPDX-License-Identifier: BSD-2-Clause
 *
 * An IP address. IPv4 is kept as the IPv4-mapped IPv6 address (::ffff:a.b.c.d, RFC 4291 2.5.5.2),
 * so that one type and one comparison serve both. */
#ifndef LASTACK_BASE_ADDR_H
#define LASTACK_BASE_ADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct addr {
    uint8_t octets[16]; /* network order */
};

enum { ADDR_TEXT = 46, ENDPOINT_TEXT = 56 }; /* octets that the texts below need, NUL included */

static inline struct addr addr_v4(const uint8_t octets[4]);
static inline struct addr addr_v6(const uint8_t octets[16]);
static inline bool addr_is_v4(const struct addr *a);
/* Order for sorting: as the 16 octets compare. <0, 0, >0. */
static inline int addr_compare(const struct addr *a, const struct addr *b);
/* "10.0.0.1" or "2001:db8::1" (RFC 5952). Returns text. */
const char *addr_text(const struct addr *a, char text[static ADDR_TEXT]);
/* "10.0.0.1:80" or "[2001:db8::1]:80". Returns text. */
const char *endpoint_text(const struct addr *a, uint16_t port, char text[static ENDPOINT_TEXT]);
/* The reverse of addr_text(); false when text is no address. */
bool addr_parse(const char *text, struct addr *a);
/* "10.0.0.0/8", "2001:db8::/32", or an address alone, which is a prefix of full length. *bits are
 * those of the 16 octets: an IPv4 prefix has 96 more than people write. False when text is none. */
bool addr_parse_prefix(const char *text, struct addr *prefix, unsigned *bits);
/* Whether the first `bits` bits (0 to 128) of a are those of prefix. */
bool addr_within(const struct addr *a, const struct addr *prefix, unsigned bits);

/* --- asked for every packet ------------------------------------------------------------------- */

static inline struct addr addr_v4(const uint8_t octets[4])
{
    return (struct addr){{[10] = 0xff, [11] = 0xff, octets[0], octets[1], octets[2], octets[3]}};
}

static inline struct addr addr_v6(const uint8_t octets[16])
{
    struct addr a;

    memcpy(a.octets, octets, sizeof a.octets);
    return a;
}

/* In words, as addr_v4() makes it: a load of all octets would wait for the end of two stores. */
static inline void addr_copy(struct addr *to, const struct addr *from)
{
    uint64_t first, second;

    memcpy(&first, from->octets, sizeof first);
    memcpy(&second, from->octets + 8, sizeof second);
    memcpy(to->octets, &first, sizeof first);
    memcpy(to->octets + 8, &second, sizeof second);
}

/* Eight octets as the number that they compare like. */
static inline uint64_t addr_word(const uint8_t *p)
{
    return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 |
           (uint64_t)p[3] << 32 | (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
           (uint64_t)p[6] << 8 | p[7];
}

static inline bool addr_is_v4(const struct addr *a)
{
    return addr_word(a->octets) == 0 && addr_word(a->octets + 8) >> 32 == 0xffff;
}

static inline int addr_compare(const struct addr *a, const struct addr *b)
{
    uint64_t x = addr_word(a->octets), y = addr_word(b->octets);

    if (x == y) {
        x = addr_word(a->octets + 8);
        y = addr_word(b->octets + 8);
    }
    return x < y ? -1 : x > y;
}

#endif
