/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The link types, and those that need just a few octets. To add one: a function that takes its
 * header and calls the next layer, and a row in the table below. */
#include "decode/link.h"

#include "decode/ethertype.h"
#include "decode/ip.h"
#include "decode/ppp.h"

enum { WRAPPERS = 2 }; /* link headers that announce another link type */

/* The address families of BSD systems: 2 is IPv4 everywhere, IPv6 differs. */
static enum decode_kind take_family(struct layer *y, uint32_t family)
{
    switch (family) {
    case 2:
        return ipv4_decode(y);
    case 10: /* Linux */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
        return ipv6_decode(y);
    default:
        return DECODE_NOTHING;
    }
}

static enum decode_kind loop(struct layer *y)
{
    const uint8_t *h = layer_take(y, 4);

    return h ? take_family(y, layer_be32(h)) : layer_cut(y, NOTE_LINK_TRUNCATED);
}

/* The family is in the byte order of the machine that captured: families are small numbers. */
static enum decode_kind null(struct layer *y)
{
    const uint8_t *h = layer_take(y, 4);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    return take_family(y, h[0] || h[1] ? (uint32_t)(h[1] << 8 | h[0]) : layer_be16(h + 2));
}

static enum decode_kind raw(struct layer *y)
{
    return y->in.len ? ip_decode(y) : layer_cut(y, NOTE_LINK_TRUNCATED);
}

/* 12 is RAW on most systems and LOOP on OpenBSD, whose family begins with a zero. */
static enum decode_kind raw_or_loop(struct layer *y)
{
    return y->in.len && y->in.p[0] == 0 ? loop(y) : raw(y);
}

/* What the kernel of Linux writes for a frame of 802.3 with LLC in place of a type. */
static enum decode_kind cooked_protocol(struct layer *y, uint16_t type)
{
    return type == 4 ? llc_decode(y) : ethertype_decode(y, type);
}

/* Linux cooked v1: packet type, ARPHRD type, address length, address (8), protocol. */
static enum decode_kind cooked(struct layer *y)
{
    const uint8_t *h = layer_take(y, 16);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    layer_via(y, h, 14);
    return cooked_protocol(y, layer_be16(h + 14));
}

/* Linux cooked v2: protocol, reserved (2), interface index (4), ARPHRD type, packet type, address
 * length, address (8). */
static enum decode_kind cooked2(struct layer *y)
{
    const uint8_t *h = layer_take(y, 20);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    layer_via(y, h + 2, 18);
    return cooked_protocol(y, layer_be16(h));
}

/* IP over InfiniBand (RFC 4391): 40 octets of global routing header, Ethernet type, reserved. */
static enum decode_kind infiniband(struct layer *y)
{
    const uint8_t *h = layer_take(y, 44);

    if (!h)
        return layer_cut(y, NOTE_LINK_TRUNCATED);
    layer_via(y, h, 40);
    return ethertype_decode(y, layer_be16(h + 40));
}

/* OpenBSD's encapsulating interface: family, SPI, flags, in the machine's byte order. */
static enum decode_kind enc(struct layer *y)
{
    const uint8_t *h = layer_take(y, 12);

    return h ? raw(y) : layer_cut(y, NOTE_LINK_TRUNCATED);
}

/* Hilscher's netANALYZER: four octets before the frame. */
static enum decode_kind net_analyzer(struct layer *y)
{
    const uint8_t *h = layer_take(y, 4);

    return h ? ethernet_decode(y) : layer_cut(y, NOTE_LINK_TRUNCATED);
}

static const struct link_row links[] = {
    {1, ethernet_decode}, /* EN10MB */
    {113, cooked},        /* LINUX_SLL */
    {276, cooked2},       /* LINUX_SLL2 */
    {101, raw},           /* RAW, and what systems write instead of it: */
    {12, raw_or_loop},
    {14, raw},
    {228, raw},  /* IPV4 */
    {229, raw},  /* IPV6 */
    {0, null},   /* NULL */
    {108, loop}, /* LOOP */
    {109, enc},  /* ENC, 13 on OpenBSD */
    {13, enc},
    {9, ppp_decode},           /* PPP */
    {50, link_serial},         /* PPP_HDLC: Cisco's framing or PPP's */
    {51, pppoe_decode},        /* PPP_ETHER */
    {166, link_ppp_direction}, /* PPP_PPPD */
    {204, link_ppp_direction}, /* PPP_WITH_DIR */
    {104, link_cisco_hdlc},    /* C_HDLC */
    {107, link_frame_relay},   /* FRELAY */
    {100, llc_decode},         /* ATM_RFC1483, 11 on many systems */
    {11, llc_decode},
    {219, mpls_decode},        /* MPLS */
    {242, infiniband},         /* IPOIB */
    {105, link_wlan},          /* IEEE802_11 */
    {119, link_wlan_prism},    /* IEEE802_11_PRISM */
    {127, link_wlan_radiotap}, /* IEEE802_11_RADIOTAP */
    {163, link_wlan_avs},      /* IEEE802_11_AVS */
    {192, link_ppi},           /* PPI */
    {117, link_pflog},         /* PFLOG */
    {239, link_nflog},         /* NFLOG */
    {258, link_pktap},         /* PKTAP, 149 on macOS */
    {149, link_pktap},
    {178, link_juniper_ethernet},    /* JUNIPER_ETHER */
    {180, link_juniper_frame_relay}, /* JUNIPER_FRELAY */
    {179, link_juniper_ppp},         /* JUNIPER_PPP */
    {181, link_juniper_cisco_hdlc},  /* JUNIPER_CHDLC */
    {240, net_analyzer},             /* NETANALYZER */
};

static const struct link_row *find(int link_type)
{
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].link_type == link_type)
            return &links[i];
    return NULL;
}

static enum decode_kind unsupported(struct layer *y, int link_type)
{
    notes_add(&y->decoder->notes, NOTE_LINK_UNSUPPORTED, &y->packet->at, link_type);
    return DECODE_NOTHING;
}

enum decode_kind link_decode(struct layer *y)
{
    struct decoder *d = y->decoder;
    int link_type = y->packet->link_type;

    if (!d->link || d->link->link_type != link_type)
        d->link = find(link_type);
    return d->link ? d->link->decode(y) : unsupported(y, link_type);
}

enum decode_kind link_inside(struct layer *y, uint32_t link_type)
{
    const struct link_row *row = link_type <= 0xffff ? find((int)link_type) : NULL;

    if (!row || ++y->wrappers > WRAPPERS)
        return unsupported(y, (int)(link_type & 0xffff));
    return row->decode(y);
}
