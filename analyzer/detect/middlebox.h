/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What only a device on the path explains, seen over the connections of a service: R2
 * rst-to-syn-middlebox, R10 rst-idle-timeout, and resets that come from another distance than the
 * end in whose name they are sent, R7 rst-half-open-peer and R11 rst-injection-suspected
 * (close-semantics 4.2 #3 and #15, 9.10, 9.15). */
#ifndef LASTACK_DETECT_MIDDLEBOX_H
#define LASTACK_DETECT_MIDDLEBOX_H

#include "detect/dwell.h"
#include "detect/findings_across.h"
#include "detect/tally.h"

enum { BOX_TTLS = 8, BOX_ATTEMPTS = 64, BOX_STRANGERS = 8 };

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

/* Resets that are alike. */
struct box_resets {
    uint64_t n, stream; /* connections, and the first */
    struct ref first, last;
};

/* Resets of one cause in the name of one end whose TTL differs from that of its other segments by
 * the same number in each connection. */
struct box_stranger {
    enum finding_id cause;
    enum end end;
    uint8_t ttl, other_ttl; /* in the first of them */
    struct box_resets of;
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
    struct dwell idle; /* silence before resets, of those after 30 s and more: */
    struct box_resets idle_of;
    struct box_stranger stranger[BOX_STRANGERS]; /* more are not looked at */
    size_t n_strangers;
};

struct boxes {
    struct keyed of; /* struct box */
};

void boxes_finish(const struct boxes *t, struct cross_list *out);
void boxes_done(struct boxes *t);

#endif
