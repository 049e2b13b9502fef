/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/tunnel.h"

#include "decode/ethertype.h"
#include "decode/ppp.h"

enum gre_flag {
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000, /* RFC 1701 only */
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_ACK = 0x0080, /* of PPTP */
    GRE_VERSION = 0x0007,
};

enum gre_type {
    GRE_ERSPAN = 0x88be, /* types I and II */
    GRE_ERSPAN_3 = 0x22eb,
    GRE_WCCP = 0x883e,
};

enum { NVGRE_FIRST = 0x1000 }; /* RFC 7637 3.2: lower VSIDs are reserved, so they are plain keys */

/* Session number: the low ten bits of the second word's upper half, in types II and III alike. */
static bool enter_session(struct layer *y, const uint8_t *h)
{
    return layer_enter(y, PATH_ERSPAN_ID, layer_be16(h + 2) & 0x03ff);
}

/* Type I has no header of its own, and no sequence number. */
static enum decode_kind erspan(struct layer *y, uint16_t flags)
{
    const uint8_t *h;

    if (!(flags & GRE_SEQUENCE))
        return layer_enter(y, PATH_ERSPAN, 0) ? ethernet_decode(y) : DECODE_NOTHING;
    h = layer_take(y, 8);
    if (!h)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    if (h[0] >> 4 != 1)
        return layer_note(y, NOTE_TUNNEL_MALFORMED);
    return enter_session(y, h) ? ethernet_decode(y) : DECODE_NOTHING;
}

static enum decode_kind erspan3(struct layer *y)
{
    enum { PLATFORM_HEADER = 0x01, FRAME_TYPE = 0x7c, IP_FRAME = 0x08 }; /* in the last octet(s) */
    const uint8_t *h = layer_take(y, 12);

    if (!h)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    if (h[0] >> 4 != 2)
        return layer_note(y, NOTE_TUNNEL_MALFORMED);
    if (h[11] & PLATFORM_HEADER)
        layer_skip(y, 8);
    if (y->in.short_read)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    if (!enter_session(y, h))
        return DECODE_NOTHING;
    return (h[10] & FRAME_TYPE) == IP_FRAME ? ip_decode(y) : ethernet_decode(y);
}

/* The key is a tenant's number in NVGRE, with eight bits that tell its flows apart. */
static bool enter(struct layer *y, uint16_t flags, uint16_t type, uint32_t key)
{
    bool nvgre = type == ETHERTYPE_BRIDGED && (flags & ~GRE_VERSION) == GRE_KEY;

    if (type == GRE_ERSPAN || type == GRE_ERSPAN_3)
        return true; /* their sessions say more */
    if (nvgre && key >> 8 >= NVGRE_FIRST)
        return layer_enter(y, PATH_NVGRE, key >> 8);
    return flags & GRE_KEY ? layer_enter(y, PATH_GRE_KEY, key) : layer_enter(y, PATH_GRE, 0);
}

static enum decode_kind payload(struct layer *y, uint16_t flags, uint16_t type)
{
    switch (type) {
    case GRE_ERSPAN:
        return erspan(y, flags);
    case GRE_ERSPAN_3:
        return erspan3(y);
    case GRE_WCCP: /* version 2 has a header of four octets, version 1 has none */
        if (y->in.len && y->in.p[0] >> 4 != 4)
            layer_skip(y, 4);
        return ipv4_decode(y);
    case ETHERTYPE_BRIDGED:
        return ethernet_decode(y);
    default:
        return ethertype_decode(y, type);
    }
}

/* PPTP: the key is a length and a call's number. */
static enum decode_kind pptp(struct layer *y, uint16_t flags)
{
    uint32_t more = (flags & GRE_SEQUENCE ? 4u : 0) + (flags & GRE_ACK ? 4u : 0);
    const uint8_t *h = layer_take(y, 4);

    if (!h)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    if (!(flags & GRE_SEQUENCE))
        return DECODE_NOTHING; /* an acknowledgement without payload */
    layer_skip(y, more);
    if (y->in.short_read)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    if (!layer_enter(y, PATH_PPTP, layer_be16(h + 2)))
        return DECODE_NOTHING;
    layer_limit(y, layer_be16(h));
    return ppp_decode(y);
}

enum decode_kind gre_decode(struct layer *y, const struct datagram *d)
{
    const uint8_t *h = layer_take(y, 4);
    uint32_t key = 0;

    (void)d;
    if (!h)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    uint16_t flags = layer_be16(h), type = layer_be16(h + 2);
    if ((flags & GRE_VERSION) == 1 && type == ETHERTYPE_PPP && (flags & GRE_KEY))
        return pptp(y, flags);
    if ((flags & GRE_VERSION) != 0 || (flags & GRE_ROUTING)) /* no system sends source routes */
        return layer_note(y, NOTE_TUNNEL_MALFORMED);
    layer_skip(y, flags & GRE_CHECKSUM ? 4 : 0);
    h = layer_take(y, flags & GRE_KEY ? 4 : 0);
    if (h && (flags & GRE_KEY))
        key = layer_be32(h);
    layer_skip(y, flags & GRE_SEQUENCE ? 4 : 0);
    if (y->in.short_read)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    return enter(y, flags, type, key) ? payload(y, flags, type) : DECODE_NOTHING;
}
