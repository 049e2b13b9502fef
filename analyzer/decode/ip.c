/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/ip.h"

#include "decode/icmp.h"
#include "decode/tcp.h"

enum { EXTENSION_HEADERS = 16 }; /* more than that is nonsense */

enum decode_kind ip_payload(struct layer *y, const struct datagram *d)
{
    switch (d->protocol) {
    case IP_TCP:
        return tcp_decode(y, d);
    case IP_ICMP:
        return addr_is_v4(&d->src) ? icmp_decode(y, d) : DECODE_NOTHING;
    case IP_ICMPV6:
        return addr_is_v4(&d->src) ? DECODE_NOTHING : icmp_decode(y, d);
    default:
        return DECODE_NOTHING;
    }
}

#define CUT UINT32_MAX

/* Octets of the extension header at the cursor; 0 when `protocol` is none, CUT when too little is
 * there to tell. */
static uint32_t extension(const struct layer *y, uint8_t protocol)
{
    switch (protocol) {
    case 0:   /* hop-by-hop options */
    case 43:  /* routing */
    case 60:  /* destination options */
    case 135: /* mobility */
    case 139: /* HIP */
    case 140: /* shim6 */
        return y->in.len < 2 ? CUT : (y->in.p[1] + 1u) * 8;
    case 44: /* fragment */
        return y->in.len < 8 ? CUT : 8;
    case 51: /* authentication (RFC 4302) */
        return y->in.len < 2 ? CUT : (y->in.p[1] + 2u) * 4;
    default:
        return 0;
    }
}

static enum decode_kind extensions(struct layer *y, struct datagram *d);

/* A fragment; a datagram that it completes is decoded here and now. */
static enum decode_kind fragment(struct layer *y, const struct datagram *d, uint32_t id,
                                 uint32_t offset, bool more)
{
    struct fragment f = {.src = d->src,
                         .dst = d->dst,
                         .id = id,
                         .protocol = d->protocol,
                         .offset = offset,
                         .len = d->len,
                         .more = more,
                         .data = y->in.p,
                         .caplen = (uint32_t)y->in.len,
                         .at = y->packet->at};
    struct whole w;

    bool ours = d->protocol == IP_TCP || d->protocol == IP_ICMP || d->protocol == IP_ICMPV6;

    if (!ours && (addr_is_v4(&d->src) || !extension(y, d->protocol)))
        return DECODE_NOTHING;
    if (!fragments_add(y->decoder->fragments, &f, &w, &y->decoder->notes))
        return DECODE_NOTHING;
    struct datagram whole = *d;
    whole.len = w.len;
    y->in = bytes_of(w.data, w.caplen);
    y->wire = w.len;
    return addr_is_v4(&d->src) ? ip_payload(y, &whole) : extensions(y, &whole);
}

enum decode_kind ipv4_decode(struct layer *y)
{
    const uint8_t *h = y->in.p;
    struct datagram d = {0};

    if (y->in.len < 20)
        return layer_note(y, NOTE_IP_TRUNCATED);
    uint32_t header = (h[0] & 0x0fu) * 4, total = (uint32_t)(h[2] << 8 | h[3]);
    if (h[0] >> 4 != 4 || header < 20 || (total && total < header))
        return layer_note(y, NOTE_IP_MALFORMED);
    if (!total || total > y->wire) { /* offload writes 0; a length beyond the packet is none */
        total = y->wire < header ? header : y->wire;
        d.doubts |= DOUBT_LENGTH_WIRE;
    }
    d.src = addr_v4(h + 12);
    d.dst = addr_v4(h + 16);
    d.id = (uint16_t)(h[4] << 8 | h[5]);
    d.ttl = h[8];
    d.protocol = h[9];
    d.len = total - header;
    uint32_t flags = (uint32_t)(h[6] << 8 | h[7]);
    layer_skip(y, header);
    if (y->in.short_read)
        return layer_note(y, NOTE_IP_TRUNCATED);
    bytes_limit(&y->in, d.len); /* Ethernet padding */
    if (flags & 0x3fff)
        return fragment(y, &d, d.id, (flags & 0x1fff) * 8, flags & 0x2000);
    return ip_payload(y, &d);
}

/* --- IPv6 ------------------------------------------------------------------------------------- */

/* Walk the extension headers, then decode what follows them. */
static enum decode_kind extensions(struct layer *y, struct datagram *d)
{
    for (int n = 0; n < EXTENSION_HEADERS; n++) {
        uint32_t len = extension(y, d->protocol);

        if (!len)
            return ip_payload(y, d);
        if (len > y->in.len)
            return layer_note(y, NOTE_IP_TRUNCATED);
        if (len > d->len)
            break;
        const uint8_t *h = y->in.p;
        uint8_t kind = d->protocol;
        d->protocol = h[0];
        d->len -= len;
        layer_skip(y, len);
        if (kind == 44) {
            uint32_t id = (uint32_t)h[4] << 24 | (uint32_t)h[5] << 16 | (uint32_t)h[6] << 8 | h[7];
            uint32_t at = (uint32_t)(h[2] << 8 | h[3]);

            if (at & 0xfff9) /* an atomic fragment (RFC 6946) is whole */
                return fragment(y, d, id, at & 0xfff8, at & 1);
        }
    }
    return layer_note(y, NOTE_IP_MALFORMED);
}

enum decode_kind ipv6_decode(struct layer *y)
{
    const uint8_t *h = y->in.p;
    struct datagram d = {0};

    if (y->in.len < 40)
        return layer_note(y, NOTE_IP_TRUNCATED);
    if (h[0] >> 4 != 6)
        return layer_note(y, NOTE_IP_MALFORMED);
    d.len = (uint32_t)(h[4] << 8 | h[5]);
    d.protocol = h[6];
    d.ttl = h[7];
    d.src = addr_v6(h + 8);
    d.dst = addr_v6(h + 24);
    layer_skip(y, 40);
    if (!d.len || d.len > y->wire) { /* BIG TCP writes 0 (RFC 2675 would need an option) */
        d.len = y->wire;
        d.doubts |= DOUBT_LENGTH_WIRE;
    }
    bytes_limit(&y->in, d.len);
    return extensions(y, &d);
}
