/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a run assumes: how long TIME_WAIT lasts where, and the thresholds of the rules
 * (close-semantics 0.4). Everything that the command line can change about a judgement is here. */
#ifndef LASTACK_TRACK_SETTINGS_H
#define LASTACK_TRACK_SETTINGS_H

#include "base/addr.h"
#include "base/error.h"
#include "track/limits.h"
#include "track/profile.h"

/* identifier, name on the command line, default, unit ("s" or "" for a count), what it means */
#define THRESHOLDS(T)                                                                              \
    T(ACK_WAIT, "ack-wait", 3, "s",                                                                \
      "a missing ACK is missing after this, and after 4 retransmission timeouts")                  \
    T(LAST_ACK_GIVE_UP, "last-ack-give-up", 100, "s",                                              \
      "a FIN is repeated for at least so long (RFC 9293 3.8.3)")                                   \
    T(CLOSE_WAIT_NOTICE, "close-wait-notice", 10, "s", "idle CLOSE_WAIT that is worth a notice")   \
    T(CLOSE_WAIT_WARNING, "close-wait-warning", 60, "s", "... a warning")                          \
    T(CLOSE_WAIT_ERROR, "close-wait-error", 300, "s", "... an error")                              \
    T(FIN_WAIT_2_ORPHAN, "fin-wait-2-orphan", 60, "s",                                             \
      "an orphan leaves FIN_WAIT_2 after this (tcp_fin_timeout)")                                  \
    T(NEVER_CLOSED_IDLE, "never-closed-idle", 60, "s",                                             \
      "idle time before an open connection is mentioned")                                          \
    T(LAST_ACK_STUCK, "last-ack-stuck", 30, "s",                                                   \
      "LAST_ACK with copies of the FIN for so long is stuck")                                      \
    T(STORM_WINDOW, "storm-window", 10, "s", "window in which resets are counted")                 \
    T(STORM_COUNT, "storm-count", 100, "", "resets in the window that make a storm")               \
    T(STORM_FLOW, "storm-flow", 10, "",                                                            \
      "resets of one end of a connection within a second that make a loop")                        \
    T(SCAN_PORTS, "scan-ports", 20, "", "different targets that make a scan")                      \
    T(SCAN_WINDOW, "scan-window", 60, "s", "window in which they are counted")                     \
    T(FLOOD_COUNT, "flood-count", 100, "",                                                         \
      "half-open attempts in the storm window that make a flood")                                  \
    T(LEAK_COUNT, "leak-count", 5, "", "sockets left in CLOSE_WAIT that make a leak")              \
    T(LEAK_PERCENT, "leak-percent", 20, "",                                                        \
      "... and their share in the connections that the peer closed")                               \
    T(TIME_WAIT_NOTICE, "time-wait-notice", 1000, "",                                              \
      "TIME_WAIT sockets of a host at once worth a notice")                                        \
    T(TIME_WAIT_WARNING, "time-wait-warning", 30000, "", "... a warning")                          \
    T(PORTS, "ports", 28232, "",                                                                   \
      "ephemeral ports of a client; unless changed, those of its system where that is guessed")

enum threshold {
#define THRESHOLD_ENUM(id, name, value, unit, text) TH_##id,
    THRESHOLDS(THRESHOLD_ENUM)
#undef THRESHOLD_ENUM
        THRESHOLD_COUNT
};

struct threshold_info {
    const char *name, *unit, *text;
    double value; /* the default */
};

enum { TIME_WAIT_RULES = 32 };

/* TIME_WAIT of the addresses in a prefix. */
struct time_wait_rule {
    struct addr prefix;
    unsigned bits; /* of 128: an IPv4 prefix has 96 more than people write */
    struct time_wait time_wait;
};

struct settings {
    struct time_wait time_wait; /* where no rule fits and nothing was guessed */
    bool guess;                 /* auto: guess an end's system from its SYN */
    int64_t what_if_longest;    /* of the lengths that are asked about, ns; 0: none */
    size_t n_rules;
    struct time_wait_rule rule[TIME_WAIT_RULES];
    double threshold[THRESHOLD_COUNT];
    struct limits limits;
};

/* The defaults: auto, nothing changed. */
struct settings settings_default(void);
/* "linux", "90", "rfc", "auto", or any of these for a prefix: "windows@10.0.0.0/8". False with *err
 * set. */
bool settings_time_wait(struct settings *s, const char *text, struct error *err);
/* False when it is out of range. */
bool settings_set_threshold(struct settings *s, enum threshold t, double value);
/* "close-wait-warning=30". False with *err set. */
bool settings_threshold(struct settings *s, const char *text, struct error *err);
const struct threshold_info *threshold_info(enum threshold t);
/* A threshold in seconds, as ns. */
int64_t settings_ns(const struct settings *s, enum threshold t);
/* A threshold that is a count. */
int64_t settings_count(const struct settings *s, enum threshold t);
/* TIME_WAIT of an end: by the rule with the longest prefix that fits its address, by its guessed
 * system (a profile's name or NULL), or the general one. *assumed: it is the fall-back of auto. */
struct time_wait settings_time_wait_of(const struct settings *s, const struct addr *addr,
                                       const char *os, bool *assumed);
/* How many local ports a client of that system (a profile's name or NULL) has: what was set, else
 * what is usual there. */
int64_t settings_ports_of(const struct settings *s, const char *os);
/* The longest of all, those that are only asked about included, ns: for so long reuse is of
 * interest. */
int64_t settings_longest_time_wait(const struct settings *s);

#endif
