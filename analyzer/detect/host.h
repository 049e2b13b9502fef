/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the connections of one end have in common: per address, service (the server's port) and
 * role, how they closed, who closed first, how long states were held, and how many were in a state
 * at the same time. */
#ifndef LASTACK_DETECT_HOST_H
#define LASTACK_DETECT_HOST_H

#include "detect/dwell.h"
#include "detect/facts.h"
#include "detect/keyed.h"
#include "detect/series.h"
#include "detect/tally.h"

/* The states whose populations matter to an operator. */
enum host_state { HOST_TIME_WAIT, HOST_CLOSE_WAIT, HOST_FIN_WAIT_2, HOST_LAST_ACK, HOST_STATES };

struct host_key {
    struct addr addr;
    uint16_t service; /* the server's port, whichever end this is */
    uint16_t role;    /* enum end */
};

/* A stay in a state. */
struct host_stay {
    int64_t from, to; /* ns */
    uint8_t state;    /* enum tcp_state */
    bool ended;       /* false: it lasts to the end of what is known */
};

enum { HOST_STAYS = 32 };

/* An end of connections: an address, a service and its role in it. */
struct host {
    struct host_key key;     /* first member: see keyed.h */
    unsigned n_stays;        /* that are not counted yet: many at once touch less memory */
    struct host_stay *stays; /* up to HOST_STAYS; owned */
    uint64_t connections;
    uint64_t closed_first, closed_second;
    uint64_t peer_closed;                /* it acknowledged the peer's FIN */
    uint64_t stream;                     /* the first connection */
    uint64_t leak_stream, answer_stream; /* a connection that waits in CLOSE_WAIT, and one that was
                                            closed: example and counterexample */
    bool known, has_leak, has_answer;
    uint64_t by_kind[CLOSE_KIND_COUNT];
    /* of the stays that were counted */
    struct dwell held[ST_COUNT]; /* by state: of stays that ended */
    struct dwell open[ST_COUNT]; /* of stays that lasted to the end of the capture */
    struct dwell waiting;        /* idle in CLOSE_WAIT at the end of the capture, long or not */
    struct series population[HOST_STATES];
};

struct host_table {
    struct keyed of; /* struct host, in order of their first connection */
};

/* Count everything that was added: needed before anything is read. */
void hosts_settle(struct host_table *t);
/* How long an idle CLOSE_WAIT must last here to be left, not slow: 10 times as long as the closes
 * of this host take, a second at least, and no longer than the threshold (close-semantics 9.9); ns.
 */
int64_t host_patience(const struct host *h, const struct settings *settings);
/* Connections that have been idle in CLOSE_WAIT for at least so long at the end of the capture. */
uint64_t host_left(const struct host *h, int64_t patience);
void hosts_done(struct host_table *t);
enum tcp_state host_state(enum host_state s);
const char *host_state_name(enum host_state s); /* "TIME_WAIT" */

#endif
