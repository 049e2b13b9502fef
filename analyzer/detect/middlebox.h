/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What only a device on the path explains, seen over the connections of a service: R2
 * rst-to-syn-middlebox and R10 rst-idle-timeout (close-semantics 4.2 #3 and #15, 9.10). */
#ifndef LASTACK_DETECT_MIDDLEBOX_H
#define LASTACK_DETECT_MIDDLEBOX_H

#include "detect/dwell.h"
#include "detect/findings_across.h"
#include "detect/tally.h"

enum { BOX_TTLS = 8, BOX_ATTEMPTS = 64 };

/* How SYNs were answered with one TTL. */
struct box_ttl {
    uint8_t ttl;
    uint64_t answers, refusals;
    uint64_t stream; /* the first refused */
};

/* An attempt to connect and how it ended. */
struct box_attempt {
    int64_t t; /* of the SYN, ns */
    uint64_t stream;
    bool refused;
};

struct service_key {
    struct addr addr;
    uint16_t port;
};

struct box {
    struct service_key key;       /* first member: see keyed.h */
    struct box_ttl ttl[BOX_TTLS]; /* by TTL; a service has one, a box on the path another */
    size_t n_ttls;                /* more are not looked at */
    struct box_attempt attempt[BOX_ATTEMPTS]; /* the earliest, by time */
    size_t n_attempts;
    struct dwell idle; /* silence before resets, of those after 30 s and more */
    uint64_t idle_stream;
    struct ref idle_first, idle_last;
};

struct boxes {
    struct keyed of; /* struct box */
};

void boxes_finish(const struct boxes *t, struct cross_list *out);
void boxes_done(struct boxes *t);

#endif
