/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Link layers: what stands before the IP header. */
#ifndef LASTACK_DECODE_LINK_H
#define LASTACK_DECODE_LINK_H

#include "decode/layer.h"

/* A link type: its number in files (tcpdump.org/linktypes.html), or the number that some system
 * uses in its place. */
struct link_row {
    int link_type;
    layer_decode *decode;
};

/* Decode the packet from its link header on. */
enum decode_kind link_decode(struct layer *y);
/* The same for a link header inside another one, which says its type. */
enum decode_kind link_inside(struct layer *y, uint32_t link_type);

/* link_serial.c */
layer_decode link_cisco_hdlc, link_frame_relay, link_ppp_direction, link_serial;
/* link_wlan.c: plain, and after what a radio has to say */
layer_decode link_wlan, link_wlan_radiotap, link_wlan_prism, link_wlan_avs;
/* link_wrapped.c: a header of the capture, then another link type */
layer_decode link_juniper_ethernet, link_juniper_ppp, link_juniper_cisco_hdlc,
    link_juniper_frame_relay, link_nflog, link_pflog, link_pktap, link_ppi;

#endif
