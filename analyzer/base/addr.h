/* SPDX-License-Identifier: BSD-2-Clause
 *
 * An IP address. IPv4 is kept as the IPv4-mapped IPv6 address (::ffff:a.b.c.d, RFC 4291 2.5.5.2),
 * so that one type and one comparison serve both. */
#ifndef LASTACK_BASE_ADDR_H
#define LASTACK_BASE_ADDR_H

#include <stdbool.h>
#include <stdint.h>

struct addr {
    uint8_t octets[16]; /* network order */
};

enum { ADDR_TEXT = 46, ENDPOINT_TEXT = 56 }; /* octets that the texts below need, NUL included */

struct addr addr_v4(const uint8_t octets[4]);
struct addr addr_v6(const uint8_t octets[16]);
bool addr_is_v4(const struct addr *a);
/* Order for sorting: as the 16 octets compare. <0, 0, >0. */
int addr_compare(const struct addr *a, const struct addr *b);
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

#endif
