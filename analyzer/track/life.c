/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a life is before and after it is replayed: thresholds, the order of judgement, the kind of
 * handshake, and questions about states. */
#include "track/life.h"

#include "base/seq.h"
#include "flow/observe.h"

#include <string.h>

void machine_apply(struct machine *m, enum tcp_event event, int step, int64_t t, bool proven,
                   const char *cause)
{
    enum tcp_state next = tcp_next_state(m->state, event);

    if (next != m->state && m->n < TRANSITIONS) {
        const struct transition *last = m->n ? &m->path[m->n - 1] : NULL;

        /* What was received while something was sent is told after it: times never go back along a
         * path. */
        if (last && t < last->t)
            t = last->t;
        if (last && step >= 0 && step < last->step)
            step = last->step;
        m->path[m->n++] = (struct transition){
            .state = next, .event = event, .step = step, .t = t, .proven = proven, .cause = cause};
        m->state = next;
        if (!m->entered[next])
            m->entered[next] = (uint8_t)m->n;
    }
    if (proven)
        m->proven = m->state;
}

/* Thresholds of close-semantics 0.4. */
void life_set_thresholds(struct life *l)
{
    const struct flow *f = &l->c->flow;
    int64_t s = NS_PER_S;

    l->rtt = f->rtt_us ? f->rtt_us * 1000LL : s / 5;
    l->rto = 3 * l->rtt > s ? 3 * l->rtt : s;
    l->ack_wait = settings_ns(l->settings, TH_ACK_WAIT);
    if (4 * l->rto > l->ack_wait)
        l->ack_wait = 4 * l->rto;
    l->fin_wait_2 = settings_ns(l->settings, TH_FIN_WAIT_2_ORPHAN);
    l->give_up = settings_ns(l->settings, TH_LAST_ACK_GIVE_UP);
    l->rst_race = f->rtt_us && f->rtt_us < 5000 ? s / 20 : s / 5;
    if (2 * l->rtt > l->rst_race && f->rtt_us)
        l->rst_race = 2 * l->rtt;
}

static const int64_t reorder = 5000000; /* ns */

static bool opens(const struct step *s)
{
    return s->kind == STEP_SEGMENT && (s->seen & (SEEN_SYN_FIRST | SEEN_FIN_FIRST));
}

/* Whether a SYN or FIN comes so soon after a segment of the other end that it may belong before. */
static bool may_be_late(const struct life *l)
{
    /* of each end's segments so far: before 1970, and so before any record, when there is none */
    int64_t latest[2] = {-reorder - 1, -reorder - 1};

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = l->step[i];

        if (opens(s) && s->t - latest[!s->dir] <= reorder)
            return true;
        if (s->t > latest[s->dir])
            latest[s->dir] = s->t;
    }
    return false;
}

/* Records of two interfaces may be out of order by a little. A segment that acknowledges a SYN or
 * FIN which comes a few milliseconds later was sent after it: put it behind. */
void life_put_in_order(struct life *l)
{
    if (!may_be_late(l))
        return;
    for (size_t i = 0; i + 1 < l->n_steps; i++) {
        const struct step *early = l->step[i];

        for (size_t j = i + 1; j < l->n_steps && l->step[j]->t - early->t <= reorder; j++) {
            const struct step *late = l->step[j];

            if (!opens(late) || late->dir == early->dir || !step_acknowledges(early))
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

enum handshake life_handshake(const struct life *l)
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

struct stamp life_stamp(const struct life *l, int dir, int before)
{
    struct stamp stamp = {0};

    for (int i = 0; i < before; i++) {
        const struct step *s = l->step[i];

        if (s->kind == STEP_SEGMENT && s->dir == (unsigned)dir && s->has_ts && !s->of_other &&
            (!stamp.known || seq_geq(s->ts_val, stamp.value)))
            stamp = (struct stamp){.known = true, .value = s->ts_val, .step = i};
    }
    return stamp;
}

bool life_is_old_copy(const struct life *l, const struct step *s, const struct stamp *stamp)
{
    const int several = 8; /* segments may have the same timestamp */

    if (!stamp->known || s->kind != STEP_SEGMENT || !s->has_ts || seq_gt(s->ts_val, stamp->value))
        return false;
    if (s->ts_val != stamp->value)
        return true;
    for (int i = stamp->step; i >= 0 && i > stamp->step - several; i--) {
        const struct step *o = l->step[i];

        if (o->kind == STEP_SEGMENT && o->dir == s->dir && o->seq == s->seq && o->ack == s->ack &&
            o->len == s->len && o->flags == s->flags && o->ts_val == s->ts_val)
            return true;
    }
    return false;
}

bool life_goes_on(const struct life *l, int dir, int rst, bool syns)
{
    int64_t since = l->step[rst]->t + l->rst_race;
    struct stamp stamp = life_stamp(l, dir, rst);
    unsigned passed_over = TCP_RST | (syns ? 0 : TCP_SYN);

    for (size_t i = (size_t)rst + 1; i < l->n_steps; i++) {
        const struct step *s = l->step[i];

        if (s->dir != (unsigned)dir || s->of_other || s->kind == STEP_ICMP)
            continue;
        if (s->kind == STEP_FOLD
                ? s->last_t > since
                : !(s->flags & passed_over) && s->t > since && !life_is_old_copy(l, s, &stamp))
            return true;
    }
    return false;
}

bool life_may_have_closed(const struct life *l, int dir)
{
    const struct flow *f = &l->c->flow;

    return f->extra && f->extra->gap_end[dir] > f->side[dir].last_data_t && !l->fin[dir].known;
}

bool life_may_have_closed_before(const struct life *l, int dir)
{
    return l->mid_stream && !l->fin[dir].known && l->c->flow.side[dir].bytes == 0;
}

const struct transition *life_entered(const struct life *l, int dir, enum tcp_state s)
{
    const struct machine *m = &l->machine[dir];

    return m->entered[s] ? &m->path[m->entered[s] - 1] : NULL;
}
