/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/tunnel.h"

#include "decode/ethertype.h"

/* IP in IP: RFC 2003, 2473, 4213 and everything built on them (6rd, ISATAP, DS-Lite). */
static enum decode_kind ipv4_inside(struct layer *y, const struct datagram *d)
{
    if (!layer_enter(y, addr_is_v4(&d->src) ? PATH_IPIP : PATH_4IN6, 0))
        return DECODE_NOTHING;
    return ipv4_decode(y);
}

static enum decode_kind ipv6_inside(struct layer *y, const struct datagram *d)
{
    if (!layer_enter(y, addr_is_v4(&d->src) ? PATH_6IN4 : PATH_6IN6, 0))
        return DECODE_NOTHING;
    return ipv6_decode(y);
}

/* Authentication header (RFC 4302): nothing is hidden. IPv6 has it among its extension headers. */
static enum decode_kind authentication(struct layer *y, const struct datagram *d)
{
    struct datagram inner = *d;
    const uint8_t *h = y->in.p;

    if (y->in.len < 2)
        return layer_cut(y, NOTE_IP_TRUNCATED);
    uint32_t len = (h[1] + 2u) * 4;
    if (len < 12 || len > d->len)
        return layer_note(y, NOTE_IP_MALFORMED);
    inner.protocol = h[0];
    inner.len -= len;
    if (!layer_take(y, len))
        return layer_cut(y, NOTE_IP_TRUNCATED);
    /* one is enough: AH in AH would take a packet of nothing else as deep as it is long */
    return inner.protocol == IP_AUTHENTICATION ? layer_note(y, NOTE_IP_MALFORMED)
                                               : ip_payload(y, &inner);
}

/* ESP (RFC 4303): encrypted. */
static enum decode_kind encrypted(struct layer *y, const struct datagram *d)
{
    (void)d;
    return layer_note(y, NOTE_ESP);
}

/* RFC 3378: version 3, reserved bits, an Ethernet frame. */
static enum decode_kind etherip(struct layer *y, const struct datagram *d)
{
    const uint8_t *h = layer_take(y, 2);

    (void)d;
    if (!h)
        return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    if (h[0] != 0x30 || h[1] != 0)
        return layer_note(y, NOTE_TUNNEL_MALFORMED);
    if (!layer_enter(y, PATH_ETHERIP, 0))
        return DECODE_NOTHING;
    return ethernet_decode(y);
}

/* RFC 4023. */
static enum decode_kind mpls_inside(struct layer *y, const struct datagram *d)
{
    (void)d;
    return mpls_decode(y);
}

static const struct {
    uint8_t protocol;
    tunnel_decode *decode;
} tunnels[] = {
    {IP_UDP, udp_decode}, {4, ipv4_inside},      {41, ipv6_inside},
    {47, gre_decode},     {50, encrypted},       {IP_AUTHENTICATION, authentication},
    {94, ipv4_inside}, /* KA9Q's IP within IP, before 4 was usual */
    {97, etherip},        {115, l2tp_ip_decode}, {137, mpls_inside},
};

tunnel_decode *tunnel_of(uint8_t protocol)
{
    for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels; i++)
        if (tunnels[i].protocol == protocol)
            return tunnels[i].decode;
    return NULL;
}
