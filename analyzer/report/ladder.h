/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A connection laid out as a ladder: time, the client's state, the segment, the server's state;
 * what timers did between packets, long silences, and the findings under the packets that prove
 * them. Layout only: rows have texts, not colours or columns. */
#ifndef LASTACK_REPORT_LADDER_H
#define LASTACK_REPORT_LADDER_H

#include "base/arena.h"
#include "report/model.h"

enum ladder_kind {
    LADDER_SEGMENT,
    LADDER_FOLD,     /* data and ACKs of one direction */
    LADDER_FOLD_END, /* the last packet of such a fold, when it is far behind the first */
    LADDER_TIMER,    /* a state change that no packet brought */
    LADDER_SILENCE,  /* nothing for so long */
    LADDER_FINDING,
    LADDER_OMITTED, /* steps that were not kept */
};

/* What of a segment catches the eye. */
enum ladder_tone { TONE_PLAIN, TONE_SYN, TONE_FIN, TONE_RST };

struct ladder_row {
    enum ladder_kind kind;
    enum ladder_tone tone;         /* SEGMENT; an ICMP error counts as a RST */
    int64_t t;                     /* ns; not of findings */
    struct ref at;                 /* SEGMENT, FOLD, FOLD_END: the packet */
    const struct model_step *step; /* of these */
    const struct finding *finding; /* FINDING */
    bool right;                    /* the arrow points from client to server */
    const char *label; /* "FIN,ACK seq 1 ack 1", "5792 octets in 4 segments", "the last of these",
                          "timer TIME_WAIT 60 s (linux)" */
    const char *note;  /* "retransmission", ...; NULL for none */
    const char *state[2]; /* by enum end: the state entered with this row; NULL: unchanged */
    bool likely[2];       /* that state is likely, not proven */
};

static inline bool ladder_row_is_packet(const struct ladder_row *r)
{
    return r->kind == LADDER_SEGMENT || r->kind == LADDER_FOLD || r->kind == LADDER_FOLD_END;
}

/* The rows of c, in the arena; *n is set to their number. eoc: end of the capture, ns. */
const struct ladder_row *ladder_layout(const struct model_connection *c, struct arena *arena,
                                       size_t *n);
/* The row of a single segment, for what a fold stands for. */
struct ladder_row ladder_segment(const struct model_step *s, struct arena *arena);

#endif
