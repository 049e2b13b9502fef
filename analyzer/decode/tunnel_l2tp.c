/* SPDX-License-Identifier: BSD-2-Clause
 *
 * L2TP: version 2 carries PPP over UDP (RFC 2661); version 3 carries frames over IP or UDP, after a
 * cookie and a sublayer whose lengths only the two ends know (RFC 3931 4.1). */
#include "decode/tunnel.h"

#include "decode/ethertype.h"
#include "decode/ppp.h"

enum l2tp_flag {
    L2TP_CONTROL = 0x8000,
    L2TP_LENGTH = 0x4000,
    L2TP_SEQUENCE = 0x0800,
    L2TP_OFFSET = 0x0200,
    L2TP_PRIORITY = 0x0100,
    L2TP_VERSION = 0x000f,
};

/* Cookies have 0, 4 or 8 octets, the sublayer 0 or 4: the first place where a frame with IP can be.
 */
static enum decode_kind frame_behind_cookie(struct layer *y, uint32_t session)
{
    if (!layer_enter(y, PATH_L2TP, session))
        return DECODE_NOTHING;
    y->guessed = true;
    for (uint32_t n = 0; n <= 12; n += 4) {
        if (!ethernet_plausible(&y->in, n))
            continue;
        layer_skip(y, n);
        return ethernet_decode(y);
    }
    return DECODE_NOTHING;
}

enum decode_kind l2tp_ip_decode(struct layer *y, const struct datagram *d)
{
    const uint8_t *h = layer_take(y, 4);

    (void)d;
    if (!h)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    uint32_t session = layer_be32(h);
    return session ? frame_behind_cookie(y, session) : DECODE_NOTHING; /* 0: control */
}

static enum decode_kind version2(struct layer *y, uint16_t flags)
{
    uint32_t octets = y->wire + 2; /* with the flags */
    const uint8_t *h = flags & L2TP_LENGTH ? layer_take(y, 2) : NULL;

    if ((flags & L2TP_LENGTH) && (!h || layer_be16(h) != (uint16_t)octets))
        return DECODE_NOTHING;
    h = layer_take(y, 4); /* tunnel, session */
    layer_skip(y, flags & L2TP_SEQUENCE ? 4 : 0);
    const uint8_t *offset = layer_take(y, flags & L2TP_OFFSET ? 2 : 0);
    if (offset && (flags & L2TP_OFFSET))
        layer_skip(y, layer_be16(offset));
    if (!h || y->in.short_read || !layer_enter(y, PATH_L2TP, layer_be16(h + 2)))
        return DECODE_NOTHING;
    return ppp_decode(y);
}

enum decode_kind l2tp_udp_decode(struct layer *y)
{
    const uint16_t known = L2TP_LENGTH | L2TP_SEQUENCE | L2TP_OFFSET | L2TP_PRIORITY | L2TP_VERSION;
    const uint8_t *h = layer_take(y, 2);

    if (!h || (layer_be16(h) & ~known)) /* control messages carry no packets */
        return DECODE_NOTHING;
    uint16_t flags = layer_be16(h);
    if ((flags & L2TP_VERSION) == 2)
        return version2(y, flags);
    if (flags != 3)
        return DECODE_NOTHING;
    h = layer_take(y, 6); /* reserved, session */
    return h && !layer_be16(h) ? frame_behind_cookie(y, layer_be32(h + 2)) : DECODE_NOTHING;
}
