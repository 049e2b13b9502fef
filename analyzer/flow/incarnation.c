/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/incarnation.h"

#include "base/seq.h"
#include "flow/tenant.h"

#include <stdlib.h>

enum { LOOK_BACK = 8 }; /* older incarnations that a segment is compared with */

static struct flow *start(struct flow_table *t, const struct flow_lookup *l,
                          const struct segment *s)
{
    struct flow *f = flow_add(t, l);
    const struct flow_key *key = &l->key;
    int dir = l->dir;
    bool self = addr_compare(&key->addr[0], &key->addr[1]) == 0 && key->port[0] == key->port[1];

    f->path = s->path;
    tenant_begin(f, s, dir);
    if (self)
        f->bits |= FLOW_SELF;
    if (f->older)
        f->bits |= FLOW_CANDIDATE;
    if (s->flags & TCP_SYN) {
        f->client = (uint8_t)(s->flags & TCP_ACK ? !dir : dir);
    } else {
        /* The lower port is the service more often than not; between equals the first speaker asks.
         */
        f->client = (uint8_t)(key->port[0] == key->port[1] ? dir : key->port[0] < key->port[1]);
        f->bits |= FLOW_ROLES_GUESSED;
        f->bits &= (uint8_t)~FLOW_CANDIDATE;
    }
    if (self)
        f->client = 0;
    return f;
}

/* No reply to its SYN yet, and no SYN-ACK sent. */
static bool unanswered_attempt(const struct flow *f)
{
    return !(f->bits & (FLOW_SYN_ACKED | FLOW_ESTABLISHED | FLOW_ROLES_GUESSED)) &&
           (f->side[f->client].bits & SIDE_SYN);
}

static struct flow *for_syn(struct flow_table *t, const struct flow_lookup *l,
                            const struct segment *s, struct flow *newest)
{
    int dir = l->dir;
    const struct side *mine = &newest->side[dir], *other = &newest->side[!dir];

    for (struct flow *f = newest; f; f = flow_older(f)) /* a copy of a SYN */
        if ((f->side[dir].bits & SIDE_SYN) && f->side[dir].isn == s->seq)
            return f;
    /* Simultaneous open: the other end's SYN is unanswered and this end has said nothing. */
    if (!(mine->bits & SIDE_SEEN) && (other->bits & SIDE_SYN) && unanswered_attempt(newest))
        return newest;
    /* Its SYN-ACK came first: records of two interfaces, out of order by a little. */
    if (!(mine->bits & SIDE_SEEN) && (other->bits & SIDE_SYN) && other->packets == 1 &&
        (mine->bits & SIDE_ACKED) && mine->una == s->seq + 1)
        return newest;
    return start(t, l, s);
}

/* How far a segment lies from where its direction of f stands: the smaller, the likelier it belongs
 * there. */
static uint64_t distance(const struct flow *f, const struct segment *s, int dir)
{
    const struct side *mine = &f->side[dir], *other = &f->side[!dir];
    uint64_t d = 0;

    if (mine->bits & SIDE_ANCHORED)
        d += (uint64_t)llabs((long long)seq_diff(s->seq, mine->nxt));
    else if (mine->bits & SIDE_ACKED)
        d += (uint64_t)llabs((long long)seq_diff(s->seq, mine->una));
    if ((s->flags & TCP_ACK) && (other->bits & SIDE_ANCHORED))
        d += (uint64_t)llabs((long long)seq_diff(s->ack, other->nxt));
    return d;
}

static bool has_ended(const struct flow *f)
{
    return (f->side[0].bits & f->side[1].bits & SIDE_FIN_ACKED) ||
           ((f->side[0].bits | f->side[1].bits) & SIDE_RST);
}

/* Picked up in the middle: an end that has spoken before opens nothing with this, but for records
 * that are out of order by a little. */
static bool spoke_before(const struct side *mine, const struct segment *s)
{
    return (mine->bits & SIDE_SEEN) && !(mine->bits & SIDE_SYN) &&
           s->at.t - mine->last_t > NS_PER_S / 200;
}

/* f is accepted: it takes the place of those before. */
static struct flow *succeed(struct flow *f)
{
    f->bits &= (uint8_t)~FLOW_CANDIDATE;
    for (struct flow *old = flow_older(f); old; old = flow_older(old))
        old->bits |= FLOW_SUCCEEDED;
    return f;
}

/* A SYN-ACK belongs to the SYN it acknowledges. */
static struct flow *for_synack(struct flow_table *t, const struct flow_lookup *l,
                               const struct segment *s, struct flow *newest)
{
    int dir = l->dir;

    for (struct flow *f = newest; f; f = flow_older(f)) {
        const struct side *opener = &f->side[!dir], *mine = &f->side[dir];
        bool copy = (mine->bits & SIDE_SYN) && mine->isn == s->seq && opener->una == s->ack;

        if (copy && (opener->bits & SIDE_ACKED))
            return f;
        if (!side_answered(opener, s->ack))
            continue;
        /* A stack that always uses the same initial number: after the end a new answer is a new
         * connection. */
        bool other_answer = (mine->bits & SIDE_SYN) && mine->isn != s->seq;
        return other_answer && has_ended(f) ? start(t, l, s) : f;
    }
    /* Its SYN was not captured when the connection before is another one. */
    return has_ended(newest) || spoke_before(&newest->side[dir], s) ? succeed(start(t, l, s))
                                                                    : newest;
}

/* Beyond a FIN of f: it belongs to a later incarnation. */
static bool past_its_end(const struct flow *f, const struct segment *s, int dir)
{
    const struct side *mine = &f->side[dir], *other = &f->side[!dir];

    if (s->flags & TCP_RST)
        return false;
    return ((mine->bits & SIDE_FIN) && seq_gt(s->seq + segment_seq_len(s), mine->fin_seq + 1)) ||
           ((s->flags & TCP_ACK) && (other->bits & SIDE_FIN) && seq_gt(s->ack, other->fin_seq + 1));
}

static struct flow *nearest(struct flow *newest, const struct segment *s, int dir)
{
    struct flow *best = newest;
    uint64_t least = distance(newest, s, dir);
    int n = 0;

    for (struct flow *f = flow_older(newest); f && n < LOOK_BACK; f = flow_older(f), n++) {
        uint64_t d = distance(f, s, dir);
        if (d < least && !past_its_end(f, s, dir)) {
            best = f;
            least = d;
        }
    }
    return best;
}

/* A RST, or an ACK, while the newest incarnation is an unanswered SYN. */
static struct flow *for_attempt(struct flow *newest, const struct segment *s, int dir)
{
    const struct side *opener = &newest->side[newest->client];

    if (dir != newest->client && (s->flags & TCP_ACK) && side_answered(opener, s->ack))
        return newest; /* refusal, or an ACK of the SYN without SYN */
    if (dir == newest->client && s->seq == opener->isn + 1 && !(s->flags & TCP_RST))
        return newest; /* data after a SYN whose answer the tap missed */
    return nearest(flow_older(newest), s, dir);
}

struct flow *incarnation_of(struct flow_table *t, const struct flow_lookup *l, struct flow *newest,
                            const struct segment *s, struct flow **passed_over)
{
    struct flow *f;
    int dir = l->dir;
    enum tcp_flag opening = (enum tcp_flag)(s->flags & (TCP_SYN | TCP_FIN | TCP_RST));

    *passed_over = NULL;
    if (!newest)
        return start(t, l, s);
    if (opening == TCP_SYN && !(s->flags & TCP_ACK))
        return for_syn(t, l, s, newest);
    if (opening == TCP_SYN)
        f = for_synack(t, l, s, newest);
    else if (!flow_older(newest))
        return newest;
    else if (unanswered_attempt(newest))
        f = for_attempt(newest, s, dir);
    else
        f = nearest(newest, s, dir);
    bool asked = f->side[f->client].bits & SIDE_SYN; /* and not by a late copy of an old SYN */
    if (opening == TCP_SYN && f == newest && f->older && (f->bits & FLOW_CANDIDATE) && asked) {
        succeed(f);
    }
    if (f != newest && (newest->bits & FLOW_CANDIDATE) && unanswered_attempt(newest) &&
        !(newest->bits & FLOW_REFUSED)) {
        /* The opener goes on with the old connection: the SYN was not its own, or a ghost. */
        if (dir == newest->client && !(s->flags & TCP_RST))
            newest->bits |= FLOW_DROPPED;
        *passed_over = newest;
    }
    if (f != newest && !(newest->bits & FLOW_CANDIDATE) && s->len)
        *passed_over = newest; /* an old packet in the new connection */
    return f;
}
