/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Headers that the capturing system adds before a frame, which say of what type the frame is. */
#include "decode/link.h"

#include "decode/ethertype.h"
#include "decode/ppp.h"

static uint32_t le16(const uint8_t *p)
{
    return (uint32_t)(p[1] << 8 | p[0]);
}

static uint32_t le32(const uint8_t *p)
{
    return le16(p + 2) << 16 | le16(p);
}

/* Per-packet information: version, flags, length, link type; little-endian. */
enum decode_kind link_ppi(struct layer *y)
{
    if (y->in.len < 8)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    uint32_t len = le16(y->in.p + 2);
    if (y->in.p[0] != 0 || len < 8)
        return layer_note(y, NOTE_LINK_MALFORMED);
    const uint8_t *h = layer_take(y, len);
    return h ? link_inside(y, le32(h + 4)) : layer_cut(y, NOTE_LINK_TRUNCATED);
}

/* Apple's: length, kind of record (1: a packet), link type, interface's name (24), ... */
enum decode_kind link_pktap(struct layer *y)
{
    const uint8_t *h = y->in.p;

    if (y->in.len < 36)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    uint32_t len = le32(h), link_type = le32(h + 8);
    if (len < 36 || le32(h + 4) != 1)
        return layer_note(y, NOTE_LINK_MALFORMED);
    layer_via(y, h + 12, 24);
    return layer_take(y, len) ? link_inside(y, link_type) : layer_cut(y, NOTE_LINK_TRUNCATED);
}

/* OpenBSD's packet filter: length without padding, family, action, ... */
enum decode_kind link_pflog(struct layer *y)
{
    if (y->in.len < 4)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    uint32_t len = (y->in.p[0] + 3u) & ~3u;
    if (len < 4)
        return layer_note(y, NOTE_LINK_MALFORMED);
    return layer_take(y, len) ? ip_decode(y) : layer_cut(y, NOTE_LINK_TRUNCATED);
}

/* Netfilter's log: family, version, resource, then values with their length and type in the byte
 * order of the machine; types are small numbers, so one octet of each is 0. */
enum decode_kind link_nflog(struct layer *y)
{
    enum { PAYLOAD = 9 };
    const uint8_t *h = layer_take(y, 4);

    while (h && (h = layer_take(y, 4))) {
        bool little = h[3] == 0;
        uint32_t len = little ? le16(h) : layer_be16(h);

        if (len < 4)
            return layer_note(y, NOTE_LINK_MALFORMED);
        if ((little ? h[2] : h[3]) == PAYLOAD) {
            layer_limit(y, len - 4);
            return ip_decode(y);
        }
        h = layer_take(y, ((len + 3) & ~3u) - 4);
    }
    return layer_cut(y, NOTE_LINK_TRUNCATED);
}

/* Juniper: a magic number, flags, extensions with their length; without its link header the frame
 * has four octets for the protocol and IP. */
static enum decode_kind juniper(struct layer *y, layer_decode *decode)
{
    enum { EXTENSIONS = 0x80, NO_LINK_HEADER = 0x02 };
    const uint8_t *h = layer_take(y, 4), *more = NULL;

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    if (h[0] != 0x4d || h[1] != 0x47 || h[2] != 0x43)
        return layer_note(y, NOTE_LINK_MALFORMED);
    layer_via(y, h + 3, 1);
    if (h[3] & EXTENSIONS) {
        more = layer_take(y, 2);
        if (more)
            layer_skip(y, layer_be16(more));
    }
    if (h[3] & NO_LINK_HEADER)
        layer_skip(y, 4);
    if (y->in.short_read)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    return h[3] & NO_LINK_HEADER ? ip_decode(y) : decode(y);
}

enum decode_kind link_juniper_ethernet(struct layer *y)
{
    return juniper(y, ethernet_decode);
}

enum decode_kind link_juniper_ppp(struct layer *y)
{
    return juniper(y, ppp_decode);
}

enum decode_kind link_juniper_cisco_hdlc(struct layer *y)
{
    return juniper(y, link_cisco_hdlc);
}

enum decode_kind link_juniper_frame_relay(struct layer *y)
{
    return juniper(y, link_frame_relay);
}
