/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The life of a connection, replayed from its step log: both endpoints' states with their times and
 * causes, when each FIN was sent and acknowledged, which reset took effect. Because the log is
 * complete when it is replayed, what an endpoint received is decided by what it sent next, not
 * guessed (close-semantics 1.1 and 9.23): a receive that later packets contradict leaves no trace.
 */
#ifndef LASTACK_TRACK_REPLAY_H
#define LASTACK_TRACK_REPLAY_H

#include "base/arena.h"
#include "track/close.h"
#include "track/connection.h"
#include "track/settings.h"
#include "track/state.h"

enum {
    TRANSITIONS = 24
}; /* an endpoint goes through fewer states, even with every copy and reset */

struct transition {
    enum tcp_state state;
    enum tcp_event event;
    int step;          /* index of the step that brought it; -1: a timer or silence */
    int64_t t;         /* ns */
    bool proven;       /* required by what the endpoint itself sent */
    const char *cause; /* NULL: the event's name says it, with EV_TIMER: TIME_WAIT is over */
};

/* One endpoint. */
struct machine {
    enum tcp_state state; /* likely */
    enum tcp_state proven;
    unsigned n;
    uint8_t entered[ST_COUNT]; /* 1 + where a state stands first on the path; 0: nowhere */
    struct transition path[TRANSITIONS]; /* n of them */
};

/* One direction's close. */
struct fin {
    bool known;  /* seen, or inferred from ACKs */
    bool missed; /* inferred: the tap did not see it */
    int step;    /* first copy, or the ACK that shows a missed one */
    int64_t t;
    uint32_t seq;    /* of the FIN octet */
    uint32_t ack0;   /* ACK field of the first copy */
    uint32_t copies; /* retransmissions seen */
    int last_copy;   /* step of the last one, or `step` */
    int acked_step;  /* first segment that acknowledges it; -1 never */
};

/* What the steps of a connection hold at all, each of them added to the others: who looks for
 * something that is not here need not look. */
struct survey {
    uint32_t seen;  /* SEEN_ bits of its own segments */
    uint16_t flags; /* enum tcp_flag, of these */
    bool others;    /* segments that are counted in another connection */
};

/* Everything that follows from one connection's packets. Indexes of two are directions (flow.h). */
struct life {
    const struct connection *c;
    const struct step *
        *step; /* in the order of judgement: small disorders of the tap are put right */
    size_t n_steps;
    uint64_t omitted;
    struct survey survey;
    int64_t eoc; /* silence is known up to here, ns */
    const struct settings *settings;
    int64_t time_wait[2];          /* length that each end keeps, ns */
    const char *time_wait_name[2]; /* its profile, or NULL */
    bool time_wait_assumed[2];     /* nothing is known of that end: the fall-back */
    int64_t fin_wait_2, give_up;   /* thresholds, ns */
    struct fin fin[2];
    int reset;     /* step of the reset that ended it; -1 none */
    bool objected; /* an end answered the SYN of a newer connection as one of this (RFC 5961 4) */
    int replaced;  /* step of the SYN-ACK by which a newer connection took the ports: what comes
                      later is of no account; -1 none */
    bool replaced_at_once; /* ... which nothing objected to: the end that accepted it had closed by
                              then, seen or not */
    bool *rst_effective;   /* by step */
    enum handshake handshake;
    bool one_directional; /* one end was never seen */
    bool flags_only;      /* no segment without SYN, FIN or RST: a filter took them */
    bool mid_stream;
    int64_t rtt, rto, ack_wait, rst_race; /* thresholds of close-semantics 0.4, ns */
    struct machine machine[2];            /* large: last, and not zeroed */
};

/* Replay c. Everything allocated lives in the arena. */
struct life *replay(const struct connection *c, int64_t eoc, const struct settings *settings,
                    struct arena *arena);

/* Time of the step, and the time of the last segment that direction dir sent up to the end (folds
 * included); -1 none. */
int64_t life_last_sent(const struct life *l, int dir);
/* State of direction dir's endpoint after step i (likely). */
enum tcp_state life_state_at(const struct life *l, int dir, int step);
/* When direction dir's endpoint entered state s for the first time; NULL never. */
const struct transition *life_entered(const struct life *l, int dir, enum tcp_state s);

/* What one end had sent before some step, to tell the copies that the network makes of it from what
 * is new. */
struct stamp {
    bool known;
    uint32_t value; /* its latest timestamp */
    int step;       /* ... where it stands */
};

struct stamp life_stamp(const struct life *l, int dir, int before);
/* Whether s, a later segment of the same end, had been sent before: its timestamp is older, or it
 * is the same again. */
bool life_is_old_copy(const struct life *l, const struct step *s, const struct stamp *stamp);

/* Whether direction dir sends anything but resets later than a race with the RST of step `rst`
 * explains; copies that the network makes of older segments don't count, SYNs only with `syns`. */
bool life_goes_on(const struct life *l, int dir, int rst, bool syns);

/* The tap missed the last octets of direction dir, and its FIN may have been one of them
 * (close-semantics 9.3). */
bool life_may_have_closed(const struct life *l, int dir);
/* The capture begins in the middle of the connection, and the end of direction dir was not seen to
 * send anything but ACKs: it may have closed before, and a FIN of the other end be the second. */
bool life_may_have_closed_before(const struct life *l, int dir);

#endif
