/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The finished model: all that text, JSON, ladder and browser may know. Whoever reads it gets it
 * const and needs nothing from the tracker. Strings and arrays are borrowed: those of a connection
 * live as long as the call that hands the connection out, those of the summary as long as the
 * report. Pointers that may be NULL say so. */
#ifndef LASTACK_REPORT_MODEL_H
#define LASTACK_REPORT_MODEL_H

#include "base/addr.h"
#include "base/ref.h"
#include "capture/input.h"
#include "decode/note.h"
#include "detect/finding.h"
#include "detect/series.h"
#include "track/close.h"
#include "track/settings.h"
#include "track/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One state that an endpoint went through. */
struct model_state {
    enum tcp_state state;
    struct ref at; /* at.packet 0: a timer or silence, not a packet */
    int64_t held;  /* ns until the next state or the end of the capture; -1 unknown */
    bool
        proven; /* required by what the endpoint itself sent (close-semantics 1.1); false: likely */
    const char *cause; /* "snd FIN", "rcv ACK of FIN", "timer TIME_WAIT 60 s (linux)" */
};

struct model_rst {
    struct ref at;
    bool effective;    /* the receiver accepted it (close-semantics 1.4) */
    const char *cause; /* id of the finding that says why; NULL unknown */
    double confidence; /* of the cause */
};

/* The TIME_WAIT of an end. */
struct model_time_wait {
    bool held;
    int64_t since; /* latest start: the holder's last ACK, or what restarted it, ns */
    unsigned restarts;
    int64_t length;      /* assumed, ns */
    const char *profile; /* whose length that is; NULL: seconds from the command line */
    const char *ended;   /* "timer", "reset", "new-connection" (on the same ports), "capture-end" */
    int64_t until;       /* end, or when it would end; ns */
};

struct model_endpoint {
    struct addr addr;
    uint16_t port;
    enum tcp_state state; /* likely state at the end of the capture */
    enum tcp_state proven_state;
    size_t n_states;
    const struct model_state *states;
    uint64_t packets, bytes;  /* sent by this end; payload octets, each counted once */
    uint64_t retransmissions; /* segments with data or FIN sent again */
    bool isn_known;
    uint32_t isn;
    bool fin_seen;           /* the next four are valid with it */
    struct ref fin;          /* first copy */
    uint32_t fin_copies;     /* retransmissions, the first transmission not counted */
    struct ref fin_acked_by; /* packet 0: never acknowledged */
    size_t n_rsts;
    const struct model_rst *rsts;
    struct model_time_wait time_wait;
    const char *os; /* guessed system, or NULL */
};

/* One row of the ladder: a segment that matters, or data folded. */
struct model_step {
    enum end from;
    struct ref at; /* a fold: its first packet */
    bool fold;
    bool icmp; /* an ICMP error that answers the SYN: only note says what */
    /* a segment */
    uint16_t flags; /* enum tcp_flag */
    int64_t seq,
        ack; /* relative to this incarnation's initial numbers; ack valid with the ACK flag */
    uint32_t seq_raw, ack_raw, len;
    const char *note; /* "retransmission", "keep-alive", ...; NULL for none */
    bool of_other;    /* counted in another connection: */
    uint64_t of;      /* that one's stream */
    /* a fold of data */
    uint64_t segments, bytes,
        acks; /* data segments, their octets, and pure ACKs of this end in between */
    struct ref last;
    /* likely states after this step */
    enum tcp_state state[2]; /* indexed by END_CLIENT, END_SERVER */
};

struct facts;

/* A connection: one incarnation of a five-tuple. */
struct model_connection {
    uint64_t stream;
    uint32_t incarnation; /* from 1 */
    uint32_t tap; /* 0, or the number of the tap (several capture points of the same traffic) */
    struct model_endpoint end[2];
    bool roles_guessed; /* mid-stream: who is the client is a guess */
    bool self;          /* a socket connected to itself */
    const char *path;   /* "vlan 12, vxlan 7"; "" for none */
    struct ref first, last;
    enum handshake handshake;
    enum close_kind close;
    /* who closed first: */
    bool closed_by_somebody; /* false: nobody closed, the field is absent */
    bool first_closer_both, first_closer_known;
    enum end first_closer; /* valid when known and not both */
    bool holder_known;     /* TIME_WAIT: false is "unknown" */
    bool holder[2];        /* both false: nobody holds one */
    bool holder_open;      /* a second holder is possible */
    bool half_closed; /* the next is valid: between the ACK of the first FIN and the second FIN or
                         the end */
    int64_t half_closed_for;
    const struct model_rst *reset; /* the reset that ended it, or NULL */
    enum end reset_by;
    const char *reset_after_fin; /* "none", "own", "peer", "both" as seen by its sender */
    size_t n_undetermined, n_findings, n_steps;
    const struct undetermined *undetermined;
    const struct finding *findings; /* worst first */
    const struct model_step *steps;
    const struct facts *facts; /* what is counted over many connections (detect/facts.h) */
    uint64_t steps_omitted;    /* dropped by the limit on steps, */
    size_t n_steps_first;      /* after this many of the kept ones */
};

/* Findings that say the same about the same culprit, for the text report. */
struct model_group {
    enum finding_id id;
    enum severity severity; /* the worst in the group */
    enum layer layer;
    bool has_blame;
    struct addr blame;                           /* this and the next are valid with has_blame */
    enum end blame_end;                          /* which end of its connections that is */
    uint16_t service;                            /* the server's port of its connections */
    uint64_t count;                              /* findings in the group */
    uint64_t stream;                             /* the example: the first of the worst */
    struct ref example;                          /* its first evidence */
    const char *example_client, *example_server; /* "10.0.0.1:40000" */
    const char *text;                            /* the example's text */
    size_t n_evidence;                           /* the example's, at most MODEL_GROUP_EVIDENCE */
    const struct evidence *evidence;
};

enum { MODEL_GROUP_EVIDENCE = 8 };

/* A finding over several connections or over the capture. */
struct model_cross_finding {
    struct finding finding;
    struct addr blame; /* valid when finding.blame is an end */
    const char *key;   /* what it is about: "capture", "file 0", "10.0.0.2:80" */
    size_t n_connections;
    const uint64_t *connections; /* streams, ascending; the first of them when there are many */
    uint64_t n_connections_total;
    struct ref first, peak, last; /* packet 0: does not apply */
    size_t n_supersedes;
    const enum finding_id *supersedes; /* ids of members' findings that it explains */
};

struct timeline;
struct what_if;

/* How long a state was held, over many connections; ns. */
struct model_dwell {
    uint64_t n;                       /* times that it ended */
    uint64_t open;                    /* times that it lasted to the end of the capture */
    int64_t mean, p50, p90, p99, max; /* of those that ended; when none did, of those that last */
    int64_t open_p50;                 /* of those that last */
};

struct host;

/* One end's share in the connections of a service. */
struct model_host {
    struct addr addr;
    uint16_t service;
    enum end role;
    uint64_t connections;
    uint64_t by_kind[CLOSE_KIND_COUNT];
    uint64_t closed_first;
    uint64_t peer_closed, never_closed; /* acknowledged the peer's FIN; of these: never closed */
    bool has_leak, has_answer;
    uint64_t leak_stream, answer_stream; /* a connection left in CLOSE_WAIT, one that was closed */
    int64_t left_median;                 /* how long those that are left have waited, ns */
    const struct series *population;     /* four of them, by enum host_state */
    const struct host *counted;          /* for model_dwell_of() */
};

/* How long that end was in a state. */
struct model_dwell model_dwell_of(const struct model_host *h, enum tcp_state state);

struct model_options {
    const char *bpf;       /* NULL: none */
    const char *display;   /* the display filter; NULL: none */
    const char *time_wait; /* "auto", "linux", "90 s", ... */
    int64_t time_wait_ns;
    const struct settings *settings;
    const char *fail_on; /* NULL: not asked */
};

/* Connections for which a rule could not be decided, for one reason. */
struct model_question {
    uint64_t count;
    int64_t have, need; /* of the one with the longest silence, ns; need 0: not a matter of time */
};

/* One of several parts of the five-tuples of an input, analysed apart. */
struct model_shard {
    unsigned index, of; /* index from 1 */
    size_t n_dropped;   /* numbers that were given out and led to nothing, in order */
    const uint64_t *dropped;
};

struct model_summary {
    const struct input *input; /* files, clock steps */
    const uint32_t *tap_of;    /* by file: the capture point (flow/taps.h) */
    const struct notes *notes; /* decode notes */
    int64_t first_t, last_t;   /* of all records, ns; valid when records > 0 */
    uint64_t records, octets, filtered;
    uint64_t segments;           /* TCP segments decoded */
    uint64_t icmp_errors;        /* that quote a TCP segment */
    uint64_t duplicates;         /* duplicate records dropped from judgement */
    struct limits evicted;       /* what each limit took */
    uint64_t connections_in_all; /* before the display filter; strays not counted. All that follows
                                    is about the connections that it let pass */
    uint64_t connections;        /* strays not counted */
    uint64_t strays;
    uint64_t streams; /* numbers that were given out: connections, strays, dropped candidates */
    struct model_shard shard; /* 1 of 1: the whole input */
    uint64_t by_kind[CLOSE_KIND_COUNT];
    uint64_t by_severity[SEVERITY_COUNT]; /* findings */
    uint64_t by_finding[FINDING_COUNT];
    uint64_t undetermined; /* connections with at least one open question */
    struct model_question questions[FINDING_COUNT][DOUBT_REASON_COUNT];
    size_t n_groups;
    const struct model_group *groups; /* worst first, then most, then first seen */
    size_t n_hosts;
    const struct model_host *hosts; /* in order of their first connection */
    uint64_t hosts_omitted;         /* ends of connections that found no place in it */
    uint64_t tables_full; /* how often a table of hosts, services or pairs had no room left */
    const struct timeline
        *timeline;                 /* of what was added up, see report/timeline.h; NULL: not made */
    const struct what_if *what_if; /* n 0: not asked (detect/what_if.h) */
    size_t n_cross;
    const struct model_cross_finding *cross;
    struct model_options options;
    bool interrupted;
};

/* How many findings of that id are of single connections. */
static inline uint64_t model_single(const struct model_summary *s, enum finding_id id)
{
    uint64_t n = s->by_finding[id];

    for (size_t i = 0; i < s->n_cross; i++)
        n -= s->cross[i].finding.id == id;
    return n;
}

#endif
