/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the connections from one client to one service have in common: how many ports are taken at
 * once (T9 ephemeral-port-pressure), whether SYNs are swallowed by their timestamps (T10
 * syn-dropped-by-timestamp), and whether refusals come too fast to be the server's (R2
 * rst-to-syn-middlebox; middlebox.h has its other signs). */
#ifndef LASTACK_DETECT_PAIR_H
#define LASTACK_DETECT_PAIR_H

#include "detect/dwell.h"
#include "detect/findings_across.h"
#include "detect/series.h"
#include "detect/tally.h"

enum { PAIR_SYNS = 256 };

/* A SYN with a timestamp, and whether it was answered. */
struct pair_syn {
    int64_t t;
    uint64_t stream : 62;
    uint64_t answered : 1;
    uint64_t dropped : 1; /* repeated in vain */
    uint32_t ts_val;
};

struct pair_key {
    struct addr client, server;
    uint16_t port;
};

struct pair {
    struct pair_key key; /* first member: see keyed.h */
    uint64_t connections, reuses, stream;
    const char *os;     /* the client's system as its first SYN shows it; NULL unknown */
    struct series used; /* ports taken at once, by connections and by the client's TIME_WAIT */
    uint64_t answers;   /* whose time is known: */
    int64_t fastest_answer, fastest_refusal; /* from SYN to SYN-ACK or reset, ns; 0 none */
    uint64_t refusal_stream;                 /* of the fastest */
    struct pair_syn *syn;                    /* the earliest PAIR_SYNS, by time; owned */
    size_t n_syns, cap;
    struct dwell reuse_gap; /* from the start of TIME_WAIT to the next SYN on the port */
};

struct pairs {
    struct keyed of; /* struct pair */
};

/* With its padding zero. */
struct pair_key pair_key(const struct facts *f);
/* Put everything in order that was added: needed before anything is read. */
void pairs_settle(struct pairs *t);
void pairs_finish(const struct pairs *t, const struct settings *settings, struct cross_list *out);
void pairs_done(struct pairs *t);

#endif
