/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/ip.h"

#include "decode/icmp.h"
#include "decode/tcp.h"
#include "decode/tunnel.h"

enum { EXTENSION_HEADERS = 16 }; /* more than that is nonsense */

/* Whether the payload of d may lead to TCP: the tunnels see addresses as what tells copies apart.
 */
static enum decode_kind tunnel(struct layer *y, const struct datagram *d)
{
    tunnel_decode *decode = tunnel_of(d->protocol);

    if (!decode)
        return DECODE_NOTHING;
    layer_limit(y, d->len);
    layer_via(y, &d->src, sizeof d->src);
    layer_via(y, &d->dst, sizeof d->dst);
    return decode(y, d);
}

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
        return tunnel(y, d);
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
    case IP_AUTHENTICATION: /* RFC 4302 */
        return y->in.len < 2 ? CUT : (y->in.p[1] + 2u) * 4;
    default:
        return 0;
    }
}

static enum decode_kind extensions(struct layer *y, struct datagram *d);

/* Of UDP only what may be a tunnel is put together. Ports stand in the first fragment alone: the
 * others join what it began. */
static bool worth_joining(const struct layer *y, const struct datagram *d, struct fragment *f)
{
    switch (d->protocol) {
    case IP_TCP:
    case IP_ICMP:
    case IP_ICMPV6:
        return true;
    case IP_UDP:
        f->joins_only = f->offset != 0;
        return f->joins_only ||
               (y->in.len >= 4 && tunnel_ports(layer_be16(y->in.p), layer_be16(y->in.p + 2)));
    default:
        return tunnel_of(d->protocol) || (!addr_is_v4(&d->src) && extension(y, d->protocol));
    }
}

/* A fragment; a datagram that it completes is decoded here and now. */
static enum decode_kind fragment(struct layer *y, const struct datagram *d, uint32_t id,
                                 uint32_t offset, bool more)
{
    struct fragment f = {.src = d->src,
                         .dst = d->dst,
                         .id = id,
                         .protocol = d->protocol,
                         .tenant = path_tenant(y->decoder->paths, layer_path(y)),
                         .offset = offset,
                         .len = d->len,
                         .more = more,
                         .data = y->in.p,
                         .caplen = (uint32_t)y->in.len,
                         .at = y->packet->at};
    struct whole w;

    if (!worth_joining(y, d, &f) ||
        !fragments_add(y->decoder->fragments, &f, &w, &y->decoder->notes))
        return DECODE_NOTHING;
    y->decoder->joined = true;
    struct datagram whole = *d;
    whole.len = w.len;
    y->in = bytes_of(w.data, w.caplen);
    y->wire = w.len;
    return addr_is_v4(&d->src) ? ip_payload(y, &whole) : extensions(y, &whole);
}

/* RFC 1071, over the header of an IPv4 packet. */
static bool checksum_good(const uint8_t *h, uint32_t header)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < header; i += 2)
        sum += layer_be16(h + i);
    return (uint16_t)(sum + (sum >> 16)) == 0xffff;
}

/* Whether the header proves its total length: more than is there is what a packet broker or a
 * mirror port cut off without saying so. */
static bool length_proven(const struct layer *y, uint32_t header, uint32_t total)
{
    return total <= y->wire || (y->in.len >= header && checksum_good(y->in.p, header));
}

/* Whether an IPv4 header confirms what was guessed: its checksum is right or was left to the
 * interface. */
static bool confirmed_by_ipv4(const struct layer *y, uint32_t header, uint32_t total)
{
    const uint8_t *h = y->in.p;
    bool offloaded = !total || layer_be16(h + 10) == 0;

    return h[8] && length_proven(y, header, total) &&
           (offloaded || y->in.len < header || checksum_good(h, header));
}

enum decode_kind ipv4_decode(struct layer *y)
{
    const uint8_t *h = y->in.p;
    struct datagram d = {0};

    if (y->in.len < 20)
        return layer_cut(y, NOTE_IP_TRUNCATED);
    uint32_t header = (h[0] & 0x0fu) * 4, total = layer_be16(h + 2);
    if (h[0] >> 4 != 4 || header < 20 || (total && total < header))
        return layer_note(y, NOTE_IP_MALFORMED);
    if (y->guessed && !confirmed_by_ipv4(y, header, total))
        return DECODE_NOTHING;
    y->guessed = false;
    if (!total || !length_proven(y, header, total)) { /* offload writes 0 */
        total = y->wire < header ? header : y->wire;
        d.doubts |= DOUBT_LENGTH_WIRE;
    }
    d.src = addr_v4(h + 12);
    d.dst = addr_v4(h + 16);
    d.id = layer_be16(h + 4);
    d.ttl = h[8];
    d.protocol = h[9];
    d.len = total - header;
    uint32_t flags = layer_be16(h + 6);
    if (!layer_take(y, header))
        return layer_cut(y, NOTE_IP_TRUNCATED);
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
            uint32_t id = layer_be32(h + 4), at = layer_be16(h + 2);

            if (at & 0xfff9) /* an atomic fragment (RFC 6946) is whole */
                return fragment(y, d, id, at & 0xfff8, at & 1);
        }
    }
    return layer_note(y, NOTE_IP_MALFORMED);
}

/* Whether an IPv6 header confirms what was guessed: nothing but padding is behind its end. */
static bool confirmed_by_ipv6(const struct layer *y, uint32_t len)
{
    if (!len || len + 40 > y->wire)
        return !len && y->in.p[6] == IP_TCP; /* BIG TCP */
    for (size_t i = len + 40; i < y->in.len; i++)
        if (y->in.p[i])
            return false;
    return y->in.p[7] && y->in.p[8] != 0xff; /* hop limit; no multicast source */
}

enum decode_kind ipv6_decode(struct layer *y)
{
    const uint8_t *h = y->in.p;
    struct datagram d = {0};

    if (y->in.len < 40)
        return layer_cut(y, NOTE_IP_TRUNCATED);
    if (h[0] >> 4 != 6)
        return layer_note(y, NOTE_IP_MALFORMED);
    d.len = layer_be16(h + 4);
    if (y->guessed && !confirmed_by_ipv6(y, d.len))
        return DECODE_NOTHING;
    y->guessed = false;
    d.protocol = h[6];
    d.ttl = h[7];
    d.src = addr_v6(h + 8);
    d.dst = addr_v6(h + 24);
    layer_skip(y, 40);
    if (!d.len) { /* BIG TCP (RFC 2675 would need an option) */
        d.len = y->wire;
        d.doubts |= DOUBT_LENGTH_WIRE;
    }
    bytes_limit(&y->in, d.len);
    return extensions(y, &d);
}
