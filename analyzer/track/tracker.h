/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The engine's inner loop: each segment goes to its connection and into its step log; a connection
 * that ended and that nothing can change any more is handed on and forgotten. The result for a
 * connection depends on its own segments, the options and the end of the capture, never on other
 * connections. */
#ifndef LASTACK_TRACK_TRACKER_H
#define LASTACK_TRACK_TRACKER_H

#include "base/pool.h"
#include "flow/table.h"
#include "track/connection.h"
#include "track/settings.h"

/* Takes over a finished connection. judged_at: up to when its silence is known, ns. The receiver
 * calls tracker_release() when it is done with it, then or later. */
typedef void tracker_finished(void *context, struct connection *c, int64_t judged_at);

struct tracker {
    struct flow_table flows;
    struct pool chunks; /* of STEPS_CHUNK steps */
    int64_t linger;     /* ns: an ended connection is kept so long, for its TIME_WAIT and strays */
    const struct settings *settings;
    const uint32_t *tap_of; /* by file; see flow/taps.h */
    int64_t *clock;         /* by tap: the latest time of its records, ns */
    tracker_finished *finished;
    void *context;
    uint64_t segments, duplicates; /* counted over the capture */
    uint64_t most_alive;           /* connections in memory at once */
};

/* settings: what is assumed, borrowed. tap_of: the tap of each file, borrowed; n_taps
 * of them. */
void tracker_init(struct tracker *t, const struct settings *settings, const uint32_t *tap_of,
                  uint32_t n_taps, tracker_finished *finished, void *context);
void tracker_done(struct tracker *t);
/* Take a segment into account. */
void tracker_segment(struct tracker *t, const struct segment *s);
/* An ICMP error that quotes a SYN which is still unanswered refuses it (RFC 9293 3.9.2.2,
 * close-semantics 1.7). */
void tracker_icmp(struct tracker *t, const struct icmp_error *e);
/* A record of the file has the time `now`: hand on what has been quiet long enough. Call it for
 * each record, before its segment. */
void tracker_clock(struct tracker *t, uint32_t file, int64_t now);
/* The capture ends with the latest record of each tap: hand on everything, in order of stream. */
void tracker_end(struct tracker *t);
void tracker_release(struct tracker *t, struct connection *c);

#endif
