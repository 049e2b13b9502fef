/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/ppp.h"

#include "decode/ethertype.h"
#include "decode/ip.h"

enum ppp_protocol {
    PPP_IPV4 = 0x0021,
    PPP_IPV6 = 0x0057,
    PPP_MPLS = 0x0281,
    PPP_MPLS_MULTICAST = 0x0283,
};

enum decode_kind ppp_decode(struct layer *y)
{
    if (y->in.len >= 2 && y->in.p[0] == 0xff && y->in.p[1] == 0x03)
        layer_skip(y, 2);
    /* an odd first octet is the whole number: protocol field compression */
    uint32_t n = y->in.len && (y->in.p[0] & 1) ? 1 : 2;
    const uint8_t *h = layer_take(y, n);
    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    switch (n == 1 ? h[0] : layer_be16(h)) {
    case PPP_IPV4:
        return ipv4_decode(y);
    case PPP_IPV6:
        return ipv6_decode(y);
    case PPP_MPLS:
    case PPP_MPLS_MULTICAST:
        return mpls_decode(y);
    default:
        return DECODE_NOTHING;
    }
}

enum decode_kind pppoe_decode(struct layer *y)
{
    const uint8_t *h = layer_take(y, 6);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    if (h[0] != 0x11 || h[1] != 0) /* version 1, type 1; session data */
        return layer_note(y, NOTE_TUNNEL_MALFORMED);
    if (!layer_enter(y, PATH_PPPOE, layer_be16(h + 2)))
        return DECODE_NOTHING;
    layer_limit(y, layer_be16(h + 4));
    return ppp_decode(y);
}
