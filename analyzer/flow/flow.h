/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is known about one incarnation of a five-tuple in sequence space: for each direction what
 * was sent, acknowledged, missed and repeated, and where the FIN octet is (the per-direction
 * variables of RFC 9293 3.3.1, as an observer can know them).
 *
 * Directions: 0 is what the end with the smaller address and port sends, 1 the other; `client`
 * tells which of them the client is. Not here: states (track/). */
#ifndef LASTACK_FLOW_FLOW_H
#define LASTACK_FLOW_FLOW_H

#include "base/addr.h"
#include "base/ref.h"
#include "decode/segment.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Both directions of a five-tuple have the same key: the smaller end comes first. */
struct flow_key {
    struct addr addr[2];
    uint16_t port[2];
    uint16_t
        tap; /* capture point: files that show the same traffic from elsewhere are kept apart */
    uint16_t tenant; /* 0, or which of several networks with the same addresses, see tenant.h */
};

enum side_bit {
    SIDE_SEEN = 0x0001,       /* sent at least one segment */
    SIDE_SYN = 0x0002,        /* its SYN or SYN-ACK was seen; isn is valid */
    SIDE_ANCHORED = 0x0004,   /* nxt and base are valid */
    SIDE_ACKED = 0x0008,      /* una is valid: the peer acknowledged something */
    SIDE_WSCALE = 0x0010,     /* its SYN offered window scaling */
    SIDE_TIMESTAMPS = 0x0020, /* ts_last is valid */
    SIDE_FIN = 0x0040,        /* a FIN was seen; fin_seq is valid */
    SIDE_FIN_MAYBE = 0x0080,  /* acknowledged one octet beyond nxt: perhaps a FIN that the tap
                                 missed; fin_seq is that octet */
    SIDE_FIN_MISSED =
        0x0100,              /* ... confirmed: the sender went on behind it with nothing but ACKs */
    SIDE_FIN_ACKED = 0x0200, /* una covers the FIN */
    SIDE_RST = 0x0400,       /* sent a RST that the peer may have accepted and did not contradict */
    SIDE_PROBE =
        0x0800, /* a zero-window probe stands at nxt: one octet that may have been accepted */
    SIDE_GAP = 0x1000, /* the tap missed octets of this direction */
    SIDE_DATA_AFTER_FIN = 0x2000,
    SIDE_RST_SENT = 0x8000, /* sent a RST, whatever became of it */
    SIDE_SOFT = 0x4000, /* nxt comes from an empty mid-stream segment: it may be a keep-alive, one
                           octet low */
};

/* The last segment of a direction, to recognise a second record of it (close-semantics 1.7). */
struct recent {
    uint32_t print; /* hash of seq, ack, flags, window, length, timestamps */
    uint32_t t_us;  /* low bits of the time, microseconds */
    uint32_t via;
    uint16_t ip_id;
    uint8_t ttl;
    bool valid;
};

/* Missing octets [from, to) below nxt. */
struct hole {
    uint32_t from, to;
    int64_t since; /* ns, when it was noticed */
};

enum { MORE_TENANTS = 3, RECENTS = 8 };
enum {
    HOLES = 64
}; /* per direction at most; when more than flow.most_holes are open the lowest is
     given up and counted */

/* What few connections need: made when the first hole or odd segment appears. */
struct flow_extra {
    struct hole hole[2][HOLES];
    uint8_t n_holes[2];
    uint32_t holes_given_up;
    uint64_t gap_octets; /* acknowledged, never seen: the tap missed them */
    struct ref gap[3];   /* first packets that showed a gap */
    uint32_t n_gaps;
    int64_t gap_end[2]; /* ns; when octets beyond everything that a direction was seen to send were
                           acknowledged last: a FIN may be among them; 0 never */
    uint32_t gap_from[2];    /* ... where they begin; valid with gap_end */
    struct ref malformed[3]; /* first packets with senseless flags */
    uint32_t n_malformed;
    struct ref duplicate[3]; /* first duplicate records */
    /* the segments before side.recent, of a flow that is seen in two places; the oldest, to be
     * replaced, is at recent_at */
    struct recent recent[2][RECENTS];
    uint8_t recent_at[2];
    uint8_t n_tenants[2]; /* per direction: identifiers besides flow.tenant, see tenant.h */
    uint16_t tenant[2][MORE_TENANTS];
    /* two ends that reject each other's numbers (close-semantics A11) */
    struct ref loop_first[4];
    uint32_t loop_run, loop_best;
    int64_t loop_start, loop_best_span, loop_last;
    uint32_t loop_seq[2], loop_ack[2];
    int8_t loop_dir;
};

/* One direction: the segments that one end sends. */
struct side {
    uint32_t isn;     /* valid with SIDE_SYN */
    uint32_t base;    /* sequence number shown as 0: isn, or first octet seen - 1 */
    uint32_t nxt;     /* highest seq + length of non-RST segments, probes excluded */
    uint32_t una;     /* highest valid ACK by the peer: all below is proven delivered */
    uint32_t fin_seq; /* the FIN octet; valid with SIDE_FIN, SIDE_FIN_MAYBE or SIDE_FIN_MISSED */
    uint32_t window;  /* last one advertised, scaled when both SYNs were seen */
    uint32_t max_window;
    uint32_t ts_last; /* greatest TSval in sequence order */
    uint32_t
        syn_print; /* fingerprint of its SYN or SYN-ACK: option order, MSS, window scale; 0 none */
    uint16_t bits; /* enum side_bit */
    uint8_t wscale;
    uint8_t ttl;      /* of its latest segment that is no RST */
    uint8_t syn_ttl;  /* of its SYN or SYN-ACK */
    uint8_t system;   /* guessed from it, see system_name(); 0 unknown */
    uint32_t packets; /* duplicates not counted */
    uint32_t retransmissions;
    uint32_t probes;        /* keep-alives and zero-window probes */
    uint16_t unanswered;    /* segments that ask for an answer since the peer's last segment: data,
                               FIN, probes */
    uint16_t rexmit_run;    /* copies of un-acknowledged octets since una moved */
    uint32_t rexmit_gap_us; /* time between the last two of them */
    uint64_t bytes;         /* payload octets, each counted once */
    int64_t last_t;         /* last segment, ns */
    int64_t last_data_t;    /* last new payload, ns; 0 never */
    struct recent recent;
};

enum flow_bit {
    FLOW_ROLES_GUESSED = 0x01,
    FLOW_SELF = 0x02,        /* a socket connected to itself */
    FLOW_CANDIDATE = 0x04,   /* a SYN on a used five-tuple that is not accepted yet */
    FLOW_DROPPED = 0x08,     /* a candidate that turned out to be none: never reported */
    FLOW_SYN_ACKED = 0x10,   /* a SYN-ACK that acknowledges the SYN was seen */
    FLOW_ESTABLISHED = 0x20, /* the opener acknowledged the SYN-ACK */
    FLOW_REFUSED = 0x40,     /* a reset or ICMP error answered the SYN */
    FLOW_SUCCEEDED = 0x80,   /* a newer incarnation was accepted */
};

/* Lists that an entry may be in, one at a time (flow/table.h). */
enum flow_list_name {
    FLOW_UNLISTED,
    FLOW_OVER,    /* ended, or never opened: silence can only confirm it */
    FLOW_QUIET,   /* packed for lack of activity */
    FLOW_CLOSING, /* ... in the middle of a close */
    FLOW_LISTS
};

enum { FLOW_OCTETS = 8 }; /* sizes of packed flows are multiples of so many octets */

/* What stands in the table: the head of a flow, or of one that was packed. */
struct flow_entry {
    struct flow_entry *prev, *next; /* in its list */
    uint32_t hash;                  /* low bits of its five-tuple's: they lead to its slot */
    uint16_t packed;                /* so many FLOW_OCTETS follow; 0: this is a struct flow */
    uint8_t list;                   /* enum flow_list_name */
    bool has_older; /* of a packed one: a pointer to its older incarnation comes last */
};

struct flow {
    struct flow_entry entry;  /* first member */
    struct flow_entry *older; /* previous incarnation of the five-tuple still in memory, or NULL */
    struct flow *whole_prev,
        *whole_next;          /* among the flows that are not packed, see track/keep.h */
    uint64_t whole_since;     /* last_packet when it was last looked at there */
    struct flow_extra *extra; /* NULL: nothing odd so far */
    struct flow_key key;
    uint64_t stream;      /* number of the connection in order of its first packet, from 0 */
    uint64_t last_packet; /* of its latest record */
    int64_t last_t;       /* ns; the latest time seen, never goes back */
    struct side side[2];
    uint32_t incarnation; /* from 1 */
    uint32_t duplicates;  /* duplicate records dropped */
    uint32_t plain; /* segments without SYN, FIN and RST: none means that a filter took them */
    uint32_t
        rtt_us; /* handshake round trip as seen at the tap, SYN to the opener's ACK; 0 unknown */
    uint32_t last_file;
    uint16_t path;      /* encapsulation of its first segment */
    uint16_t tenant[2]; /* per direction: what can separate tenants, of its first segment */
    uint8_t client;     /* direction of the client: 0 or 1 */
    uint8_t bits;       /* enum flow_bit */
    uint8_t most_holes;
    uint8_t whole_list; /* which queue, see track/keep.h */
    bool translated;    /* a copy on the other side of an address translation, see translation.h */
};

static inline struct flow *flow_of_entry(struct flow_entry *e)
{
    return (struct flow *)e;
}

/* The incarnation before an entry's that is still in memory, or NULL. */
static inline struct flow_entry *flow_older_of(const struct flow_entry *e)
{
    struct flow_entry *older = NULL;

    if (!e->packed)
        return ((const struct flow *)e)->older;
    if (e->has_older)
        memcpy(&older, (const char *)(e + 1) + e->packed * FLOW_OCTETS - sizeof older,
               sizeof older);
    return older;
}

/* The incarnation before f; it must not be packed. NULL: none. */
static inline struct flow *flow_older(const struct flow *f)
{
    return flow_of_entry(f->older);
}

/* Whether an ACK field answers the SYN of this end, alone or with the data it carried
 * (RFC 7413 4.2.2). */
static inline bool side_answered(const struct side *opener, uint32_t ack)
{
    return (opener->bits & SIDE_SYN) && (ack == opener->isn + 1 || ack == opener->nxt);
}

/* The extra part, made when it is first needed; it is freed with the flow. */
struct flow_extra *flow_extra(struct flow *f);

/* The direction that answers dir: the other one, or itself when a socket is connected to itself. */
static inline int flow_peer(const struct flow *f, int dir)
{
    return !dir ^ ((f->bits & FLOW_SELF) != 0);
}

/* Remember a sample of where something was seen: the first n are kept. */
static inline void keep_sample(struct ref *samples, uint32_t n, uint32_t *count,
                               const struct ref *at)
{
    if (*count < n)
        samples[*count] = *at;
    ++*count;
}

#endif
