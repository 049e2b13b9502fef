/* SPDX-License-Identifier: BSD-2-Clause
 *
 * IPv4 (RFC 791) and IPv6 (RFC 8200): addresses, lengths, extension headers. Fragments go to
 * fragments.h, whole datagrams to TCP, ICMP and the tunnels. */
#ifndef LASTACK_DECODE_IP_H
#define LASTACK_DECODE_IP_H

#include "decode/layer.h"

enum ip_protocol {
    IP_ICMP = 1,
    IP_TCP = 6,
    IP_UDP = 17,
    IP_AUTHENTICATION = 51,
    IP_ICMPV6 = 58,
};

/* What TCP and ICMP need to know of the header above them. */
struct datagram {
    struct addr src, dst;
    uint32_t
        len; /* octets of payload, from the IP header; more than are captured with a snap length */
    uint16_t id; /* IPv4 identification; 0 for IPv6 */
    uint8_t ttl, protocol;
    uint8_t doubts; /* enum segment_doubt */
};

enum decode_kind ipv4_decode(struct layer *y);
enum decode_kind ipv6_decode(struct layer *y);
/* The payload of d is at y->in: by protocol. */
enum decode_kind ip_payload(struct layer *y, const struct datagram *d);

#endif
