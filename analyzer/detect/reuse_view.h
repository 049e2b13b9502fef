/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A five-tuple that is used again: the new SYN against what the old incarnation left, and how the
 * other end answered. Facts only; the classes are in reuse.c. */
#ifndef LASTACK_DETECT_REUSE_VIEW_H
#define LASTACK_DETECT_REUSE_VIEW_H

#include "detect/scene.h"
#include "track/tail.h"

/* How the other end answered the new SYN at first. */
enum reuse_answer {
    ANSWER_NONE, /* nothing yet, or a single SYN */
    ANSWER_SYNACK,
    ANSWER_ACK, /* an ACK with the old numbers (RFC 5961 4, TIME_WAIT) */
    ANSWER_RST,
    ANSWER_SILENCE, /* at least one copy of the SYN before any answer */
};

struct reuse_view {
    const struct tail *old;
    const struct life *l;
    const struct flow *flow;
    int x, z; /* directions of the opener and of the other end */
    const struct step *syn;
    int syn_copies; /* before the SYN-ACK */
    enum reuse_answer answer;
    int answer_step;   /* -1 none */
    int rst_step;      /* the opener's reset of a refusal; -1 none */
    int synack_step;   /* the SYN-ACK that accepts; -1 none */
    bool accepted;     /* the opener acknowledged it */
    int64_t delay;     /* from the first SYN to the SYN-ACK, ns */
    int64_t tried_for; /* from the first SYN to its last copy, ns */
    int holder;  /* direction that holds TIME_WAIT when the SYN comes, or would but for a reset; -1
                    nobody. The opener's own counts when both do not */
    bool killed; /* ... a reset came before its time was over */
    int64_t gap; /* since the latest start of TIME_WAIT; valid with a holder */
    bool seq_ok; /* new ISN above the last octet used (RFC 6191) */
    bool far;    /* ... by at least a window */
    bool ts_old, ts_new;     /* timestamps then and now */
    bool ts_newer, ts_equal; /* valid with both */
    bool z_isn_ok;           /* the answering ISN is above the old space (RFC 1122 4.2.2.13) */
    bool other_machine;      /* the SYN's fingerprint differs: NAT (C7) */
};

/* False when the connection is not a reuse, or its SYN was not seen. */
bool reuse_view(const struct scene *s, struct reuse_view *v);

#endif
