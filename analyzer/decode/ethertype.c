/* SPDX-License-Identifier: BSD-2-Clause
 *
 * To add an Ethernet type: a function and a row in the table below. */
#include "decode/ethertype.h"

#include "decode/ip.h"
#include "decode/ppp.h"

enum { LONGEST_802_3 = 1500 }; /* a "type" up to here is a length */

/* A tag of n octets that ends in the type of what follows. */
static enum decode_kind tag(struct layer *y, uint32_t n)
{
    const uint8_t *h = layer_take(y, n);

    return h ? ethertype_decode(y, layer_be16(h + n - 2)) : layer_cut(y, NOTE_LINK_TRUNCATED);
}

static enum decode_kind vlan(struct layer *y)
{
    if (y->in.len >= 2 && !layer_enter(y, PATH_VLAN, layer_be16(y->in.p) & 0x0fff))
        return DECODE_NOTHING;
    return tag(y, 4);
}

/* Cisco's tag between a switch and an interface, before 802.1BR. */
static enum decode_kind vntag(struct layer *y)
{
    return layer_enter(y, PATH_VNTAG, 0) ? tag(y, 6) : DECODE_NOTHING;
}

/* Priority, I-SID, then the customer's frame. */
static enum decode_kind backbone(struct layer *y)
{
    const uint8_t *h = layer_take(y, 4);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    if (!layer_enter(y, PATH_PBB, layer_be32(h) & 0xffffff))
        return DECODE_NOTHING;
    return ethernet_decode(y);
}

/* Whoever calls back must have entered a layer: this is what bounds the depth. */
static const struct {
    uint16_t type;
    layer_decode *decode;
} types[] = {
    {ETHERTYPE_VLAN, vlan},
    {ETHERTYPE_VLAN_OUTER, vlan},
    {ETHERTYPE_VLAN_OLD, vlan},
    {ETHERTYPE_MPLS, mpls_decode},
    {ETHERTYPE_MPLS_MULTICAST, mpls_decode},
    {ETHERTYPE_PPPOE, pppoe_decode},
    {ETHERTYPE_PBB, backbone},
    {ETHERTYPE_VNTAG, vntag},
};

enum decode_kind ethertype_decode(struct layer *y, uint16_t type)
{
    if (type == ETHERTYPE_IPV4)
        return ipv4_decode(y);
    if (type == ETHERTYPE_IPV6)
        return ipv6_decode(y);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].type == type)
            return types[i].decode(y);
    return DECODE_NOTHING;
}

enum decode_kind ethernet_decode(struct layer *y)
{
    const uint8_t *h = layer_take(y, 14);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    layer_via(y, h, 12);
    uint16_t type = layer_be16(h + 12);
    if (type > LONGEST_802_3)
        return ethertype_decode(y, type);
    layer_limit(y, type);
    return llc_decode(y);
}

enum decode_kind llc_decode(struct layer *y)
{
    const uint8_t *h = layer_take(y, 3);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    if (h[0] == 0x06 && h[1] == 0x06 && h[2] == 0x03) /* IP's own service access point */
        return ip_decode(y);
    if (h[0] != 0xaa || h[1] != 0xaa || h[2] != 0x03)
        return DECODE_NOTHING;
    return snap_decode(y);
}

enum decode_kind snap_decode(struct layer *y)
{
    const uint8_t *h = layer_take(y, 5);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    bool ours = !h[0] && !h[1] && (!h[2] || h[2] == 0xf8); /* RFC 1042, 802.1H */
    return ours ? ethertype_decode(y, layer_be16(h + 3)) : DECODE_NOTHING;
}

enum decode_kind ip_decode(struct layer *y)
{
    if (!y->in.len)
        return layer_cut(y, NOTE_IP_TRUNCATED);
    switch (y->in.p[0] >> 4) {
    case 4:
        return ipv4_decode(y);
    case 6:
        return ipv6_decode(y);
    default:
        return layer_note(y, NOTE_IP_MALFORMED);
    }
}

bool ethernet_plausible(const struct bytes *in, size_t at)
{
    for (at += 12; at + 3 <= in->len; at += 4) {
        const uint8_t *p = in->p + at;

        switch (layer_be16(p)) {
        case ETHERTYPE_IPV4:
            return p[2] >> 4 == 4 && (p[2] & 0x0f) >= 5;
        case ETHERTYPE_IPV6:
            return p[2] >> 4 == 6;
        case ETHERTYPE_VLAN:
        case ETHERTYPE_VLAN_OUTER:
        case ETHERTYPE_VLAN_OLD:
            break; /* what is behind the tag decides */
        default:
            return false;
        }
    }
    return false;
}
