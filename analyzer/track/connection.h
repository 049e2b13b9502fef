/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A connection as it is kept while the capture is read: its flow in sequence space and the log of the segments that matter. Data
 * and its ACKs between two such segments are folded into one step for each direction, so that a long transfer costs no more than a short
 * one. Everything about states is derived from this log afterwards, with hindsight (replay.h). */
#ifndef LASTACK_TRACK_CONNECTION_H
#define LASTACK_TRACK_CONNECTION_H

#include "flow/flow.h"

enum step_kind {
    STEP_SEGMENT,
    STEP_FOLD, /* data and ACKs of one direction that change no state */
    STEP_ICMP, /* an ICMP error that answers the SYN; dir is the end that it speaks for */
};

struct step {
    int64_t t;             /* ns; a fold: of its first packet */
    uint64_t packet : 40;
    uint64_t file : 16;
    uint64_t dir : 1;
    uint64_t kind : 2;     /* enum step_kind */
    uint64_t of_other : 1; /* counted in another incarnation, shown here too: `of` */
    union {
        struct {
            uint32_t seq, ack, len;
            uint32_t seen;         /* enum seen_bit; STEP_ICMP: type << 8 | code */
            uint32_t ts_val;
            uint32_t of;           /* low bits of the stream that counts it; with of_other */
            uint16_t flags, window;
            uint16_t ip_id;
            uint8_t ttl;
            uint8_t has_ts : 1;
        };
        struct {
            int64_t last_t;
            uint64_t last_packet : 40;
            uint64_t last_file : 16;
            uint64_t bytes;        /* new octets only */
            uint32_t segments;     /* with payload */
            uint32_t acks;         /* without */
        };
    };
};

enum {
    STEPS_FIRST = 192, /* so many steps of a connection are kept from its start, */
    STEPS_LAST = 64,   /* and so many from its end; what lies between is counted */
    STEPS_CHUNK = 5,   /* room for a handshake and one exchange, taken from a pool */
};

struct steps {
    struct step *at;
    uint64_t total;         /* pushed so far */
    uint32_t cap;
    uint16_t open_fold[2];  /* index + 1 of the fold that still grows; 0: none */
};

struct connection {
    struct flow flow;       /* first member: the flow table hands out flows */
    struct steps steps;
};

static inline struct connection *connection_of(struct flow *f)
{
    return (struct connection *)f;
}

/* Where a step was seen. */
static inline struct ref step_ref(const struct step *s)
{
    return (struct ref){.t = s->t, .packet = s->packet, .file = s->file};
}

#endif
