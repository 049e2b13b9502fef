/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the connections from one client to one service have in common: how many ports are taken at
 * once (T9 ephemeral-port-pressure), and whether SYNs are swallowed by their timestamps (T10
 * syn-dropped-by-timestamp). */
#ifndef LASTACK_DETECT_PAIR_H
#define LASTACK_DETECT_PAIR_H

#include "detect/capture_wide.h"
#include "detect/dwell.h"
#include "detect/series.h"

enum { PAIRS_MAX = 4096, PAIR_SYNS = 256, PAIR_FINDINGS = 32 };

/* A SYN with a timestamp, and whether it was answered. */
struct pair_syn {
    int64_t t;
    uint32_t ts_val;
    bool answered, dropped; /* dropped: repeated in vain */
    uint64_t stream;
};

struct pair {
    struct addr client, server;
    uint16_t port;
    uint64_t connections, reuses, stream;
    struct series used;     /* ports taken at once, by connections and by the client's TIME_WAIT */
    struct dwell reuse_gap; /* from the end of TIME_WAIT's start to the next SYN on the port */
    struct pair_syn *syn;   /* the first PAIR_SYNS; owned */
    size_t n_syns, cap;
};

struct pairs {
    struct pair **pair;
    size_t n;
    uint64_t omitted;
    uint32_t slot[2 * PAIRS_MAX];
};

void pairs_add(struct pairs *t, const struct facts *f);
size_t pairs_finish(const struct pairs *t, const struct settings *settings, struct arena *arena,
                    struct cross_finding out[PAIR_FINDINGS]);
void pairs_done(struct pairs *t);

#endif
