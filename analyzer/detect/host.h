/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the connections of one end have in common: per address, service (the server's port) and
 * role, how they closed, who closed first, how long states were held, and how many were in a state
 * at the same time. */
#ifndef LASTACK_DETECT_HOST_H
#define LASTACK_DETECT_HOST_H

#include "detect/dwell.h"
#include "detect/facts.h"
#include "detect/series.h"

enum { HOSTS_MAX = 4096 }; /* more are counted, not kept */

/* The states whose populations matter to an operator. */
enum host_state { HOST_TIME_WAIT, HOST_CLOSE_WAIT, HOST_FIN_WAIT_2, HOST_LAST_ACK, HOST_STATES };

struct host {
    struct addr addr;
    uint16_t service;
    enum end role;
    uint64_t connections;
    uint64_t by_kind[CLOSE_KIND_COUNT];
    uint64_t closed_first, closed_second;
    uint64_t peer_closed, never_closed;  /* the peer's FIN was acknowledged; of these: no FIN or
                                            reset of this end, long enough to say so */
    uint64_t stream;                     /* the first connection */
    uint64_t leak_stream, answer_stream; /* a connection left in CLOSE_WAIT, and one that was
                                            closed: example and counterexample */
    bool has_leak, has_answer;
    struct dwell held[HOST_STATES]; /* of states that ended */
    struct dwell open[HOST_STATES]; /* of states that lasted to the end of the capture */
    struct series population[HOST_STATES];
};

struct host_table {
    struct host **host; /* in order of their first connection */
    size_t n;
    uint64_t omitted; /* ends of connections that found no place */
    uint32_t slot[2 * HOSTS_MAX];
};

/* Take both ends of a connection into account. */
void hosts_add(struct host_table *t, const struct facts *f);
void hosts_done(struct host_table *t);
const char *host_state_name(enum host_state s); /* "TIME_WAIT" */

#endif
