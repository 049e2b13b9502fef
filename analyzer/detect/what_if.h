/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What would change with another length of TIME_WAIT (--what-if-time-wait): how many sockets each
 * holder would keep, how many ports towards a service would be taken, and what would have become of
 * the reuses that were seen. */
#ifndef LASTACK_DETECT_WHAT_IF_H
#define LASTACK_DETECT_WHAT_IF_H

#include "detect/facts.h"
#include "detect/pair.h"
#include "detect/series.h"

enum { WHAT_IF_LENGTHS = 8 };

/* Reuses of a five-tuple after a complete close, by the tests of RFC 6191. */
enum reuse_fate {
    REUSE_FREE,
    REUSE_LEGAL,
    REUSE_RISKY,
    REUSE_VIOLATION,
    REUSE_REFUSED,
    REUSE_FATES
};

/* One holder of TIME_WAITs. */
struct what_if_holder {
    struct addr addr;        /* the key: first member, see keyed.h */
    uint64_t closes, stream; /* stream: the first of its connections */
    struct series held[WHAT_IF_LENGTHS];
};

/* The ports of a client towards one service. */
struct what_if_pair {
    struct pair_key key; /* first member */
    uint64_t connections, stream;
    struct series used[WHAT_IF_LENGTHS];
};

struct what_if {
    size_t n;                        /* 0: not asked */
    int64_t length[WHAT_IF_LENGTHS]; /* ns */
    uint64_t reuse[WHAT_IF_LENGTHS][REUSE_FATES];
    struct keyed holders, pairs; /* struct what_if_holder, struct what_if_pair */
};

/* "30,60,120": up to WHAT_IF_LENGTHS lengths in seconds. False when it is not. */
bool what_if_parse(struct what_if *w, const char *text);
void what_if_add(struct what_if *w, const struct facts *f);
/* Put holders and pairs in the order of their first connections, and what was added in the order
 * of time: needed before anything is read. */
void what_if_settle(struct what_if *w);
void what_if_done(struct what_if *w);
const char *reuse_fate_name(enum reuse_fate f);

#endif
