/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A connection as it is kept while the capture is read: its flow in sequence space and the log of
 * the segments that matter. Data and its ACKs between two such segments are folded into one step
 * for each direction, so that a long transfer costs no more than a short one. Everything about
 * states is derived from this log afterwards, with hindsight (replay.h). */
#ifndef LASTACK_TRACK_CONNECTION_H
#define LASTACK_TRACK_CONNECTION_H

#include "flow/flow.h"

enum step_kind {
    STEP_SEGMENT,
    STEP_FOLD, /* data and ACKs of one direction that change no state */
    STEP_ICMP, /* an ICMP error that answers the SYN; dir is the end that it speaks for */
};

struct step {
    int64_t t; /* ns; a fold: of its first packet */
    uint64_t packet : 40;
    uint64_t file : 16;
    uint64_t dir : 1;
    uint64_t kind : 2;     /* enum step_kind */
    uint64_t of_other : 1; /* counted in another incarnation, shown here too: `of` */
    uint64_t has_ts : 1;   /* ts_val is valid */
    union {
        struct {
            uint32_t seq, ack;
            union {
                uint32_t ts_val;
                uint32_t of; /* with of_other: low bits of the stream that counts it */
            };
            uint32_t len : 24; /* payload octets */
            uint32_t ttl : 8;
            union {
                struct {
                    uint32_t seen : 22; /* enum seen_bit */
                    uint32_t flags : 9; /* enum tcp_flag */
                };
                uint32_t icmp; /* STEP_ICMP: type << 8 | code */
            };
            uint16_t window, ip_id;
        };
        struct { /* a fold stays within one file; when a counter is full another fold begins */
            int64_t last_t;
            uint64_t last_packet : 40;
            uint64_t segments : 24; /* with payload */
            uint64_t bytes : 40;    /* new octets only */
            uint64_t acks : 24;     /* segments without payload */
        };
    };
};

_Static_assert(sizeof(struct step) == 40, "a step takes 40 octets");

enum {
    STEPS_USUAL = 256, /* so many steps of a connection are kept unless --limit says otherwise, */
    STEPS_MOST = 1024, /* and never more: three quarters from its start, the rest from its end */
    STEPS_CHUNK = 12,  /* room for a handshake and one exchange, taken from a pool */
};

struct steps {
    struct step *at;
    uint64_t total; /* pushed so far */
    uint32_t cap;
    uint16_t open_fold[2]; /* index + 1 of the fold that still grows; 0: none */
    uint16_t most;         /* so many are kept; what lies between the first and the last of them is
                              counted */
};

struct tail;

struct connection {
    struct flow flow; /* first member: the flow table hands out flows */
    struct steps steps;
    struct tail *before;  /* what the previous incarnation left behind, or NULL; owned */
    uint16_t clock_steps; /* this and the next: of the capture, known when it was handed on */
    uint16_t losses;
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
