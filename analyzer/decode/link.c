/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Numbers of link types: tcpdump.org/linktypes.html. To add one: a function that skips its header
 * and ends in ip_decode(), and a row in the table below. */
#include "decode/link.h"

#include "decode/ip.h"

enum ethertype {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_VLAN_OUTER = 0x88a8, /* 802.1ad */
    ETHERTYPE_VLAN_OLD = 0x9100,   /* before 802.1ad */
};

/* FNV-1a: tells copies of a packet on two links apart, nothing depends on its quality. */
static uint32_t hash(uint32_t h, const uint8_t *p, size_t n)
{
    for (size_t i = 0; p && i < n; i++)
        h = (h ^ p[i]) * 16777619u;
    return h ? h : 1;
}

static enum decode_kind take_ip(struct layer *y, int version)
{
    return version == 4 ? ipv4_decode(y) : ipv6_decode(y);
}

/* Any number of VLAN tags, then IP; other protocols are not ours. */
static enum decode_kind take_ethertype(struct layer *y, uint16_t type)
{
    struct path_key key = {0};

    while (type == ETHERTYPE_VLAN || type == ETHERTYPE_VLAN_OUTER || type == ETHERTYPE_VLAN_OLD) {
        uint16_t tag = bytes_be16(&y->in) & 0x0fff;

        type = bytes_be16(&y->in);
        y->wire -= y->wire < 4 ? y->wire : 4;
        if (y->in.short_read)
            return layer_note(y, NOTE_LINK_TRUNCATED);
        if (key.n < PATH_LAYERS)
            key.vlan[key.n++] = tag;
        y->via = hash(y->via, (const uint8_t *)&tag, sizeof tag);
    }
    y->path = path_number(&y->decoder->paths, &key);
    if (type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6)
        return take_ip(y, type == ETHERTYPE_IPV4 ? 4 : 6);
    return DECODE_NOTHING;
}

static enum decode_kind ethernet(struct layer *y)
{
    const uint8_t *addresses = bytes_take(&y->in, 12);
    uint16_t type = bytes_be16(&y->in);

    y->wire -= y->wire < 14 ? y->wire : 14;
    if (y->in.short_read)
        return layer_note(y, NOTE_LINK_TRUNCATED);
    y->via = hash(2166136261u, addresses, 12);
    return take_ethertype(y, type);
}

static enum decode_kind raw(struct layer *y)
{
    if (!y->in.len)
        return layer_note(y, NOTE_LINK_TRUNCATED);
    int version = y->in.p[0] >> 4;
    if (version != 4 && version != 6)
        return layer_note(y, NOTE_IP_MALFORMED);
    return take_ip(y, version);
}

/* The address families of BSD systems: 2 is IPv4 everywhere, IPv6 differs. */
static enum decode_kind take_family(struct layer *y, uint32_t family)
{
    switch (family) {
    case 2:
        return take_ip(y, 4);
    case 10: /* Linux */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
        return take_ip(y, 6);
    default:
        return DECODE_NOTHING;
    }
}

/* The family is in the byte order of the machine that captured: families are small numbers. */
static enum decode_kind null(struct layer *y)
{
    uint32_t family = bytes_le32(&y->in);

    y->wire -= y->wire < 4 ? y->wire : 4;
    if (y->in.short_read)
        return layer_note(y, NOTE_LINK_TRUNCATED);
    return take_family(y, family > 0xffff ? family >> 24 | (family >> 8 & 0xff00) : family);
}

static enum decode_kind loop(struct layer *y)
{
    uint32_t family = bytes_be32(&y->in);

    y->wire -= y->wire < 4 ? y->wire : 4;
    if (y->in.short_read)
        return layer_note(y, NOTE_LINK_TRUNCATED);
    return take_family(y, family);
}

/* Linux cooked v1: packet type, ARPHRD type, address length, address (8), protocol. */
static enum decode_kind cooked(struct layer *y)
{
    const uint8_t *head = bytes_take(&y->in, 14);
    uint16_t type = bytes_be16(&y->in);

    y->wire -= y->wire < 16 ? y->wire : 16;
    if (y->in.short_read)
        return layer_note(y, NOTE_LINK_TRUNCATED);
    y->via = hash(2166136261u, head, 14);
    return take_ethertype(y, type);
}

/* Linux cooked v2: protocol, reserved (2), interface index (4), ARPHRD type, packet type, address
 * length, address (8). */
static enum decode_kind cooked2(struct layer *y)
{
    uint16_t type = bytes_be16(&y->in);
    const uint8_t *rest = bytes_take(&y->in, 18);

    y->wire -= y->wire < 20 ? y->wire : 20;
    if (y->in.short_read)
        return layer_note(y, NOTE_LINK_TRUNCATED);
    y->via = hash(2166136261u, rest, 18);
    return take_ethertype(y, type);
}

static const struct {
    int link_type;
    enum decode_kind (*decode)(struct layer *y);
} links[] = {
    {1, ethernet},                         /* EN10MB */
    {113, cooked},                         /* LINUX_SLL */
    {276, cooked2},                        /* LINUX_SLL2 */
    {101, raw},                            /* RAW, and what some systems write instead of it: */
    {12, raw},      {14, raw}, {228, raw}, /* IPV4 */
    {229, raw},                            /* IPV6 */
    {0, null},                             /* NULL */
    {108, loop},                           /* LOOP */
};

enum decode_kind link_decode(struct layer *y)
{
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].link_type == y->packet->link_type)
            return links[i].decode(y);
    notes_add(&y->decoder->notes, NOTE_LINK_UNSUPPORTED, &y->packet->at, y->packet->link_type);
    return DECODE_NOTHING;
}
