/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Overlays of data centres: a header with a virtual network's number, then a frame. */
#include "decode/tunnel.h"

#include "decode/ethertype.h"

enum { OVERLAY_HEADER = 8 };

/* Flags: only I, or I and G with a group policy (draft-smith-vxlan-group-policy). */
enum decode_kind vxlan_decode(struct layer *y)
{
    const uint8_t *h = layer_take(y, OVERLAY_HEADER);

    if (!h || h[7] != 0)
        return DECODE_NOTHING;
    bool plain = h[0] == 0x08 && !h[1] && !h[2] && !h[3];
    bool policy = h[0] == 0x88 && !(h[1] & ~0x48);
    if (!plain && !policy)
        return DECODE_NOTHING;
    if (!layer_enter(y, PATH_VXLAN, layer_be32(h + 4) >> 8))
        return DECODE_NOTHING;
    return ethernet_decode(y);
}

/* Flags: I and P, version 0, not an OAM packet. */
enum decode_kind vxlan_gpe_decode(struct layer *y)
{
    const uint8_t *h = layer_take(y, OVERLAY_HEADER);

    if (!h || (h[0] & ~0x02) != 0x0c || h[1] || h[2] || h[7])
        return DECODE_NOTHING;
    if (!layer_enter(y, PATH_VXLAN, layer_be32(h + 4) >> 8))
        return DECODE_NOTHING;
    switch (h[3]) {
    case 1:
        return ipv4_decode(y);
    case 2:
        return ipv6_decode(y);
    case 3:
        return ethernet_decode(y);
    case 5:
        return mpls_decode(y);
    default:
        return DECODE_NOTHING;
    }
}

/* Version 0, reserved bits 0; its options are skipped as a whole. */
enum decode_kind geneve_decode(struct layer *y)
{
    const uint8_t *h = layer_take(y, OVERLAY_HEADER);

    if (!h || h[0] & 0xc0 || h[1] & 0x3f || h[7])
        return DECODE_NOTHING;
    uint32_t options = (h[0] & 0x3fu) * 4;
    uint16_t type = layer_be16(h + 2);
    if (options > y->wire ||
        (type != ETHERTYPE_BRIDGED && type != ETHERTYPE_IPV4 && type != ETHERTYPE_IPV6))
        return DECODE_NOTHING;
    if (!layer_enter(y, PATH_GENEVE, layer_be32(h + 4) >> 8))
        return DECODE_NOTHING;
    layer_skip(y, options);
    if (y->in.short_read)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    return type == ETHERTYPE_BRIDGED ? ethernet_decode(y) : ethertype_decode(y, type);
}
