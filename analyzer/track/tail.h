/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is remembered of an incarnation when the next one begins on its five-tuple: enough to say
 * whether the ports were free, and whether old octets can be told from new ones
 * (close-semantics 2.7 and 3). */
#ifndef LASTACK_TRACK_TAIL_H
#define LASTACK_TRACK_TAIL_H

#include "track/replay.h"

struct tail {
    uint64_t stream;         /* of the old incarnation */
    struct ref first, last;  /* its first and latest packet */
    enum tcp_state state[2]; /* likely, by direction, when the new SYN came */
    enum tcp_state proven[2];
    bool both_acked;            /* both FINs were acknowledged */
    bool by_reset;              /* a reset ended it before */
    bool whole;                 /* its close was captured without gaps */
    bool maybe_closed[2];       /* both ends may have closed before the capture, this one first */
    int64_t time_wait_since[2]; /* latest start of TIME_WAIT, by holder; valid in that state or with
                                   held */
    bool held[2];               /* this direction's end was in TIME_WAIT */
    struct ref killed[2];       /* the reset that ended its TIME_WAIT before time; packet 0: none */
    bool numbered[2];           /* the next four are valid */
    uint32_t isn[2],
        last_seq[2]; /* last_seq: next octet after everything sent or acknowledged, FIN included */
    uint32_t max_window[2];
    bool ts[2];
    uint32_t ts_last[2];   /* greatest TSval */
    uint32_t syn_print[2]; /* fingerprint of its SYN or SYN-ACK; 0 unknown */
    uint8_t syn_ttl[2];
};

/* Look at old when a SYN comes at time t. The result is malloc'ed; free() it. */
struct tail *tail_of(const struct connection *old, int64_t t, const struct settings *settings);

#endif
