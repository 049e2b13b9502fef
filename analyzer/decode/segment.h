/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One TCP segment as decoded: a plain value in host byte order, with no pointer into the capture.
 * Everything that the layers above know about a packet is here. */
#ifndef LASTACK_DECODE_SEGMENT_H
#define LASTACK_DECODE_SEGMENT_H

#include "base/addr.h"
#include "base/ref.h"

#include <stdbool.h>
#include <stdint.h>

/* TCP flags as on the wire (RFC 9293 3.1; AE from RFC 9768 as bit 8). */
enum tcp_flag {
    TCP_FIN = 0x001,
    TCP_SYN = 0x002,
    TCP_RST = 0x004,
    TCP_PSH = 0x008,
    TCP_ACK = 0x010,
    TCP_URG = 0x020,
    TCP_ECE = 0x040,
    TCP_CWR = 0x080,
    TCP_AE = 0x100,
};

/* Which options were present and complete. */
enum tcp_option_bit {
    OPT_MSS = 0x01,
    OPT_WSCALE = 0x02,
    OPT_SACK_OK = 0x04,
    OPT_SACK = 0x08,
    OPT_TIMESTAMPS = 0x10,
    OPT_FAST_OPEN = 0x20, /* RFC 7413 kind 34, or experimental 254 with its magic */
    OPT_MPTCP = 0x40,     /* kind 30 */
    OPT_AUTH = 0x80,      /* TCP-MD5 (19) or TCP-AO (29) */
};

/* Why a field may be less than the truth. */
enum segment_doubt {
    DOUBT_OPTIONS_CUT = 0x01, /* the snap length cut the option list */
    DOUBT_OPTIONS_BAD = 0x02, /* an option's length made no sense; those before it are good */
    DOUBT_LENGTH_WIRE =
        0x04, /* IP length 0 (segmentation offload): length from the record's wire length */
};

enum { SEGMENT_SACK_BLOCKS = 4, SEGMENT_OPTION_ORDER = 12 };

struct segment {
    struct ref at; /* the record that completed it */
    struct addr src, dst;
    uint16_t src_port, dst_port;
    uint32_t seq, ack; /* ack means nothing without TCP_ACK */
    uint32_t len;      /* payload octets, from the IP length (close-semantics 0.2) */
    uint16_t flags;    /* enum tcp_flag */
    uint16_t window;   /* as on the wire, not scaled */
    uint16_t
        checksum;    /* TCP checksum field; not verified: offload makes it wrong on healthy hosts */
    uint16_t ip_id;  /* IPv4 identification; 0 for IPv6 */
    uint16_t path;   /* index of its encapsulation, see decoder_path() */
    uint16_t tenant; /* index of what of it can separate tenants with equal addresses; 0 nothing */
    uint8_t ttl;     /* or hop limit */
    uint8_t options; /* enum tcp_option_bit */
    uint8_t doubts;  /* enum segment_doubt */
    uint8_t wscale;  /* valid with OPT_WSCALE; at most 14 (RFC 7323 2.3) */
    uint16_t mss;    /* valid with OPT_MSS */
    uint32_t ts_val, ts_ecr; /* valid with OPT_TIMESTAMPS */
    uint32_t via; /* hash of what tells copies of one packet apart: link addresses, VLAN tags,
                     interface index, direction; 0 when the link layer has none */
    uint8_t n_sack;
    struct {
        uint32_t left, right;
    } sack[SEGMENT_SACK_BLOCKS];
    uint8_t n_option_order;
    uint8_t
        option_order[SEGMENT_OPTION_ORDER]; /* option kinds in order, of a SYN or SYN-ACK only */
};

/* Sequence space the segment takes: payload + SYN + FIN; a RST takes none (close-semantics 0.1). */
static inline uint32_t segment_seq_len(const struct segment *s)
{
    uint32_t len = s->len + ((s->flags & TCP_SYN) != 0) + ((s->flags & TCP_FIN) != 0);

    return s->flags & TCP_RST ? 0 : len;
}

/* An ICMP or ICMPv6 error that quotes a TCP segment. */
struct icmp_error {
    struct ref at;
    struct addr from;     /* who sent the error */
    struct addr src, dst; /* of the quoted segment */
    uint16_t src_port, dst_port;
    uint32_t seq; /* of the quoted segment */
    bool v6;
    uint8_t type, code; /* of the error */
};

/* What type and code say: "host unreachable"; NULL for those that refuse no SYN. */
const char *icmp_error_name(bool v6, unsigned type, unsigned code);

#endif
