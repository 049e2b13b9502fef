/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What follows an Ethernet type, wherever one stands: IP, VLAN and other tags, MPLS, PPPoE. */
#ifndef LASTACK_DECODE_ETHERTYPE_H
#define LASTACK_DECODE_ETHERTYPE_H

#include "decode/layer.h"

enum ethertype {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_BRIDGED = 0x6558, /* a whole Ethernet frame, in GRE and Geneve only */
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_PPP = 0x880b, /* in GRE only */
    ETHERTYPE_MPLS = 0x8847,
    ETHERTYPE_MPLS_MULTICAST = 0x8848,
    ETHERTYPE_PPPOE = 0x8864,
    ETHERTYPE_VLAN_OUTER = 0x88a8, /* 802.1ad */
    ETHERTYPE_PBB = 0x88e7,        /* 802.1ah */
    ETHERTYPE_VNTAG = 0x8926,
    ETHERTYPE_VLAN_OLD = 0x9100, /* before 802.1ad */
};

/* The header that `type` announces is at the cursor. Other protocols than IP are not ours. */
enum decode_kind ethertype_decode(struct layer *y, uint16_t type);
/* An Ethernet frame from its addresses on. */
enum decode_kind ethernet_decode(struct layer *y);
/* IEEE 802.2 LLC, in which SNAP carries an Ethernet type (RFC 1042). */
enum decode_kind llc_decode(struct layer *y);
/* SNAP alone: organization, Ethernet type. */
enum decode_kind snap_decode(struct layer *y);
/* An IP header of the version that its first octet says. */
enum decode_kind ip_decode(struct layer *y);
/* An MPLS label stack (RFC 3032) and what is below it. */
enum decode_kind mpls_decode(struct layer *y);
/* Whether the octets from `at` on look like an Ethernet frame with IP in it. */
bool ethernet_plausible(const struct bytes *in, size_t at);

#endif
