/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/tunnel.h"

#include "decode/ethertype.h"

enum { UDP_HEADER = 8 };

static enum decode_kind mpls_in_udp(struct layer *y) /* RFC 7510 */
{
    return mpls_decode(y);
}

/* Port of the receiver; either: a tunnel's answers come from the port too. */
static const struct {
    uint16_t port;
    bool either;
    layer_decode *decode;
} ports[] = {
    {4789, false, vxlan_decode},     {8472, false, vxlan_decode}, /* before it had a port */
    {4790, false, vxlan_gpe_decode}, {6081, false, geneve_decode},  {2152, true, gtp_decode},
    {3544, true, teredo_decode},     {1701, true, l2tp_udp_decode}, {6635, false, mpls_in_udp},
};

static layer_decode *of_ports(uint16_t src, uint16_t dst)
{
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        if (ports[i].port == dst || (ports[i].either && ports[i].port == src))
            return ports[i].decode;
    return NULL;
}

bool tunnel_ports(uint16_t src, uint16_t dst)
{
    return of_ports(src, dst) != NULL;
}

enum decode_kind udp_decode(struct layer *y, const struct datagram *d)
{
    const uint8_t *h = layer_take(y, UDP_HEADER);

    if (!h || d->len < UDP_HEADER) /* what it would have been nobody knows: UDP is not ours */
        return DECODE_NOTHING;
    layer_decode *decode = of_ports(layer_be16(h), layer_be16(h + 2));
    if (!decode)
        return DECODE_NOTHING;
    uint16_t len = layer_be16(h + 4); /* 0, or too much, with segmentation offload */
    if (len >= UDP_HEADER && len <= d->len)
        layer_limit(y, len - UDP_HEADER);
    y->guessed = true;
    return decode(y);
}
