/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What an endpoint perhaps received. An entry ends in one of three ways: an ACK that the endpoint
 * sends proves it, the sender's repetition or the endpoint's later silence about it contradicts it,
 * or the log ends and it is taken as likely (close-semantics 1.1 and 9.23). Only entries that end
 * well reach the state table. */
#ifndef LASTACK_TRACK_INBOX_H
#define LASTACK_TRACK_INBOX_H

#include "track/replay.h"

enum { PENDING = 16, EVENTS = 4 };

/* One segment on its way, as the events that it means to its receiver. */
struct pending {
    int step;
    int64_t t;
    uint32_t end;  /* an ACK field of at least this proves it */
    bool numbered; /* carries SYN or FIN: its sender repeats it when it is lost */
    unsigned n;
    enum tcp_event event[EVENTS];
};

struct inbox {
    unsigned n;
    struct pending entry[PENDING]; /* n of them */
};

/* Put a segment on the list; an earlier copy of it that was lost leaves it. */
void inbox_offer(struct inbox *in, const struct life *l, const struct pending *p);
/* The endpoint of direction dir sends s: its ACK field proves what it had received, a copy of an
 * old segment what it had not. */
void inbox_settle(struct inbox *in, struct life *l, int dir, const struct step *s, int index);
/* It sends a RST: nothing will prove anything any more. ACKs on the way arrived, as likely as not
 * earlier than what it rejects; a SYN or FIN only if the RST acknowledges it. */
void inbox_settle_reset(struct inbox *in, struct life *l, int dir, const struct step *s);
/* The log ends: what nothing decided is likely, unless something speaks against it. */
void inbox_settle_rest(const struct inbox *in, struct life *l, int dir);

#endif
