/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The log is walked once. For each step three things happen, in this order:
 *
 *   1. settle    what the sender must have received before it could send this, by its ACK field
 *   2. send      the sender's own SYN, FIN or RST
 *   3. offer     what the segment would do to its receiver is put on the receiver's list of things perhaps received
 *
 * An entry of that list ends in one of three ways: an ACK proves it, the sender's retransmission or the receiver's later silence
 * about it contradicts it, or the log ends and it is taken as likely. Only entries that end well reach the state table. */
#include "track/replay.h"

#include "base/seq.h"
#include "flow/holes.h"
#include "flow/observe.h"
#include "track/steplog.h"
#include "track/timers.h"

#include <string.h>

enum { PENDING = 16, EVENTS = 4 };

/* Something an endpoint perhaps received. */
struct pending {
    int step;
    int64_t t;
    uint32_t end;      /* an ACK field of at least this proves it */
    bool numbered;     /* carries SYN or FIN: its sender repeats it when it is lost */
    unsigned n;
    enum tcp_event event[EVENTS];
};

struct inbox {
    unsigned n;
    struct pending entry[PENDING];
};

struct walk {
    struct life *life;
    const struct flow *flow;
    struct inbox inbox[2]; /* by the receiver's direction */
    int missed_at[2];      /* step whose ACK shows a FIN of direction [d] that the tap missed; -1 none */
};

/* --- applying events --------------------------------------------------------------------------------------------- */

void machine_apply(struct machine *m, enum tcp_event event, int step, int64_t t, bool proven,
                   const char *cause)
{
    enum tcp_state next = tcp_next_state(m->state, event);

    if (next != m->state && m->n < TRANSITIONS) {
        const struct transition *last = m->n ? &m->path[m->n - 1] : NULL;

        /* What was received while something was sent is told after it: times never go back along a path. */
        if (last && t < last->t)
            t = last->t;
        if (last && step >= 0 && step < last->step)
            step = last->step;
        m->path[m->n++] = (struct transition){
            .state = next, .event = event, .step = step, .t = t, .proven = proven, .cause = cause};
        m->state = next;
    }
    if (proven)
        m->proven = m->state;
}

static void apply_pending(struct machine *m, const struct pending *p, bool proven)
{
    for (unsigned i = 0; i < p->n; i++)
        machine_apply(m, p->event[i], p->step, p->t, proven, NULL);
}

static void drop_pending(struct inbox *in, unsigned i)
{
    in->n--;
    memmove(&in->entry[i], &in->entry[i + 1], (in->n - i) * sizeof in->entry[0]);
}

/* --- 1. settle --------------------------------------------------------------------------------------------------- */

static bool acknowledges(const struct step *s)
{
    return s->kind == STEP_SEGMENT && (s->flags & TCP_ACK) && !(s->flags & TCP_RST);
}

/* A copy of what the sender sent before says that it had no ACK of it by then: an ACK that was offered longer ago than a round trip
 * did not arrive. */
static void contradict_by_copy(struct walk *w, int dir, const struct step *s)
{
    struct inbox *in = &w->inbox[dir];
    int64_t in_flight = w->life->rtt > 10000000 ? w->life->rtt : 10000000;

    if (!(s->seen & (SEEN_SYN_COPY | SEEN_FIN_COPY)))
        return;
    for (unsigned i = 0; i < in->n;)
        if (!in->entry[i].numbered && s->t - in->entry[i].t > in_flight)
            drop_pending(in, i);
        else
            i++;
}

static void settle(struct walk *w, int dir, const struct step *s, int index)
{
    struct machine *m = &w->life->machine[dir];
    struct inbox *in = &w->inbox[dir];

    contradict_by_copy(w, dir, s);
    for (unsigned i = 0; acknowledges(s) && i < in->n;) {
        if (seq_geq(s->ack, in->entry[i].end)) {
            apply_pending(m, &in->entry[i], true);
            drop_pending(in, i);
        } else {
            i++;
        }
    }
    /* What can't be sent otherwise shows that the answer came, captured or not. */
    bool synchronized = acknowledges(s) && !(s->flags & TCP_SYN) && !(s->seen & SEEN_MALFORMED);
    if (synchronized && m->state == ST_SYN_SENT &&
        !(w->flow->bits & FLOW_REFUSED && !(w->flow->bits & FLOW_ESTABLISHED)))
        machine_apply(m, EV_RCV_SYNACK, index, s->t, true, "rcv SYN-ACK (not captured)");
    if (synchronized && m->state == ST_SYN_RCVD && (s->len || !(s->seen & SEEN_ACK_AGAIN))) {
        for (unsigned i = 0; i < in->n; i++)
            if (in->entry[i].event[0] == EV_RCV_ACK_OF_SYN)
                apply_pending(m, &in->entry[i], true);
        if (m->state == ST_SYN_RCVD)
            machine_apply(m, EV_RCV_ACK_OF_SYN, index, s->t, true, "rcv ACK of SYN (not captured)");
    }
}

/* --- 2. send ----------------------------------------------------------------------------------------------------- */

/* An end that goes on sending after its RST was not its sender, or did not mean it. */
static bool goes_on(const struct life *l, int dir, int after)
{
    int64_t since = l->step[after]->t + l->rst_race;

    for (size_t i = (size_t)after + 1; i < l->n_steps; i++) {
        const struct step *s = l->step[i];

        if (s->dir != (unsigned)dir || s->of_other || s->kind == STEP_ICMP)
            continue;
        if (s->kind == STEP_FOLD ? s->last_t > since : !(s->flags & TCP_RST) && s->t > since)
            return true;
    }
    return false;
}

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
    *fin = (struct fin){.known = true, .step = index, .t = s->t, .seq = s->seq + s->len,
                        .ack0 = s->ack, .last_copy = index, .acked_step = fin->known ? fin->acked_step : -1};
    machine_apply(&w->life->machine[dir], EV_SND_FIN, index, s->t, true, NULL);
}

static void send_rst(struct walk *w, int dir, const struct step *s, int index)
{
    struct life *l = w->life;
    struct machine *m = &l->machine[dir];

    if (goes_on(l, dir, index))
        return;
    /* An orphan in FIN_WAIT_2 is dropped without a sign; the reset that answers a late segment shows that it was. */
    const struct transition *last = m->n ? &m->path[m->n - 1] : NULL;
    if (m->state == ST_FIN_WAIT_2 && last && s->t - last->t > timer_fin_wait_2)
        machine_apply(m, EV_TIMER, -1, last->t + timer_fin_wait_2, false, "timer FIN_WAIT_2 60 s");
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

/* --- 3. offer ---------------------------------------------------------------------------------------------------- */

/* The path is dead when the receiver has left earlier questions of the sender unanswered: a RST does not arrive either. */
static bool path_is_dead(const struct life *l, int dir, int index)
{
    unsigned unanswered = 0;

    for (int i = index - 1; i >= 0; i--) {
        const struct step *s = l->step[i];

        if (s->kind != STEP_SEGMENT || s->dir != (unsigned)dir || s->of_other)
            break;
        if (s->seen & (SEEN_KEEP_ALIVE | SEEN_ZERO_PROBE | SEEN_RETRANSMISSION | SEEN_FIN_COPY))
            unanswered++;
    }
    return unanswered >= 2;
}

static bool rst_takes_effect(struct walk *w, int dir, const struct step *s, int index)
{
    struct life *l = w->life;
    int peer = flow_peer(w->flow, dir);

    return (s->seen & SEEN_RST_ACCEPTABLE) && !goes_on(l, peer, index) &&
           !path_is_dead(l, dir, index);
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
    struct inbox *in = &w->inbox[peer];
    struct machine *m = &w->life->machine[peer];
    struct pending p = {.step = index, .t = s->t};
    bool numbered = (s->flags & (TCP_SYN | TCP_FIN)) && !(s->flags & TCP_RST);

    p.n = reception(w, dir, s, index, p.event);
    p.numbered = numbered;
    p.end = s->seq + s->len + (numbered ? 1 : 0) + (numbered ? 0 : 1);
    if (s->seen & SEEN_SYN_COPY || s->flags & TCP_SYN)
        p.end = s->seq + 1;
    if (m->state == ST_NONE && !(s->flags & (TCP_SYN | TCP_RST)))
        machine_apply(m, EV_MID_STREAM, index, s->t, false, NULL);
    if (!p.n)
        return;
    if (!(w->flow->side[peer].bits & SIDE_SEEN)) { /* never seen: nothing will prove or contradict it */
        apply_pending(m, &p, false);
        return;
    }
    /* A repetition says that the first was lost, unless it came too soon to know. */
    int64_t hasty = w->life->rtt > 150000000 ? w->life->rtt : 150000000;
    for (unsigned i = 0; numbered && i < in->n;)
        if (in->entry[i].numbered && in->entry[i].end == p.end && s->t - in->entry[i].t >= hasty)
            drop_pending(in, i);
        else
            i++;
    if (in->n == PENDING)
        drop_pending(in, 0);
    in->entry[in->n++] = p;
}

/* --- FINs that the tap missed ------------------------------------------------------------------------------------ */

/* Before step `index` of direction dir: its ACK field covers a FIN of the peer that was not captured. */
static void insert_missed_fin(struct walk *w, int dir, const struct step *s, int index)
{
    struct life *l = w->life;
    int peer = flow_peer(w->flow, dir);
    struct fin *fin = &l->fin[peer];
    bool confirmed = w->flow->side[peer].bits & SIDE_FIN_MISSED;
    struct machine *closer = &l->machine[peer], *taker = &l->machine[dir];

    *fin = (struct fin){.known = true, .missed = true, .step = index, .t = s->t,
                        .seq = w->flow->side[peer].fin_seq, .last_copy = index, .acked_step = index};
    if (closer->state == ST_NONE)
        machine_apply(closer, EV_MID_STREAM, index, s->t, false, NULL);
    machine_apply(closer, EV_SND_FIN, index, s->t, confirmed, "snd FIN (not captured)");
    /* An end that was never seen may be supposed to have answered. */
    if (!(w->flow->side[peer].bits & SIDE_SEEN) && l->fin[dir].known)
        machine_apply(taker, EV_RCV_ACK_OF_FIN, index, s->t, false, "rcv ACK of FIN (not captured)");
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

        if (answer && acknowledges(s) && !s->of_other && s->ack == side->fin_seq + 1)
            return (int)i;
    }
    return -1;
}

/* --- order ------------------------------------------------------------------------------------------------------- */

/* Records of two interfaces may be out of order by a little. A segment that acknowledges a SYN or FIN which comes a few
 * milliseconds later was sent after it: put it behind. */
static void put_in_order(struct life *l)
{
    const int64_t reorder = 5000000;

    for (size_t i = 0; i + 1 < l->n_steps; i++) {
        const struct step *early = l->step[i];

        for (size_t j = i + 1; j < l->n_steps && l->step[j]->t - early->t <= reorder; j++) {
            const struct step *late = l->step[j];
            bool opens = late->kind == STEP_SEGMENT && (late->seen & (SEEN_SYN_FIRST | SEEN_FIN_FIRST));

            if (!opens || late->dir == early->dir || !acknowledges(early))
                continue;
            uint32_t end = late->seq + late->len + 1;
            if (early->ack != end || ((late->flags & TCP_SYN) && !(early->flags & TCP_SYN)))
                continue;
            memmove(&l->step[i + 1], &l->step[i], (j - i) * sizeof *l->step);
            l->step[i] = late;
            break;
        }
    }
}

/* --- the end of the log ------------------------------------------------------------------------------------------ */

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
    if (p->event[0] != EV_RCV_SYN && p->event[0] != EV_RCV_SYNACK)
        return false;
    for (size_t i = 0; i < l->n_steps; i++)
        if (l->step[i]->kind == STEP_SEGMENT && l->step[i]->dir == (unsigned)sender &&
            !l->step[i]->of_other && (l->step[i]->seen & SEEN_SYN_COPY))
            return true;
    return false;
}

/* What no later segment decided is likely, unless something speaks against it. */
static void settle_rest(struct walk *w, int dir)
{
    struct life *l = w->life;
    struct inbox *in = &w->inbox[dir];
    int peer = flow_peer(w->flow, dir);
    const struct fin *theirs = &l->fin[peer];
    bool fin_in_order = !holes_below(w->flow, peer, theirs->seq);

    for (unsigned i = 0; i < in->n; i++) {
        const struct pending *p = &in->entry[i];
        bool fin = p->event[p->n - 1] == EV_RCV_FIN;
        bool repeated = (fin && theirs->copies) || repeated_syn(l, peer, p);
        bool ignored = p->numbered && !l->flags_only &&
                       spoke_since(l, dir, p->step, p->t + l->rtt);

        if (!(p->numbered && (repeated || ignored)) && !(fin && !fin_in_order))
            apply_pending(&l->machine[dir], p, false);
    }
}

/* --- the whole life ---------------------------------------------------------------------------------------------- */

static enum handshake classify_handshake(const struct life *l)
{
    const struct flow *f = &l->c->flow;
    const struct side *client = &f->side[f->client], *server = &f->side[flow_peer(f, f->client)];
    bool syn_data = false, challenged = false;
    unsigned plain_syns = 0;

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = l->step[i];
        bool from_client = s->dir == f->client;

        if (s->kind != STEP_SEGMENT)
            continue;
        if (s->of_other)
            challenged |= !from_client && (s->flags & (TCP_ACK | TCP_RST | TCP_SYN)) == TCP_ACK;
        else if ((s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && (s->seen & SEEN_SYN_FIRST))
            plain_syns |= from_client ? 1 : 2;
        if (!s->of_other && from_client && (s->flags & TCP_SYN) && s->len)
            syn_data = true;
    }
    if (!((client->bits | server->bits) & SIDE_SYN))
        return HANDSHAKE_NOT_CAPTURED;
    if (plain_syns == 3 || (f->bits & FLOW_SELF))
        return HANDSHAKE_SIMULTANEOUS;
    if (f->bits & FLOW_ESTABLISHED)
        return syn_data ? HANDSHAKE_FAST_OPEN : HANDSHAKE_COMPLETE;
    if (f->bits & FLOW_SYN_ACKED)
        return HANDSHAKE_NO_FINAL_ACK;
    if (f->bits & FLOW_REFUSED)
        return HANDSHAKE_REFUSED;
    return challenged ? HANDSHAKE_CHALLENGED : HANDSHAKE_SYN_ONLY;
}

/* Thresholds of close-semantics 0.4. */
static void set_thresholds(struct life *l)
{
    const struct flow *f = &l->c->flow;
    int64_t s = NS_PER_S;

    l->rtt = f->rtt_us ? f->rtt_us * 1000LL : s / 5;
    l->rto = 3 * l->rtt > s ? 3 * l->rtt : s;
    l->ack_wait = 4 * l->rto > 3 * s ? 4 * l->rto : 3 * s;
    l->rst_race = f->rtt_us && f->rtt_us < 5000 ? s / 20 : s / 5;
    if (2 * l->rtt > l->rst_race && f->rtt_us)
        l->rst_race = 2 * l->rtt;
}

static void walk_steps(struct walk *w)
{
    struct life *l = w->life;

    for (size_t i = 0; i < l->n_steps; i++) {
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
                settle(w, dir, &(struct step){.t = s->t, .flags = TCP_ACK, .len = 1}, index);
            continue;
        }
        if (w->missed_at[flow_peer(w->flow, dir)] == index)
            insert_missed_fin(w, dir, s, index);
        settle(w, dir, s, index);
        send(w, dir, s, index);
        offer(w, dir, s, index);
    }
}

struct life *replay(const struct connection *c, int64_t eoc, const struct time_wait *tw,
                    struct arena *arena)
{
    struct life *l = arena_alloc(arena, sizeof *l);
    struct walk w = {.life = l, .flow = &c->flow};
    const struct flow *f = &c->flow;
    const struct side *unseen = !(f->side[0].bits & SIDE_SEEN)   ? &f->side[0]
                                : !(f->side[1].bits & SIDE_SEEN) ? &f->side[1]
                                                                 : NULL;

    l->c = c;
    l->eoc = eoc;
    l->time_wait = tw->ns;
    l->time_wait_name = tw->name;
    l->step = steplog_read(&c->steps, arena, &l->n_steps, &l->omitted);
    l->reset = -1;
    /* Somebody answered whom the tap did not see; a SYN that nobody answers is another matter. */
    l->one_directional = unseen && (unseen->bits & SIDE_ANCHORED) && !(f->bits & FLOW_SELF);
    l->mid_stream = !((f->side[0].bits | f->side[1].bits) & SIDE_SYN);
    l->flags_only = f->plain == 0 && f->side[0].packets + f->side[1].packets > 1;
    set_thresholds(l);
    put_in_order(l);
    l->handshake = classify_handshake(l);
    for (int dir = 0; dir < 2; dir++) {
        l->machine[dir].state = l->machine[dir].proven = ST_NONE;
        l->fin[dir].acked_step = l->fin[dir].step = -1;
        w.missed_at[dir] = find_missed_fin(&w, dir);
    }
    walk_steps(&w);
    for (int dir = 0; dir < 2; dir++)
        settle_rest(&w, dir);
    for (int dir = 0; dir < 2; dir++)
        timers_run(l, dir, arena);
    return l;
}

int64_t life_last_sent(const struct life *l, int dir)
{
    int64_t last = -1;

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = l->step[i];

        if (s->dir == (unsigned)dir && !s->of_other && s->kind != STEP_ICMP)
            last = s->kind == STEP_FOLD ? s->last_t : s->t;
    }
    return last;
}

enum tcp_state life_state_at(const struct life *l, int dir, int step)
{
    const struct machine *m = &l->machine[dir];
    enum tcp_state state = ST_NONE;

    for (unsigned i = 0; i < m->n; i++) {
        const struct transition *t = &m->path[i];
        bool reached = t->step >= 0 ? t->step <= step : t->t <= l->step[step]->t;

        if (reached)
            state = t->state;
    }
    return state;
}

const struct transition *life_entered(const struct life *l, int dir, enum tcp_state s)
{
    const struct machine *m = &l->machine[dir];

    for (unsigned i = 0; i < m->n; i++)
        if (m->path[i].state == s)
            return &m->path[i];
    return NULL;
}
