/* SPDX-License-Identifier: BSD-2-Clause
 *
 * IEEE 802.11 data frames, plain or after what the receiver's radio reports. */
#include "decode/link.h"

#include "decode/ethertype.h"

enum frame_control {
    FC_VERSION_TYPE = 0x0f,
    FC_DATA = 0x08,
    FC_NO_DATA = 0x40, /* subtypes without a body */
    FC_QOS = 0x80,
    /* of the second octet */
    FC_TO_DS = 0x01,
    FC_FROM_DS = 0x02,
    FC_MORE_FRAGMENTS = 0x04,
    FC_PROTECTED = 0x40,
    FC_ORDER = 0x80, /* in a QoS frame: HT control is there */
};

enum {
    QOS_AMSDU = 0x80,
    AMSDU_SUBFRAME = 14, /* addresses, length */
    FCS = 4,             /* may stand at the end */
    RADIOTAP_TSFT = 0x01,
    RADIOTAP_FLAGS = 0x02,
    RADIOTAP_MORE = 0x80, /* of the last octet of a word of the bitmap */
    FLAG_PADDED = 0x20,   /* the body begins at a multiple of four octets */
    FLAG_BAD_FCS = 0x40,
};

static bool starts_with_snap(const struct bytes *in)
{
    return in->len >= 3 && in->p[0] == 0xaa && in->p[1] == 0xaa && in->p[2] == 0x03;
}

/* Several frames for one receiver; the first is decoded. */
static enum decode_kind aggregate(struct layer *y)
{
    const uint8_t *h = layer_take(y, AMSDU_SUBFRAME);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    uint32_t len = layer_be16(h + 12), padded = (AMSDU_SUBFRAME + len + 3) & ~3u;
    if (padded - AMSDU_SUBFRAME + FCS < y->wire)
        layer_note(y, NOTE_WLAN_AGGREGATE);
    layer_limit(y, len);
    return llc_decode(y);
}

static enum decode_kind frame(struct layer *y, bool padded)
{
    if (y->in.len < 2)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    uint8_t type = y->in.p[0], flags = y->in.p[1];
    if ((type & FC_VERSION_TYPE) != FC_DATA || (type & FC_NO_DATA))
        return DECODE_NOTHING; /* management, control, or nothing in it */
    bool qos = type & FC_QOS, wds = (flags & FC_TO_DS) && (flags & FC_FROM_DS);
    uint32_t header = 24u + (wds ? 6 : 0) + (qos ? 2 : 0) + (qos && (flags & FC_ORDER) ? 4 : 0);
    const uint8_t *h = layer_take(y, padded ? (header + 3) & ~3u : header);
    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    layer_via(y, h + 4, 18); /* receiver, transmitter and the address behind them */
    if ((h[22] & 0x0f) || (flags & FC_MORE_FRAGMENTS))
        return layer_note(y, NOTE_WLAN_FRAGMENT);
    if (qos && (h[wds ? 30 : 24] & QOS_AMSDU) && !(flags & FC_PROTECTED))
        return aggregate(y);
    /* Some drivers decrypt a frame and leave the mark. */
    if ((flags & FC_PROTECTED) && !starts_with_snap(&y->in))
        return layer_note(y, NOTE_WLAN_ENCRYPTED);
    return llc_decode(y);
}

enum decode_kind link_wlan(struct layer *y)
{
    return frame(y, false);
}

/* Where the flags of a radiotap header are; 0 when it has none. */
static uint32_t radiotap_flags(const uint8_t *h, uint32_t len)
{
    uint32_t at = 4;

    if (!(h[4] & RADIOTAP_FLAGS))
        return 0;
    do /* the bitmap goes on while its words say so */
        at += 4;
    while (at + 4 <= len && (h[at - 1] & RADIOTAP_MORE));
    if (h[4] & RADIOTAP_TSFT)
        at = ((at + 7) & ~7u) + 8;
    return at < len ? at : 0;
}

enum decode_kind link_wlan_radiotap(struct layer *y)
{
    if (y->in.len < 8)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    uint32_t len = (uint32_t)(y->in.p[3] << 8 | y->in.p[2]);
    if (y->in.p[0] != 0 || len < 8)
        return layer_note(y, NOTE_LINK_MALFORMED);
    const uint8_t *h = layer_take(y, len);
    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    uint32_t at = radiotap_flags(h, len);
    if (at && (h[at] & FLAG_BAD_FCS))
        return layer_note(y, NOTE_WLAN_BAD_FCS);
    return frame(y, at && (h[at] & FLAG_PADDED));
}

/* A header of its own length, at octet 4, in big-endian order. */
enum decode_kind link_wlan_avs(struct layer *y)
{
    const uint8_t *h = y->in.p;

    if (y->in.len < 8)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    if (layer_be32(h + 4) < 8)
        return layer_note(y, NOTE_LINK_MALFORMED);
    return layer_take(y, layer_be32(h + 4)) ? frame(y, false) : layer_cut(y, NOTE_LINK_TRUNCATED);
}

/* Prism's header is always 144 octets; drivers write AVS's under the same link type. */
enum decode_kind link_wlan_prism(struct layer *y)
{
    if (y->in.len >= 4 && (layer_be32(y->in.p) & 0xfffff000) == 0x80211000)
        return link_wlan_avs(y);
    return layer_take(y, 144) ? frame(y, false) : layer_cut(y, NOTE_LINK_TRUNCATED);
}
