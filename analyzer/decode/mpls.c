/* SPDX-License-Identifier: BSD-2-Clause
 *
 * MPLS (RFC 3032). The labels don't say what they carry: the first nibble does (RFC 4928). */
#include "decode/ethertype.h"
#include "decode/ip.h"

enum label {
    EXPLICIT_NULL_IPV4 = 0,
    EXPLICIT_NULL_IPV6 = 2,
    CONTROL_WORD = 4, /* octets before the frame of a pseudowire (RFC 4385), the first nibble 0 */
};

/* IP, or an Ethernet pseudowire (RFC 4448) with or without its control word. */
static enum decode_kind below_the_labels(struct layer *y)
{
    if (!y->in.len)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    uint8_t nibble = y->in.p[0] >> 4;
    if (nibble == 0 && ethernet_plausible(&y->in, CONTROL_WORD)) {
        layer_skip(y, CONTROL_WORD);
        return ethernet_decode(y);
    }
    if (ethernet_plausible(&y->in, 0))
        return ethernet_decode(y);
    return nibble == 4 || nibble == 6 ? ip_decode(y) : DECODE_NOTHING;
}

enum decode_kind mpls_decode(struct layer *y)
{
    for (;;) {
        const uint8_t *h = layer_take(y, 4);

        if (!h)
            return layer_cut(y, NOTE_LINK_TRUNCATED);
        uint32_t label = layer_be32(h) >> 12;
        if (!layer_enter(y, PATH_MPLS, label))
            return DECODE_NOTHING;
        if (!(h[2] & 1)) /* not the bottom of the stack */
            continue;
        if (label == EXPLICIT_NULL_IPV4)
            return ipv4_decode(y);
        if (label == EXPLICIT_NULL_IPV6)
            return ipv6_decode(y);
        y->guessed = true;
        return below_the_labels(y);
    }
}
