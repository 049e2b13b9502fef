/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the book-keeping over many connections needs to know of one: a plain value, made of a judged
 * connection. Whoever adds up knows nothing else, so results of parts of a capture add up to the
 * result of the whole. Indexes of two are enum end. */
#ifndef LASTACK_DETECT_FACTS_H
#define LASTACK_DETECT_FACTS_H

#include "detect/scene.h"

/* A state that an endpoint was in. */
struct fact_stay {
    enum tcp_state state;
    int64_t from, to; /* ns; the last one lasts to the end of what is known */
};

struct fact_end {
    struct addr addr;
    uint16_t port;
    uint64_t packets;
    uint8_t syn_ttl; /* of its SYN or SYN-ACK; 0 unknown */
    const char *os;  /* its system as guessed from that, a profile's constant name; NULL unknown */
    bool fin;        /* it sent a FIN, seen or inferred */
    int64_t waits;   /* ns; idle in CLOSE_WAIT at the end of the capture for so long, long or not;
                        0: it is not */
    bool closed;     /* its last state is CLOSED */
    size_t n_stays;
    const struct fact_stay *stays;
    bool time_wait;                            /* it held one: */
    int64_t time_wait_since, time_wait_length; /* latest start, and length assumed; ns */
};

/* A five-tuple used again: what the old incarnation left, and what tells new octets from old. */
struct fact_reuse {
    bool held_by_opener, held_by_other; /* who kept a TIME_WAIT that no reset ended: */
    int64_t opener_gap, other_gap;      /* ... and how long before the SYN it began, ns */
    bool opener_over, other_over;       /* ... and that it had run out by then */
    bool both_acked;                    /* the old close was complete */
    bool ts_old, ts_new, ts_newer, ts_equal, seq_ok, far; /* see reuse_view.h */
};

struct facts {
    uint64_t stream;
    enum close_kind kind;
    bool self;       /* a socket connected to itself */
    bool translated; /* a copy on the other side of an address translation, see twins.h */
    struct ref first, last;
    int64_t eoc; /* silence is known up to here, ns */
    struct fact_end end[2];
    enum end first_closer; /* END_NONE: nobody, both or unknown */
    bool both_closed_first;
    uint64_t plain;   /* segments without SYN, FIN and RST */
    bool flags_only;  /* ... of which there are none though there should be */
    bool clock_doubt; /* a clock step left a question open */
    bool gap;         /* octets were acknowledged that were not captured */
    /* the opening */
    bool answered; /* a SYN-ACK came */
    bool half_way; /* ... and nothing completed the handshake */
    bool syn_ts;   /* the SYN carried a timestamp: */
    uint32_t syn_ts_val;
    unsigned syn_copies; /* ... and was repeated so often */
    /* the reset that counts: the first with effect, or the first with a cause */
    bool has_reset;
    struct ref reset;
    bool reset_by_icmp; /* an ICMP error in its place; the next four are of segments only */
    enum end reset_end; /* in whose name it came */
    uint8_t reset_ttl;
    uint8_t reset_other_ttl; /* of all else from that end, when it is another (reset_view.h) */
    int64_t reset_idle;      /* silence before it, ns */
    enum finding_id reset_cause;
    bool has_reuse;
    struct fact_reuse reuse;
};

/* Whether one of these findings of a connection says that octets were not captured: facts.gap. */
bool facts_gap(const struct finding *findings, size_t n);
/* Fill in the facts of a judged connection; what they point to lives in the scene's arena. */
void facts_of(const struct scene *s, struct facts *f);
/* When that end's TIME_WAIT is over if it lasts `length` ns: earlier when something else than time
 * ended it, a reset or a new connection on its ports. */
int64_t facts_time_wait_end(const struct fact_end *e, int64_t length);
/* Whether a connection counts towards hosts, pairs and storms: strays and sockets connected to
 * themselves don't. */
bool facts_count(const struct facts *f);

#endif
