/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Packets inside packets: what an IP header, or a UDP port, announces besides TCP and ICMP.
 *
 * Protocol numbers are certain. UDP ports are a guess: any program may use them, so each decoder
 * checks every bit of its header that is fixed, and the layers below stay `guessed` until an IP
 * header confirms them. To add one: a function and a row in the table of tunnel.c or tunnel_udp.c.
 */
#ifndef LASTACK_DECODE_TUNNEL_H
#define LASTACK_DECODE_TUNNEL_H

#include "decode/ip.h"

typedef enum decode_kind tunnel_decode(struct layer *y, const struct datagram *d);

/* What decodes the payload of IP protocol `protocol`; NULL when it is none of the tunnels. */
tunnel_decode *tunnel_of(uint8_t protocol);
/* Whether UDP between these ports may be a tunnel. */
bool tunnel_ports(uint16_t src, uint16_t dst);

tunnel_decode udp_decode;

/* Generic routing encapsulation (RFC 2784, 2890), PPTP (RFC 2637), NVGRE (RFC 7637), ERSPAN. */
tunnel_decode gre_decode;
/* L2TPv3 over IP (RFC 3931). */
tunnel_decode l2tp_ip_decode;

/* Over UDP; the cursor stands behind the UDP header and the octets end with the datagram. */
layer_decode vxlan_decode;     /* RFC 7348 */
layer_decode vxlan_gpe_decode; /* draft-ietf-nvo3-vxlan-gpe */
layer_decode geneve_decode;    /* RFC 8926 */
layer_decode gtp_decode;       /* 3GPP TS 29.281 */
layer_decode teredo_decode;    /* RFC 4380 */
layer_decode l2tp_udp_decode;  /* RFC 2661, RFC 3931 */

#endif
