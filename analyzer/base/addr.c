/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { V4_PREFIX = 12 }; /* octets before an IPv4 address: ::ffff: */

const char *addr_text(const struct addr *a, char text[static ADDR_TEXT])
{
    if (addr_is_v4(a))
        inet_ntop(AF_INET, a->octets + V4_PREFIX, text, ADDR_TEXT);
    else
        inet_ntop(AF_INET6, a->octets, text, ADDR_TEXT);
    return text;
}

const char *endpoint_text(const struct addr *a, uint16_t port, char text[static ENDPOINT_TEXT])
{
    char host[ADDR_TEXT];

    snprintf(text, ENDPOINT_TEXT, addr_is_v4(a) ? "%s:%u" : "[%s]:%u", addr_text(a, host), port);
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
