/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/inbox.h"

#include "base/seq.h"
#include "flow/holes.h"
#include "flow/observe.h"
#include "track/life.h"

#include <string.h>

static void apply_entry(struct machine *m, const struct pending *p, bool proven)
{
    for (unsigned i = 0; i < p->n; i++)
        machine_apply(m, p->event[i], p->step, p->t, proven, NULL);
}

static void drop_pending(struct inbox *in, unsigned i)
{
    in->n--;
    memmove(&in->entry[i], &in->entry[i + 1], (in->n - i) * sizeof in->entry[0]);
}

static bool means(const struct pending *p, enum tcp_event event)
{
    for (unsigned i = 0; i < p->n; i++)
        if (p->event[i] == event)
            return true;
    return false;
}

/* Who repeats a SYN or FIN had no ACK of it by then: one that was offered longer ago than a round
 * trip did not arrive. */
static void contradict_by_copy(const struct life *l, struct inbox *in, const struct step *s)
{
    int64_t in_flight = l->rtt > 10000000 ? l->rtt : 10000000;
    enum tcp_event event = s->seen & SEEN_FIN_COPY ? EV_RCV_ACK_OF_FIN : EV_RCV_ACK_OF_SYN;

    for (unsigned i = 0; i < in->n;)
        if (!in->entry[i].numbered && means(&in->entry[i], event) &&
            s->t - in->entry[i].t > in_flight)
            drop_pending(in, i);
        else
            i++;
}

/* What can't be sent otherwise shows that the answer to a SYN came, captured or not. */
static void settle_handshake(struct life *l, const struct inbox *in, int dir, const struct step *s,
                             int index)
{
    struct machine *m = &l->machine[dir];
    unsigned bits = l->c->flow.bits;

    if ((s->flags & TCP_SYN) || (s->seen & SEEN_MALFORMED))
        return;
    if (m->state == ST_SYN_SENT && (!(bits & FLOW_REFUSED) || (bits & FLOW_ESTABLISHED)))
        machine_apply(m, EV_RCV_SYNACK, index, s->t, true, "rcv SYN-ACK (not captured)");
    if (m->state == ST_SYN_RCVD && (s->len || !(s->seen & SEEN_ACK_AGAIN))) {
        for (unsigned i = 0; i < in->n; i++) {
            const struct pending *p = &in->entry[i];

            if (p->event[0] ==
                EV_RCV_ACK_OF_SYN) /* and nothing else of it: a FIN is not proven by this */
                machine_apply(m, EV_RCV_ACK_OF_SYN, p->step, p->t, true, NULL);
        }
        if (m->state == ST_SYN_RCVD)
            machine_apply(m, EV_RCV_ACK_OF_SYN, index, s->t, true, "rcv ACK of SYN (not captured)");
    }
}

void inbox_settle(struct inbox *in, struct life *l, int dir, const struct step *s, int index)
{
    struct machine *m = &l->machine[dir];
    unsigned kept = 0;

    if (s->seen & (SEEN_SYN_COPY | SEEN_FIN_COPY))
        contradict_by_copy(l, in, s);
    if (!step_acknowledges(s))
        return;
    for (unsigned i = 0; i < in->n; i++) {
        if (seq_geq(s->ack, in->entry[i].end))
            apply_entry(m, &in->entry[i], true);
        else if (kept++ < i)
            in->entry[kept - 1] = in->entry[i];
    }
    in->n = kept;
    if (m->state == ST_SYN_SENT || m->state == ST_SYN_RCVD)
        settle_handshake(l, in, dir, s, index);
}

void inbox_settle_reset(struct inbox *in, struct life *l, int dir, const struct step *s)
{
    for (unsigned i = 0; i < in->n;) {
        const struct pending *p = &in->entry[i];

        if (!p->numbered || ((s->flags & TCP_ACK) && seq_geq(s->ack, p->end))) {
            apply_entry(&l->machine[dir], p, false);
            drop_pending(in, i);
        } else {
            i++;
        }
    }
}

/* ACKs that say the same: the first tells the time, the last may be the only one that arrives;
 * those between are not kept. */
static bool replaces_last(struct inbox *in, const struct pending *p)
{
    unsigned same = 0;
    struct pending *last = NULL;

    for (unsigned i = 0; i < in->n; i++) {
        if (!in->entry[i].numbered && in->entry[i].event[0] == p->event[0]) {
            last = &in->entry[i];
            same++;
        }
    }
    if (p->numbered || same < 2)
        return false;
    *last = *p;
    return true;
}

void inbox_offer(struct inbox *in, const struct life *l, const struct pending *p)
{
    /* A repetition says that the first was lost, unless it came too soon to know. */
    int64_t hasty = l->rtt > 150000000 ? l->rtt : 150000000;

    for (unsigned i = 0; p->numbered && i < in->n;)
        if (in->entry[i].numbered && in->entry[i].end == p->end && p->t - in->entry[i].t >= hasty)
            drop_pending(in, i);
        else
            i++;
    if (replaces_last(in, p))
        return;
    if (in->n == PENDING)
        drop_pending(in, 0);
    in->entry[in->n++] = *p;
}

static bool spoke_since(const struct life *l, int dir, int after, int64_t since)
{
    for (size_t i = (size_t)after + 1; i < l->n_steps; i++) {
        const struct step *s = l->step[i];
        bool rst = s->kind == STEP_SEGMENT && (s->flags & TCP_RST);

        if (s->dir == (unsigned)dir && !s->of_other && !rst &&
            (s->kind == STEP_FOLD ? s->last_t : s->t) > since)
            return true;
    }
    return false;
}

/* A SYN or SYN-ACK that its sender repeated without ever getting an answer. */
static bool repeated_syn(const struct life *l, int sender, const struct pending *p)
{
    if ((p->event[0] != EV_RCV_SYN && p->event[0] != EV_RCV_SYNACK) ||
        !(l->survey.seen & SEEN_SYN_COPY))
        return false;
    for (size_t i = 0; i < l->n_steps; i++)
        if (l->step[i]->kind == STEP_SEGMENT && l->step[i]->dir == (unsigned)sender &&
            !l->step[i]->of_other && (l->step[i]->seen & SEEN_SYN_COPY))
            return true;
    return false;
}

void inbox_settle_rest(const struct inbox *in, struct life *l, int dir)
{
    int peer = flow_peer(&l->c->flow, dir);
    const struct fin *theirs = &l->fin[peer];
    bool fin_in_order = !holes_below(&l->c->flow, peer, theirs->seq);

    for (unsigned i = 0; i < in->n; i++) {
        const struct pending *p = &in->entry[i];
        bool fin = p->event[p->n - 1] == EV_RCV_FIN;
        bool repeated = (fin && theirs->copies) || repeated_syn(l, peer, p);
        bool ignored = p->numbered && !l->flags_only && spoke_since(l, dir, p->step, p->t + l->rtt);

        if (!(p->numbered && (repeated || ignored)) && !(fin && !fin_in_order))
            apply_entry(&l->machine[dir], p, false);
    }
}
