/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Resets and openings that come in crowds: R2 rst-to-syn-middlebox, R10 rst-idle-timeout, R14
 * rst-storm, R16 port-scan, S4 syn-flood (close-semantics 4.4, 4.5, 9.16, 9.21). The unit is a
 * reset event: one connection, one cause. */
#ifndef LASTACK_DETECT_STORM_H
#define LASTACK_DETECT_STORM_H

#include "detect/capture_wide.h"
#include "detect/series.h"

enum { STORM_KEYS = 2048, STORM_PEERS = 64, STORM_IDLE = 64, STORM_FINDINGS = 64 };

/* Events of one service (address and port), or of one source of attempts. */
struct storm_key {
    struct addr addr;
    uint16_t port;                        /* of a service; 0: a source */
    uint64_t connections, resets, failed; /* failed: refused, unanswered or reset half-way */
    uint64_t by_cause[FINDING_COUNT];
    struct series reset_rate, attempt_rate, end_rate; /* events a second */
    uint64_t peer[STORM_PEERS]; /* hashes of distinct peers (of a service) or targets (of a source),
                                   the first ones */
    size_t n_peers;             /* as far as counted */
    int64_t idle[STORM_IDLE]; /* of resets after 30 s of silence and more: how long it was, ns; the
                                 first ones */
    size_t n_idle;
    uint8_t answer_ttl;              /* of a service's SYN-ACKs; 0 unknown */
    uint8_t refusal_ttl[STORM_IDLE]; /* of resets that answered SYNs; the first ones */
    uint64_t refusal_stream[STORM_IDLE];
    size_t n_refusals;
    struct ref first, last; /* reset or failed attempt */
    uint64_t stream, stream_last;
    uint64_t member[CROSS_MEMBERS];
    size_t n_named;
};

struct storms {
    struct storm_key **key;
    size_t n;
    uint64_t omitted;
    uint32_t slot[2 * STORM_KEYS];
};

void storms_add(struct storms *t, const struct facts *f);
size_t storms_finish(const struct storms *t, const struct settings *settings, struct arena *arena,
                     struct cross_finding out[STORM_FINDINGS]);
void storms_done(struct storms *t);

#endif
