/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The log is walked once. For each step three things happen, in this order:
 *
 *   1. settle    what the sender must have received before it could send this, by its ACK field
 *   2. send      the sender's own SYN, FIN or RST
 *   3. offer     what the segment would do to its receiver is put on the receiver's list of things
 * perhaps received
 *
 * What becomes of that list is decided in inbox.c. */
#include "track/replay.h"

#include "base/seq.h"
#include "flow/observe.h"
#include "flow/system.h"
#include "track/inbox.h"
#include "track/life.h"
#include "track/steplog.h"
#include "track/timers.h"

#include <stddef.h>
#include <string.h>

struct walk {
    struct life *life;
    const struct flow *flow;
    struct inbox inbox[2]; /* by the receiver's direction */
    int missed_at[2]; /* step whose ACK shows a FIN of direction [d] that the tap missed; -1 none */
};

/* --- 2. send ---------------------------------------------------------------------------------- */

static void send_fin(struct walk *w, int dir, const struct step *s, int index)
{
    struct fin *fin = &w->life->fin[dir];

    if (s->seen & SEEN_FIN_COPY) {
        fin->copies++;
        fin->last_copy = index;
        return;
    }
    if (!(s->seen & SEEN_FIN_FIRST) || (fin->known && !fin->missed))
        return;
    *fin = (struct fin){.known = true,
                        .step = index,
                        .t = s->t,
                        .seq = s->seq + s->len,
                        .ack0 = s->ack,
                        .last_copy = index,
                        .acked_step = fin->known ? fin->acked_step : -1};
    machine_apply(&w->life->machine[dir], EV_SND_FIN, index, s->t, true, NULL);
}

static void send_rst(struct walk *w, int dir, const struct step *s, int index)
{
    struct life *l = w->life;
    struct machine *m = &l->machine[dir];

    if (life_goes_on(l, dir, index, true)) /* it was not its sender, or did not mean it */
        return;
    inbox_settle_reset(&w->inbox[dir], l, dir, s);
    /* An orphan in FIN_WAIT_2 is dropped without a sign; the reset that answers a late segment
     * shows that it was. */
    const struct transition *last = m->n ? &m->path[m->n - 1] : NULL;
    if (m->state == ST_FIN_WAIT_2 && last && s->t - last->t > l->fin_wait_2)
        machine_apply(m, EV_TIMER, -1, last->t + l->fin_wait_2, false, "timer FIN_WAIT_2");
    machine_apply(m, EV_SND_RST, index, s->t, true, NULL);
}

static void send(struct walk *w, int dir, const struct step *s, int index)
{
    struct machine *m = &w->life->machine[dir];

    if (s->flags & TCP_RST) {
        send_rst(w, dir, s, index);
        return;
    }
    if (s->seen & (SEEN_MALFORMED | SEEN_ALIEN_SYNACK))
        return;
    if (s->flags & TCP_SYN) {
        enum tcp_event event = s->flags & TCP_ACK ? EV_SND_SYNACK : EV_SND_SYN;
        if (m->state == ST_NONE || event == EV_SND_SYNACK)
            machine_apply(m, event, index, s->t, true, NULL);
        return;
    }
    if (m->state == ST_NONE)
        machine_apply(m, EV_MID_STREAM, index, s->t, false, NULL);
    if (s->flags & TCP_FIN)
        send_fin(w, dir, s, index);
}

/* --- 3. offer --------------------------------------------------------------------------------- */

/* The path is dead when the receiver has left earlier questions of the sender unanswered: a RST
 * does not arrive either. Answers are not on the log, and of the probes without one not the first:
 * the flow knows when the receiver spoke last. */
static bool path_is_dead(const struct life *l, int dir, int index)
{
    const struct flow *f = &l->c->flow;
    int64_t answered = f->side[flow_peer(f, dir)].last_t;
    unsigned copies = 0;
    bool probes = false;

    for (int i = index - 1; i >= 0; i--) {
        const struct step *s = l->step[i];

        if (s->kind != STEP_SEGMENT || s->dir != (unsigned)dir || s->of_other || s->t <= answered)
            break;
        copies += (s->seen & (SEEN_RETRANSMISSION | SEEN_FIN_COPY)) != 0;
        probes |= (s->seen & (SEEN_KEEP_ALIVE | SEEN_ZERO_PROBE)) != 0;
    }
    return copies >= 2 || (probes && f->side[dir].unanswered >= 2);
}

/* A TIME_WAIT that has outlived one reset outlives the next (RFC 1337; Linux tcp_rfc1337, FreeBSD).
 */
static bool outlives_resets(const struct life *l, int dir, int index)
{
    const struct machine *m = &l->machine[!dir];

    if (m->state != ST_TIME_WAIT)
        return false;
    for (int i = index - 1; i > m->path[m->n - 1].step; i--) {
        const struct step *s = l->step[i];

        if (s->kind == STEP_SEGMENT && s->dir == (unsigned)dir && (s->flags & TCP_RST) &&
            !s->of_other && (s->seen & SEEN_RST_ACCEPTABLE) && !l->rst_effective[i])
            return true;
    }
    return false;
}

static bool rst_takes_effect(struct walk *w, int dir, const struct step *s, int index)
{
    struct life *l = w->life;
    int peer = flow_peer(w->flow, dir);

    return (s->seen & SEEN_RST_ACCEPTABLE) && !life_goes_on(l, peer, index, true) &&
           !path_is_dead(l, dir, index) && !outlives_resets(l, dir, index);
}

/* Events that s would cause at its receiver, in the order of RFC 9293 3.10.7.4. */
static unsigned reception(struct walk *w, int dir, const struct step *s, int index,
                          enum tcp_event event[EVENTS])
{
    struct life *l = w->life;
    int peer = flow_peer(w->flow, dir);
    const struct side *theirs = &w->flow->side[peer];
    unsigned n = 0;

    if (s->flags & TCP_RST) {
        l->rst_effective[index] = rst_takes_effect(w, dir, s, index);
        if (!l->rst_effective[index])
            return 0;
        if (l->reset < 0)
            l->reset = index;
        event[n++] = l->machine[peer].state == ST_SYN_SENT ? EV_RCV_REFUSAL : EV_RCV_RST;
        return n;
    }
    if (s->seen & (SEEN_MALFORMED | SEEN_ALIEN_SYNACK))
        return 0;
    if (s->flags & TCP_SYN)
        event[n++] = s->flags & TCP_ACK ? EV_RCV_SYNACK : EV_RCV_SYN;
    else if ((s->flags & TCP_ACK) && l->machine[peer].state == ST_SYN_RCVD &&
             (theirs->bits & SIDE_SYN) && seq_gt(s->ack, theirs->isn))
        event[n++] = EV_RCV_ACK_OF_SYN;
    if (l->fin[peer].known && (s->flags & TCP_ACK) && s->ack == l->fin[peer].seq + 1) {
        if (l->fin[peer].acked_step < 0)
            l->fin[peer].acked_step = index;
        event[n++] = EV_RCV_ACK_OF_FIN;
    }
    if ((s->flags & TCP_FIN) && (s->seen & (SEEN_FIN_FIRST | SEEN_FIN_COPY)))
        event[n++] = EV_RCV_FIN;
    return n;
}

static void offer(struct walk *w, int dir, const struct step *s, int index)
{
    int peer = flow_peer(w->flow, dir);
    struct machine *m = &w->life->machine[peer];
    struct pending p = {.step = index, .t = s->t};
    bool numbered = (s->flags & (TCP_SYN | TCP_FIN)) && !(s->flags & TCP_RST);

    p.n = reception(w, dir, s, index, p.event);
    p.numbered = numbered;
    p.end = s->seq + s->len + (numbered ? 1 : 0) + (numbered ? 0 : 1);
    if (s->seen & SEEN_SYN_COPY || s->flags & TCP_SYN)
        p.end = s->seq + 1;
    if (m->state == ST_NONE && !(s->flags & (TCP_SYN | TCP_RST)) && !(s->seen & SEEN_MALFORMED))
        machine_apply(m, EV_MID_STREAM, index, s->t, false, NULL);
    if (!p.n)
        return;
    if (!(w->flow->side[peer].bits &
          SIDE_SEEN)) { /* never seen: nothing will prove or contradict it */
        for (unsigned i = 0; i < p.n; i++)
            machine_apply(m, p.event[i], index, s->t, false, NULL);
        return;
    }
    inbox_offer(&w->inbox[peer], w->life, &p);
}

/* --- FINs that the tap missed ----------------------------------------------------------------- */

/* Before step `index` of direction dir: its ACK field covers a FIN of the peer that was not
 * captured. */
static void insert_missed_fin(struct walk *w, int dir, const struct step *s, int index)
{
    struct life *l = w->life;
    int peer = flow_peer(w->flow, dir);
    struct fin *fin = &l->fin[peer];
    bool confirmed = w->flow->side[peer].bits & SIDE_FIN_MISSED;
    struct machine *closer = &l->machine[peer], *taker = &l->machine[dir];

    *fin = (struct fin){.known = true,
                        .missed = true,
                        .step = index,
                        .t = s->t,
                        .seq = w->flow->side[peer].fin_seq,
                        .last_copy = index,
                        .acked_step = index};
    if (closer->state == ST_NONE)
        machine_apply(closer, EV_MID_STREAM, index, s->t, false, NULL);
    machine_apply(closer, EV_SND_FIN, index, s->t, confirmed, "snd FIN (not captured)");
    /* An end that was never seen may be supposed to have answered. */
    if (!(w->flow->side[peer].bits & SIDE_SEEN) && l->fin[dir].known)
        machine_apply(taker, EV_RCV_ACK_OF_FIN, index, s->t, false,
                      "rcv ACK of FIN (not captured)");
    machine_apply(taker, EV_RCV_FIN, index, s->t, confirmed, "rcv FIN (not captured)");
}

/* The first segment whose ACK shows a missed FIN of direction dir, or -1. */
static int find_missed_fin(const struct walk *w, int dir)
{
    const struct life *l = w->life;
    const struct side *side = &w->flow->side[dir];

    if (!(side->bits & (SIDE_FIN_MISSED | SIDE_FIN_MAYBE)) || (side->bits & SIDE_FIN))
        return -1;
    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = l->step[i];
        bool answer = s->dir == (unsigned)flow_peer(w->flow, dir);

        if (answer && step_acknowledges(s) && !s->of_other && s->ack == side->fin_seq + 1)
            return (int)i;
    }
    return -1;
}

/* An ACK whose own number stands behind its sender's FIN: the FIN that the tap sees later is a
 * copy, or was overtaken. Its sender closed before it had the peer's FIN, unless that was repeated:
 * then this may be the second ACK of it. */
static bool shows_own_fin(const struct walk *w, int dir, const struct step *s)
{
    const struct fin *theirs = &w->life->fin[flow_peer(w->flow, dir)];
    const struct side *side = &w->flow->side[dir];
    bool had_theirs = theirs->known && seq_gt(s->ack, theirs->seq);

    return (side->bits & SIDE_FIN) && !w->life->fin[dir].known && step_acknowledges(s) &&
           !(s->flags & (TCP_SYN | TCP_FIN)) && s->len == 0 && s->seq == side->fin_seq + 1 &&
           !(had_theirs && (theirs->copies || theirs->missed));
}

/* Before such a step: the FIN was sent when all but the peer's FIN had been received. */
static void send_unseen_fin(struct walk *w, int dir, const struct step *s, int index)
{
    struct life *l = w->life;
    const struct fin *theirs = &l->fin[flow_peer(w->flow, dir)];
    struct step before = *s;

    if (theirs->known)
        before.ack = theirs->seq;
    inbox_settle(&w->inbox[dir], l, dir, &before, index);
    machine_apply(&l->machine[dir], EV_SND_FIN, index, s->t, true, "snd FIN (not captured)");
}

/* --- the whole life --------------------------------------------------------------------------- */

static struct survey survey_of(const struct life *l)
{
    struct survey all = {0};

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = l->step[i];

        all.others |= s->of_other;
        if (s->kind != STEP_SEGMENT || s->of_other)
            continue;
        all.seen |= s->seen;
        all.flags |= s->flags;
    }
    return all;
}

/* Look for the SYN-ACK that accepts a newer connection, and for an objection to its SYN before. */
static void find_replacement(struct life *l)
{
    int syn = -1;

    if (!l->survey.others)
        return;
    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = l->step[i];

        if (!s->of_other || s->kind != STEP_SEGMENT) {
            l->objected |= syn >= 0 && s->dir != l->step[syn]->dir;
        } else if ((s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
            syn = (int)i;
        } else if ((s->flags & TCP_SYN) && (l->c->flow.bits & FLOW_SUCCEEDED)) {
            l->replaced = (int)i;
            l->replaced_at_once = !l->objected;
            l->eoc = s->t < l->eoc ? s->t : l->eoc;
            return;
        }
    }
}

static void walk_steps(struct walk *w)
{
    struct life *l = w->life;
    size_t end = l->replaced >= 0 ? (size_t)l->replaced : l->n_steps;

    for (size_t i = 0; i < end; i++) {
        const struct step *s = l->step[i];
        int dir = (int)s->dir, index = (int)i;

        if (s->of_other)
            continue;
        if (s->kind == STEP_ICMP) {
            if (!(w->flow->bits & FLOW_ESTABLISHED))
                machine_apply(&l->machine[!dir], EV_RCV_REFUSAL, index, s->t, false,
                              "rcv ICMP error");
            continue;
        }
        if (s->kind == STEP_FOLD) {
            if (l->machine[dir].state == ST_SYN_RCVD || l->machine[dir].state == ST_SYN_SENT)
                inbox_settle(&w->inbox[dir], l, dir,
                             &(struct step){.t = s->t, .flags = TCP_ACK, .len = 1}, index);
            continue;
        }
        if (shows_own_fin(w, dir, s))
            send_unseen_fin(w, dir, s, index);
        inbox_settle(&w->inbox[dir], l, dir, s, index);
        if (w->missed_at[flow_peer(w->flow, dir)] == index)
            insert_missed_fin(w, dir, s, index);
        send(w, dir, s, index);
        offer(w, dir, s, index);
    }
}

/* When one end may have closed before the capture, what a FIN of the other did to either is not
 * proven: it may have been the second. A reset is. */
static void doubt_states(struct life *l)
{
    if (!life_may_have_closed_before(l, 0) && !life_may_have_closed_before(l, 1))
        return;
    for (int dir = 0; dir < 2; dir++) {
        struct machine *m = &l->machine[dir];

        if (m->proven != ST_CLOSED)
            m->proven = ST_NONE;
        for (unsigned i = 0; i < m->n; i++)
            m->path[i].proven &= m->path[i].event == EV_SND_RST;
    }
}

/* How long each end keeps TIME_WAIT. */
static void set_time_wait(struct life *l)
{
    const struct flow *f = &l->c->flow;

    for (int dir = 0; dir < 2; dir++) {
        struct time_wait tw =
            settings_time_wait_of(l->settings, &f->key.addr[dir], system_name(f->side[dir].system),
                                  &l->time_wait_assumed[dir]);
        l->time_wait[dir] = tw.ns;
        l->time_wait_name[dir] = tw.name;
    }
}

struct life *replay(const struct connection *c, int64_t eoc, const struct settings *settings,
                    struct arena *arena)
{
    struct life *l = memset(arena_take(arena, sizeof *l), 0, offsetof(struct life, machine));
    struct walk w; /* large: only what counts is set */
    const struct flow *f = &c->flow;
    const struct side *unseen = !(f->side[0].bits & SIDE_SEEN)   ? &f->side[0]
                                : !(f->side[1].bits & SIDE_SEEN) ? &f->side[1]
                                                                 : NULL;

    w.life = l;
    w.flow = f;
    l->c = c;
    l->eoc = eoc;
    l->settings = settings;
    set_time_wait(l);
    l->step = steplog_read(&c->steps, arena, &l->n_steps, &l->omitted);
    l->survey = survey_of(l);
    l->rst_effective = arena_alloc(arena, l->n_steps * sizeof *l->rst_effective);
    l->reset = l->replaced = -1;
    /* Somebody answered whom the tap did not see; a SYN that nobody answers is another matter. */
    l->one_directional = unseen && (unseen->bits & SIDE_ANCHORED) && !(f->bits & FLOW_SELF);
    l->mid_stream = !((f->side[0].bits | f->side[1].bits) & SIDE_SYN);
    l->flags_only = f->plain == 0 && f->side[0].packets + f->side[1].packets > 1;
    life_set_thresholds(l);
    life_put_in_order(l);
    find_replacement(l);
    l->handshake = life_handshake(l);
    for (int dir = 0; dir < 2; dir++) {
        struct machine *m = &l->machine[dir];

        w.inbox[dir].n = m->n = 0;
        m->state = m->proven = ST_NONE;
        memset(m->entered, 0, sizeof m->entered);
        l->fin[dir].acked_step = l->fin[dir].step = -1;
        w.missed_at[dir] = find_missed_fin(&w, dir);
    }
    walk_steps(&w);
    for (int dir = 0; dir < 2; dir++)
        inbox_settle_rest(&w.inbox[dir], l, dir);
    doubt_states(l);
    for (int dir = 0; dir < 2; dir++) {
        timers_run(l, dir);
        if (l->replaced >= 0)
            machine_apply(&l->machine[dir], EV_REPLACED, l->replaced, l->eoc, true, NULL);
    }
    return l;
}
