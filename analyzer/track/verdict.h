/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How a connection ended: one pure function of its life. */
#ifndef LASTACK_TRACK_VERDICT_H
#define LASTACK_TRACK_VERDICT_H

#include "track/close.h"
#include "track/replay.h"

/* What became of a FIN. */
enum fin_fate {
    FATE_NONE, /* no FIN */
    FATE_ACKED,
    FATE_UNACKED,      /* repeated and never acknowledged, long enough to say so */
    FATE_BEHIND_HOLE,  /* octets before it are missing, it was never in order */
    FATE_NOT_CAPTURED, /* not repeated: its sender behaves as if it got the ACK */
    FATE_PENDING,      /* the capture ends before one can tell */
};

struct verdict {
    enum close_kind kind;
    enum fin_fate fate[2]; /* by direction */
    bool second[2];   /* this direction's FIN came second: its sender is in LAST_ACK or CLOSING */
    int first_closer; /* direction; -1 when both or nobody or unknown */
    bool both_closed_first, nobody_closed;
    bool holder_known, holder[2]; /* TIME_WAIT */
    bool holder_open;             /* the other end may hold one too */
    bool half_closed;
    int64_t half_closed_for; /* ns, from the ACK of the first FIN to the second FIN, a reset or the
                                end */
};

struct verdict judge(const struct life *l);

#endif
