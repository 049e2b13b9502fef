/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Resets and openings that come in crowds: R14 rst-storm, R16 port-scan, S4 syn-flood
 * (close-semantics 4.4, 4.5, 9.16, 9.21). The unit is a reset event: one connection, one cause.
 * What is kept adds up by second, in any order; what is found in it is in storm_findings.c. */
#ifndef LASTACK_DETECT_STORM_H
#define LASTACK_DETECT_STORM_H

#include "detect/dwell.h"
#include "detect/findings_across.h"
#include "detect/keyed.h"
#include "detect/peers.h"
#include "detect/series.h"
#include "detect/tally.h"

enum storm_scope {
    STORM_SERVICE, /* a server's address and port */
    STORM_SERVER,  /* all services of an address */
    STORM_CLIENT,  /* all that an address opened */
};

struct storm_key {
    struct addr addr;
    uint16_t port;  /* of a service */
    uint16_t scope; /* enum storm_scope */
};

/* Events of one cause. */
struct storm_cause {
    enum finding_id cause;
    struct series at;
};

/* The first and the last event of a second. */
struct storm_second {
    int64_t second;
    struct ref first, last;
};

struct storm {
    struct storm_key key;         /* first member: see keyed.h */
    uint64_t connections, failed; /* failed: refused, unanswered or reset half-way */
    struct series ended;          /* connections, by their last packet */
    struct series tried;          /* failed ones, by their SYN */
    struct series half_open;      /* of these, those that were not refused */
    struct series resets;
    struct storm_cause *cause; /* the same by cause; owned */
    size_t n_causes;
    struct storm_second *second; /* of resets, ascending; owned */
    size_t n_seconds, cap_seconds;
    struct peers peers;   /* the other ends' addresses, of resets and failed attempts */
    struct peers targets; /* ... services (address and port) that they were towards */
    struct dwell idle;    /* silence before the resets */
    uint64_t member[CROSS_MEMBERS];
    size_t n_named;
    struct ref try_first, try_last; /* failed attempts */
};

struct storms {
    struct keyed of; /* struct storm */
};

/* Put everything in order that was added: needed before anything is read. */
void storms_settle(struct storms *t);
void storms_finish(const struct storms *t, const struct settings *settings, struct cross_list *out);
void storms_done(struct storms *t);

#endif
