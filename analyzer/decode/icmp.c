/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/icmp.h"

/* Errors quote the packet they are about; everything else (echo, neighbours) does not. */
static bool is_error(bool v6, uint8_t type)
{
    return v6 ? type >= 1 && type <= 4 : type == 3 || type == 11 || type == 12;
}

/* Skip the quoted IP header; false when it is not that of a TCP segment's first fragment. *cut: too
 * little is quoted to tell. */
static bool quoted_tcp(struct bytes *in, bool v6, struct icmp_error *e, bool *cut)
{
    const uint8_t *h = in->p;
    size_t header = v6 ? 40 : in->len ? (h[0] & 0x0fu) * 4u : 0;

    *cut = in->len < (v6 ? 40u : 20u) || in->len < header;
    if (*cut || h[0] >> 4 != (v6 ? 6 : 4) || header < 20)
        return false;
    if (h[v6 ? 6 : 9] != IP_TCP || (!v6 && ((h[6] & 0x1f) || h[7])))
        return false;
    e->src = v6 ? addr_v6(h + 8) : addr_v4(h + 12);
    e->dst = v6 ? addr_v6(h + 24) : addr_v4(h + 16);
    bytes_skip(in, header);
    *cut = in->len < 8;
    return !*cut;
}

enum decode_kind icmp_decode(struct layer *y, const struct datagram *d)
{
    bool v6 = d->protocol == IP_ICMPV6, cut;
    uint8_t type = bytes_u8(&y->in), code = bytes_u8(&y->in);
    struct icmp_error e = {
        .at = y->packet->at, .from = d->src, .v6 = v6, .type = type, .code = code};

    if (y->in.short_read)
        return layer_note(y, NOTE_ICMP_TRUNCATED);
    if (!is_error(v6, type))
        return DECODE_NOTHING;
    bytes_skip(&y->in, 6); /* checksum and a word that depends on the type */
    if (y->in.short_read)
        return layer_note(y, NOTE_ICMP_TRUNCATED);
    if (!quoted_tcp(&y->in, v6, &e, &cut))
        return cut ? layer_note(y, NOTE_ICMP_TRUNCATED) : DECODE_NOTHING;
    e.src_port = bytes_be16(&y->in);
    e.dst_port = bytes_be16(&y->in);
    e.seq = bytes_be32(&y->in);
    *y->icmp = e;
    return DECODE_ICMP_ERROR;
}

const char *icmp_error_name(bool v6, unsigned type, unsigned code)
{
    static const struct {
        bool v6;
        uint8_t type, code;
        const char *name;
    } names[] = {
        {false, 3, 0, "network unreachable"},
        {false, 3, 1, "host unreachable"},
        {false, 3, 2, "protocol unreachable"},
        {false, 3, 3, "port unreachable"},
        {false, 3, 9, "network administratively prohibited"},
        {false, 3, 10, "host administratively prohibited"},
        {false, 3, 13, "administratively prohibited"},
        {false, 11, 0, "time to live exceeded"},
        {true, 1, 0, "no route"},
        {true, 1, 1, "administratively prohibited"},
        {true, 1, 3, "address unreachable"},
        {true, 1, 4, "port unreachable"},
        {true, 1, 5, "source address not permitted"},
        {true, 1, 6, "route rejected"},
        {true, 3, 0, "hop limit exceeded"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].v6 == v6 && names[i].type == type && names[i].code == code)
            return names[i].name;
    return NULL;
}
