/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/reuse_view.h"

#include "base/seq.h"
#include "flow/observe.h"

static const int64_t timer_slack = 3 * NS_PER_S; /* Linux's timer wheel (9.22) */
static const int64_t limiter =
    NS_PER_S / 2; /* Linux sends one challenge ACK in 500 ms: silence so long is none */

/* Where an initial TTL comes from: 64, 128 or 255. */
static int ttl_class(uint8_t ttl)
{
    return ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
}

static bool is_pure_ack(const struct step *s)
{
    return s->kind == STEP_SEGMENT &&
           (s->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK && !s->len;
}

/* Walk the new connection's log: SYN, answer, reset of the answer, copies, SYN-ACK. */
static void follow(struct reuse_view *v)
{
    int64_t last_copy = v->syn->t;

    for (size_t i = 1; i < v->l->n_steps && v->synack_step < 0; i++) {
        const struct step *s = v->l->step[i];
        bool from_x = (int)s->dir == v->x;

        if (s->kind != STEP_SEGMENT)
            continue;
        if (from_x && !s->of_other && (s->seen & SEEN_SYN_COPY)) {
            v->syn_copies++;
            last_copy = s->t;
        } else if (from_x && (s->flags & TCP_RST) && v->rst_step < 0 &&
                   (v->answer == ANSWER_ACK || (v->answer == ANSWER_NONE && v->old->held[v->z]))) {
            v->answer = ANSWER_ACK; /* of TIME_WAIT, which it rejects: captured or not */
            v->rst_step = (int)i;
        } else if (!from_x && (s->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) &&
                   !s->of_other) {
            v->synack_step = (int)i;
            v->delay = s->t - v->syn->t;
            if (v->answer == ANSWER_NONE)
                v->answer = v->syn_copies && last_copy - v->syn->t > limiter ? ANSWER_SILENCE
                                                                             : ANSWER_SYNACK;
        } else if (!from_x && v->answer == ANSWER_NONE && is_pure_ack(s) && s->of_other) {
            v->answer = ANSWER_ACK;
            v->answer_step = (int)i;
        } else if (!from_x && v->answer == ANSWER_NONE && (s->flags & TCP_RST)) {
            v->answer = ANSWER_RST;
            v->answer_step = (int)i;
        }
    }
    v->tried_for = last_copy - v->syn->t;
    if (v->answer == ANSWER_NONE && v->syn_copies && last_copy - v->syn->t > limiter)
        v->answer = ANSWER_SILENCE;
}

/* In TIME_WAIT, or ended by a reset before time, or, as an answer with the old numbers tells, a
 * little longer there than its system is known for (close-semantics 9.26). */
static bool holds(const struct reuse_view *v, int dir)
{
    int64_t left = v->old->time_wait_since[dir] + v->l->time_wait[dir] - v->syn->t;
    bool late = v->answer == ANSWER_ACK && dir == v->z && left > -timer_slack;
    bool killed = v->old->killed[dir].packet && left > 0;

    return v->old->held[dir] && (v->old->state[dir] == ST_TIME_WAIT || killed || late);
}

static void find_holder(struct reuse_view *v)
{
    v->holder = -1;
    for (int k = 0; k < 2; k++) { /* the other end first: it is the one that answers */
        int dir = k == 0 ? v->z : v->x;

        if (v->holder < 0 && holds(v, dir)) {
            v->holder = dir;
            v->gap = v->syn->t - v->old->time_wait_since[dir];
            v->killed = v->old->killed[dir].packet > 0;
        }
    }
}

static void compare_numbers(struct reuse_view *v)
{
    uint32_t isn = v->syn->seq, last = v->old->last_seq[v->x];
    uint32_t window = v->old->max_window[v->z] ? v->old->max_window[v->z] : 65535;

    v->seq_ok = v->old->numbered[v->x] && seq_gt(isn, last - 1);
    v->far = v->seq_ok && isn - last >= window;
    v->ts_old = v->old->ts[v->x];
    v->ts_new = v->syn->has_ts;
    v->ts_newer = v->ts_old && v->ts_new && seq_gt(v->syn->ts_val, v->old->ts_last[v->x]);
    v->ts_equal = v->ts_old && v->ts_new && v->syn->ts_val == v->old->ts_last[v->x];
    if (v->synack_step >= 0)
        v->z_isn_ok = !v->old->numbered[v->z] ||
                      seq_gt(v->l->step[v->synack_step]->seq, v->old->last_seq[v->z] - 1);
}

bool reuse_view(const struct scene *s, struct reuse_view *v)
{
    const struct life *l = s->life;

    if (!l->c->before || !l->n_steps || (s->flow->bits & FLOW_SELF))
        return false;
    *v = (struct reuse_view){.old = l->c->before,
                             .l = l,
                             .flow = s->flow,
                             .syn = l->step[0],
                             .answer_step = -1,
                             .rst_step = -1,
                             .synack_step = -1};
    if (v->syn->kind != STEP_SEGMENT || v->syn->of_other ||
        (v->syn->flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
        return false;
    v->x = v->syn->dir;
    v->z = !v->x;
    follow(v);
    v->accepted = v->synack_step >= 0 && (s->flow->bits & FLOW_ESTABLISHED);
    find_holder(v);
    compare_numbers(v);
    const struct side *side = &s->flow->side[v->x];
    v->other_machine = v->old->syn_print[v->x] && side->syn_print &&
                       (v->old->syn_print[v->x] != side->syn_print) &&
                       ttl_class(v->old->syn_ttl[v->x]) != ttl_class(side->syn_ttl);
    return true;
}
