/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Serial lines: PPP in HDLC framing, Cisco HDLC, Frame Relay. */
#include "decode/link.h"

#include "decode/ethertype.h"
#include "decode/ip.h"
#include "decode/ppp.h"

enum nlpid { NLPID_SNAP = 0x80, NLPID_IPV6 = 0x8e, NLPID_IPV4 = 0xcc }; /* ISO/IEC TR 9577 */

/* Address (0x0f or 0x8f), control, Ethernet type. */
enum decode_kind link_cisco_hdlc(struct layer *y)
{
    const uint8_t *h = layer_take(y, 4);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    return ethertype_decode(y, layer_be16(h + 2));
}

enum decode_kind link_serial(struct layer *y)
{
    bool cisco = y->in.len && (y->in.p[0] == 0x0f || y->in.p[0] == 0x8f);

    return cisco ? link_cisco_hdlc(y) : ppp_decode(y);
}

/* An octet for the direction stands before the frame, or in place of its address. */
enum decode_kind link_ppp_direction(struct layer *y)
{
    const uint8_t *h = layer_take(y, 1);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    if (y->in.len && y->in.p[0] == 0x03)
        layer_skip(y, 1);
    return ppp_decode(y);
}

/* The address: the last octet is odd; its number has the upper six bits of the first octet, the
 * upper four of the second and what follows (Q.922 3.3). */
static bool frame_relay_address(struct layer *y)
{
    uint32_t dlci = 0;

    for (int n = 0; n < 4; n++) {
        const uint8_t *h = layer_take(y, 1);

        if (!h)
            return false;
        dlci = n == 0   ? h[0] >> 2
               : n == 1 ? dlci << 4 | h[0] >> 4
               : n == 2 ? dlci << 7 | h[0] >> 1
                        : dlci << 6 | h[0] >> 2;
        if (h[0] & 1)
            return n > 0 && layer_enter(y, PATH_DLCI, dlci);
    }
    return false;
}

/* RFC 2427: control (unnumbered information), padding, network layer protocol. */
enum decode_kind link_frame_relay(struct layer *y)
{
    if (!frame_relay_address(y))
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    const uint8_t *h = layer_take(y, 2);
    if (h && h[0] == 0x03 && h[1] == 0)
        h = layer_take(y, 1) ? h + 1 : NULL;
    else if (h && h[0] != 0x03) /* Cisco's own encapsulation: an Ethernet type */
        return ethertype_decode(y, layer_be16(h));
    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    switch (h[1]) {
    case NLPID_IPV4:
        return ipv4_decode(y);
    case NLPID_IPV6:
        return ipv6_decode(y);
    case NLPID_SNAP:
        return snap_decode(y);
    default:
        return DECODE_NOTHING;
    }
}
