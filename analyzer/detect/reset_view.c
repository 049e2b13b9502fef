/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/reset_view.h"

#include "base/seq.h"
#include "flow/observe.h"

static int64_t end_of(const struct step *s)
{
    return s->kind == STEP_FOLD ? s->last_t : s->t;
}

static bool is_rst(const struct step *s)
{
    return s->kind == STEP_SEGMENT && (s->flags & TCP_RST);
}

static bool carries_data(const struct step *s)
{
    return s->kind == STEP_FOLD ? s->bytes > 0
                                : s->kind == STEP_SEGMENT && s->len > 0 && !is_rst(s);
}

/* What a reply-shaped RST answers: the latest segment of Y whose ACK field it copies, or which it
 * acknowledges. What X has acknowledged since needs no other answer. */
static int find_trigger(const struct reset_view *v)
{
    int64_t window = v->l->rst_race > NS_PER_S ? v->l->rst_race : NS_PER_S;
    const struct step *answer = NULL;

    for (int i = v->at - 1; v->reply && i >= 0; i--) {
        const struct step *s = v->l->step[i];

        if (s->dir != (unsigned)v->y && s->kind == STEP_SEGMENT && !is_rst(s) && !s->of_other &&
            (!answer || seq_gt(s->ack, answer->ack)))
            answer = s;
        if (s->dir != (unsigned)v->y || s->kind == STEP_ICMP || is_rst(s))
            continue;
        if (v->r->t - end_of(s) > window)
            return -1;
        uint32_t end = s->kind == STEP_FOLD
                           ? v->flow->side[v->y].nxt
                           : s->seq + s->len + ((s->flags & (TCP_SYN | TCP_FIN)) != 0);
        if (answer && (!(answer->flags & TCP_ACK) || seq_leq(end, answer->ack)))
            return -1;
        if (s->kind == STEP_FOLD)
            return i;
        if (v->r->flags & TCP_ACK ? v->r->ack == end : (s->flags & TCP_ACK) && s->ack == v->r->seq)
            return i;
    }
    return -1;
}

static void look_back(struct reset_view *v)
{
    for (int i = 0; i < v->at; i++) {
        const struct step *s = v->l->step[i];
        bool from_x = s->dir == (unsigned)v->x;

        if (s->kind == STEP_ICMP || s->of_other)
            continue;
        if (from_x && (s->kind == STEP_FOLD || !(s->flags & (TCP_SYN | TCP_RST))))
            v->x_spoke = true;
        if (carries_data(s) && !from_x)
            v->y_data_step = i;
        if (carries_data(s))
            *(from_x ? &v->x_data : &v->y_data) = true;
    }
    v->x_known = v->x_spoke || (v->flow->side[v->x].bits & SIDE_SYN);
    v->x_data_t = v->flow->side[v->x].last_data_t;
    v->y_data_t = v->flow->side[v->y].last_data_t;
}

/* X sends octets beyond the RST's number later than a race could explain, or repeats what it had
 * sent with newer and newer timestamps. Copies that the network made of older segments are not X's,
 * nor is the SYN-ACK of another incarnation. */
static bool goes_beyond(const struct reset_view *v)
{
    unsigned newer = 0;
    struct stamp stamp = life_stamp(v->l, v->x, v->at);

    for (size_t i = (size_t)v->at + 1; i < v->l->n_steps; i++) {
        const struct step *s = v->l->step[i];

        if (s->dir != v->r->dir || s->of_other || s->kind == STEP_ICMP || is_rst(s) ||
            end_of(s) <= v->r->t + v->l->rst_race)
            continue;
        if (s->kind == STEP_SEGMENT && ((s->flags & TCP_SYN) || life_is_old_copy(v->l, s, &stamp)))
            continue;
        if (s->kind == STEP_SEGMENT && s->has_ts && stamp.known && seq_gt(s->ts_val, stamp.value)) {
            stamp.value = s->ts_val;
            if (++newer >= 2)
                return true;
        }
        if (s->kind == STEP_FOLD ? s->bytes > 0 && seq_gt(v->flow->side[v->x].nxt, v->r->seq)
                                 : seq_gt(s->seq + s->len + ((s->flags & TCP_FIN) != 0), v->r->seq))
            return true;
    }
    return false;
}

/* Keep-alives of X right before the RST that Y left unanswered; answers are not on the log. */
static void count_probes(struct reset_view *v)
{
    int64_t answered = v->flow->side[v->y].last_t;

    for (int i = v->at - 1; i >= 0; i--) {
        const struct step *s = v->l->step[i];

        if (s->kind != STEP_SEGMENT || s->dir != (unsigned)v->x || !(s->seen & SEEN_KEEP_ALIVE) ||
            s->t <= answered)
            return;
        v->probes++;
        v->first_probe = i;
    }
}

static int64_t idle_before(const struct reset_view *v)
{
    int last = v->trigger >= 0 ? v->trigger : v->at;
    bool fold = v->l->step[last]->kind == STEP_FOLD;
    int64_t t = end_of(v->l->step[last]), before = t;

    for (int i = 0; i < last; i++)
        if (v->l->step[i]->kind != STEP_ICMP && !v->l->step[i]->of_other &&
            (!fold || v->l->step[i]->dir == v->r->dir)) /* inside a fold only X's silence shows */
            before = i == 0 || end_of(v->l->step[i]) > before || before == t ? end_of(v->l->step[i])
                                                                             : before;
    return t > before ? t - before : 0;
}

struct reset_view reset_view(const struct life *l, int at)
{
    const struct step *r = l->step[at];
    struct reset_view v = {.l = l,
                           .flow = &l->c->flow,
                           .r = r,
                           .at = at,
                           .x = r->dir,
                           .first_probe = -1,
                           .y_data_step = -1};

    v.y = flow_peer(v.flow, v.x);
    v.reply = !(r->flags & TCP_ACK) || r->seq == 0;
    v.trigger = find_trigger(&v);
    for (int dir = 0; dir < 2; dir++)
        v.state[dir] = at > 0 ? life_state_at(l, dir, at - 1) : ST_NONE;
    v.x_fin = l->fin[v.x].known && l->fin[v.x].step < at;
    v.y_fin = l->fin[v.y].known && l->fin[v.y].step < at;
    v.both_acked = v.x_fin && v.y_fin && l->fin[v.x].acked_step >= 0 &&
                   l->fin[v.x].acked_step < at && l->fin[v.y].acked_step >= 0 &&
                   l->fin[v.y].acked_step < at;
    look_back(&v);
    count_probes(&v);
    v.x_goes_on = life_goes_on(l, v.x, at, false); /* a SYN would be a listener's */
    v.x_goes_beyond = goes_beyond(&v);
    v.y_goes_on = life_goes_on(l, v.y, at, false);
    v.idle = idle_before(&v);
    return v;
}

/* --- questions about it ----------------------------------------------------------------------- */

static const struct side *side_of(const struct reset_view *v, int dir)
{
    return &v->flow->side[dir];
}

/* Octets that dir sent and that were never acknowledged, its FIN not counted. */
uint32_t reset_unconfirmed(const struct reset_view *v, int dir)
{
    const struct side *s = side_of(v, dir);
    uint32_t end = s->bits & SIDE_FIN ? s->fin_seq : s->nxt;

    if (!(s->bits & SIDE_ANCHORED) || !(s->bits & SIDE_ACKED) || !s->bytes || !seq_lt(s->una, end))
        return 0;
    return end - s->una;
}

/* (c): resets that step through the sequence space within 100 ms and copy no ACK field of Y. */
bool reset_walks_the_window(const struct reset_view *v)
{
    unsigned steps = 0;

    for (int i = v->at; (size_t)i < v->l->n_steps; i++) {
        const struct step *s = v->l->step[i];

        if (s->kind != STEP_SEGMENT || !(s->flags & TCP_RST) || s->dir != v->r->dir ||
            s->t - v->r->t > NS_PER_S / 10)
            break;
        if (i > v->at && seq_gt(s->seq, v->r->seq + 500) && seq_gt(s->seq, side_of(v, v->x)->nxt))
            steps++;
    }
    return steps >= 1;
}

/* (d): the same fingerprint towards both ends within 10 ms. */
bool reset_hits_both_ends(const struct reset_view *v)
{
    for (size_t i = 0; i < v->l->n_steps; i++) {
        const struct step *s = v->l->step[i];

        if (s->kind == STEP_SEGMENT && (s->flags & TCP_RST) && s->dir != v->r->dir &&
            !s->of_other && s->t - v->r->t <= NS_PER_S / 100 && v->r->t - s->t <= NS_PER_S / 100 &&
            s->ttl == v->r->ttl && s->window == v->r->window && s->ip_id == v->r->ip_id &&
            s->ip_id != 0)
            return true;
    }
    return false;
}

/* The TTL that X's other segments have; 0 when it never spoke. */
uint8_t reset_usual_ttl(const struct reset_view *v)
{
    for (int i = 0; (size_t)i < v->l->n_steps; i++) {
        const struct step *s = v->l->step[i];

        if (s->kind == STEP_SEGMENT && s->dir == v->r->dir && !(s->flags & TCP_RST) && !s->of_other)
            return s->ttl;
    }
    return 0;
}

uint8_t reset_other_ttl(const struct flow *f, const struct step *rst)
{
    enum { PACKETS_LEAST = 5 };
    const struct side *side = &f->side[rst->dir];
    bool constant =
        (side->bits & SIDE_SYN) && side->packets >= PACKETS_LEAST && side->syn_ttl == side->ttl;

    return constant && side->ttl != rst->ttl ? side->ttl : 0;
}
