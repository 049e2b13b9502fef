/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/addr.h"

#include "base/digits.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { V4_PREFIX = 12 }; /* octets before an IPv4 address: ::ffff: */

const char *addr_text(const struct addr *a, char text[static ADDR_TEXT])
{
    char *to = text;

    if (!addr_is_v4(a)) {
        inet_ntop(AF_INET6, a->octets, text, ADDR_TEXT);
        return text;
    }
    for (int i = V4_PREFIX; i < 16; i++) {
        to = digits_put(to, a->octets[i]);
        *to++ = '.';
    }
    to[-1] = '\0';
    return text;
}

const char *endpoint_text(const struct addr *a, uint16_t port, char text[static ENDPOINT_TEXT])
{
    bool v4 = addr_is_v4(a);
    char *to = text;

    if (!v4)
        *to++ = '[';
    to += strlen(addr_text(a, to));
    if (!v4)
        *to++ = ']';
    *to++ = ':';
    *digits_put(to, port) = '\0';
    return text;
}

bool addr_parse(const char *text, struct addr *a)
{
    uint8_t octets[16];

    if (inet_pton(AF_INET, text, octets) == 1)
        *a = addr_v4(octets);
    else if (inet_pton(AF_INET6, text, octets) == 1)
        *a = addr_v6(octets);
    else
        return false;
    return true;
}

bool addr_parse_prefix(const char *text, struct addr *prefix, unsigned *bits)
{
    char addr[ADDR_TEXT];
    size_t len = strcspn(text, "/");
    char *end = NULL;

    if (len >= sizeof addr)
        return false;
    memcpy(addr, text, len);
    addr[len] = 0;
    if (!addr_parse(addr, prefix))
        return false;
    unsigned most = addr_is_v4(prefix) ? 32 : 128;
    bool digits = text[len] && text[len + 1] >= '0' && text[len + 1] <= '9';
    unsigned long n = digits ? strtoul(text + len + 1, &end, 10) : most;
    if ((text[len] && !digits) || (digits && *end) || n > most)
        return false;
    *bits = (unsigned)n + (128 - most);
    return true;
}

bool addr_within(const struct addr *a, const struct addr *prefix, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;

    if (memcmp(a->octets, prefix->octets, whole) != 0)
        return false;
    return !rest || (a->octets[whole] ^ prefix->octets[whole]) >> (8 - rest) == 0;
}
