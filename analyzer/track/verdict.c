/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/verdict.h"

#include "flow/holes.h"
#include "flow/observe.h"
#include "track/tail.h"
#include "track/timers.h"

static const struct flow *flow_of(const struct life *l)
{
    return &l->c->flow;
}

/* --- the fate of a FIN ------------------------------------------------------------------------ */

/* The wait for an ACK of the second FIN was cut off by a reset or by a new incarnation; that is
 * only telling when its sender had repeated it or had waited long enough (close-semantics 9.5 c).
 */
static bool cut_off(const struct life *l, const struct fin *fin)
{
    int64_t end = l->reset >= 0 ? l->step[l->reset]->t : l->eoc;
    bool ended = l->reset >= 0 || (flow_of(l)->bits & FLOW_SUCCEEDED);

    return ended && (fin->copies >= 2 || end - fin->t >= l->ack_wait);
}

static enum fin_fate second_fin(const struct life *l, const struct fin *fin)
{
    int64_t silence = l->eoc - fin->t;

    if (l->replaced_at_once) /* by an end that was done with this connection */
        return FATE_NOT_CAPTURED;
    bool repeated = fin->copies > 0 && l->step[fin->last_copy]->t - fin->t >= NS_PER_S / 5;

    if (repeated &&
        (silence >= l->give_up || (fin->copies >= 3 && silence >= l->ack_wait) || cut_off(l, fin)))
        return FATE_UNACKED;
    int64_t until = l->reset >= 0 ? l->step[l->reset]->t : l->eoc;
    if (fin->copies == 0 && !l->one_directional && until - fin->t >= l->ack_wait)
        return FATE_NOT_CAPTURED;
    return FATE_PENDING;
}

static enum fin_fate first_fin(const struct life *l, int dir, const struct fin *fin)
{
    int64_t heard = life_last_sent(l, flow_peer(flow_of(l), dir));
    int64_t silence = l->eoc - (heard > fin->t ? heard : fin->t);

    if (holes_below(flow_of(l), dir, fin->seq) &&
        heard > fin->t) /* the peer answers, but for what came before */
        return l->eoc - fin->t >= l->ack_wait ? FATE_BEHIND_HOLE : FATE_PENDING;
    return fin->copies >= 2 && silence >= l->ack_wait ? FATE_UNACKED : FATE_PENDING;
}

static enum fin_fate fate_of(const struct life *l, int dir, bool second)
{
    const struct fin *fin = &l->fin[dir];

    if (!fin->known)
        return FATE_NONE;
    if (fin->acked_step >= 0)
        return FATE_ACKED;
    return second ? second_fin(l, fin) : first_fin(l, dir, fin);
}

/* --- kind ------------------------------------------------------------------------------------- */

/* Did the end of direction dir send anything but resets? */
static bool spoke(const struct life *l, int dir)
{
    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = l->step[i];

        if (s->dir == (unsigned)dir && !s->of_other &&
            !(s->kind == STEP_SEGMENT && (s->flags & TCP_RST)))
            return true;
    }
    return false;
}

/* Late ACKs, FIN copies and the resets that answer them, of a connection from before the capture
 * (close-semantics 9.27). */
static bool is_leftover(const struct life *l)
{
    const struct flow *f = flow_of(l);
    bool acked = l->fin[0].acked_step >= 0 || l->fin[1].acked_step >= 0;

    if (!l->mid_stream || f->side[0].bytes || f->side[1].bytes || acked)
        return false;
    return !(spoke(l, 0) && spoke(l, 1));
}

/* A SYN-ACK that answers a late copy of the previous connection's SYN: the opener wants none of it.
 */
static bool answers_old_syn(const struct life *l)
{
    const struct flow *f = flow_of(l);
    const struct tail *old = l->c->before;
    int client = f->client;

    return old && old->numbered[client] && !(f->side[client].bits & SIDE_SYN) &&
           (f->side[client].bits & SIDE_ACKED) && f->side[client].una == old->isn[client] + 1 &&
           !spoke(l, client);
}

static bool opened(const struct life *l)
{
    switch (l->handshake) {
    case HANDSHAKE_SYN_ONLY:
    case HANDSHAKE_CHALLENGED:
    case HANDSHAKE_REFUSED:
    case HANDSHAKE_NO_FINAL_ACK:
        return l->fin[0].known || l->fin[1].known;
    default:
        return true;
    }
}

static bool reset_before_the_end(const struct life *l)
{
    int last =
        l->fin[0].acked_step > l->fin[1].acked_step ? l->fin[0].acked_step : l->fin[1].acked_step;
    bool both = l->fin[0].acked_step >= 0 && l->fin[1].acked_step >= 0;

    return l->reset >= 0 && !(both && last < l->reset);
}

/* The FIN that was acknowledged before the reset may have been the second: the first may stand
 * before the capture. */
static bool perhaps_after_the_end(const struct life *l)
{
    for (int dir = 0; dir < 2; dir++)
        if (l->fin[dir].acked_step >= 0 && l->fin[dir].acked_step < l->reset &&
            life_may_have_closed_before(l, !dir))
            return true;
    return false;
}

static enum close_kind kind_of(const struct life *l, const struct verdict *v)
{
    const enum fin_fate *fate = v->fate;
    bool self = flow_of(l)->bits & FLOW_SELF;

    if (answers_old_syn(l))
        return CLOSE_STRAY;
    if (!opened(l))
        return l->handshake == HANDSHAKE_REFUSED ? CLOSE_REFUSED : CLOSE_NO_ANSWER;
    if (is_leftover(l))
        return CLOSE_STRAY;
    if (reset_before_the_end(l))
        return perhaps_after_the_end(l) ? CLOSE_UNDETERMINED : CLOSE_RESET;
    if (self && fate[0] == FATE_ACKED)
        return CLOSE_SIMULTANEOUS;
    if (fate[0] == FATE_ACKED && fate[1] == FATE_ACKED) {
        int first = v->first_closer;
        if (v->both_closed_first)
            return CLOSE_SIMULTANEOUS;
        return first >= 0 && l->fin[first].acked_step == l->fin[!first].step &&
                       !l->fin[!first].missed
                   ? CLOSE_CLEAN_COMBINED
                   : CLOSE_CLEAN;
    }
    for (int dir = 0; dir < 2; dir++) {
        if (v->second[dir] && fate[dir] == FATE_UNACKED)
            return CLOSE_FINAL_ACK_MISSING;
        if (v->second[dir] && fate[dir] == FATE_NOT_CAPTURED)
            return CLOSE_FINAL_ACK_NOT_CAPTURED;
        if (v->second[dir] && fate[dir] == FATE_PENDING)
            return CLOSE_UNDETERMINED;
    }
    if (fate[0] == FATE_UNACKED || fate[1] == FATE_UNACKED || fate[0] == FATE_BEHIND_HOLE ||
        fate[1] == FATE_BEHIND_HOLE)
        return CLOSE_FIN_UNACKNOWLEDGED;
    if (fate[0] == FATE_PENDING || fate[1] == FATE_PENDING)
        return CLOSE_UNDETERMINED;
    if (fate[0] == FATE_ACKED || fate[1] == FATE_ACKED)
        return CLOSE_HALF_CLOSED;
    if (l->mid_stream && !flow_of(l)->side[0].bytes && !flow_of(l)->side[1].bytes)
        return CLOSE_STRAY;
    return CLOSE_OPEN;
}

/* --- who -------------------------------------------------------------------------------------- */

static bool perhaps_closed_before(const struct life *l, int dir)
{
    return life_may_have_closed_before(l, dir) || life_may_have_closed(l, dir);
}

/* By the paths, which follow the ACK fields: an end in CLOSE_WAIT had the other's FIN before it
 * sent its own. */
static void find_first_closer(const struct life *l, struct verdict *v)
{
    bool first[2];

    v->first_closer = -1;
    for (int dir = 0; dir < 2; dir++)
        first[dir] = life_entered(l, dir, ST_FIN_WAIT_1) != NULL;
    if (flow_of(l)->bits & FLOW_SELF)
        v->first_closer = first[0] ? 0 : -1;
    else if (first[0] && first[1] && l->fin[0].missed != l->fin[1].missed)
        v->first_closer = l->fin[0].missed; /* the other: what is missed may have answered it */
    else if (first[0] && first[1])
        v->both_closed_first = true;
    else if (first[0] || first[1])
        v->first_closer = first[0] ? 0 : 1;
    if (v->first_closer < 0 && !v->both_closed_first && l->reset >= 0)
        v->first_closer = (int)l->step[l->reset]->dir;
    v->nobody_closed = v->first_closer < 0 && !v->both_closed_first;
    if (v->first_closer >= 0 && perhaps_closed_before(l, !v->first_closer))
        v->first_closer = -1;
}

/* Not when who closed first is unknown, nor while no ACK of the second FIN speaks for TIME_WAIT and
 * the capture is too short for its absence to tell. */
static bool holder_is_known(const struct life *l, const struct verdict *v)
{
    bool closer = v->first_closer >= 0 || v->both_closed_first;

    if (v->kind == CLOSE_RESET)
        return true;
    if (!closer)
        return v->nobody_closed && v->kind != CLOSE_UNDETERMINED;
    for (int dir = 0; dir < 2 && v->kind == CLOSE_UNDETERMINED; dir++)
        if (life_entered(l, dir, ST_TIME_WAIT) && l->fin[flow_peer(flow_of(l), dir)].acked_step < 0)
            return false;
    return true;
}

static void find_holder(const struct life *l, struct verdict *v)
{
    v->holder_known = holder_is_known(l, v);
    for (int dir = 0; dir < 2; dir++) {
        v->holder[dir] = life_entered(l, dir, ST_TIME_WAIT) != NULL;
        /* The first sign of a FIN that was not captured is the other FIN or comes after it: they
         * may have crossed. */
        if (l->fin[dir].known && !l->fin[dir].missed && l->fin[!dir].missed &&
            l->fin[!dir].step >= l->fin[dir].step)
            v->holder_open = true;
    }
}

static void find_half_close(const struct life *l, struct verdict *v)
{
    int first = v->first_closer;

    if (first < 0 || l->fin[first].acked_step < 0 || v->kind == CLOSE_STRAY)
        return;
    const struct fin *other = &l->fin[!first];
    int64_t since = l->step[l->fin[first].acked_step]->t, until = l->eoc;
    if (other->known)
        until = other->t;
    else if (l->reset >= 0)
        until = l->step[l->reset]->t;
    v->half_closed = until > since;
    v->half_closed_for = until - since;
}

struct verdict judge(const struct life *l)
{
    struct verdict v = {0};

    find_first_closer(l, &v);
    for (int dir = 0; dir < 2; dir++) {
        /* Its sender is past FIN_WAIT_1: it had the other FIN first, or both crossed and the
         * other's is done. */
        bool passive = life_entered(l, dir, ST_LAST_ACK) != NULL;
        bool closing = l->machine[dir].state == ST_CLOSING && l->fin[!dir].acked_step >= 0;
        v.second[dir] = passive || closing;
        v.fate[dir] = fate_of(l, dir, v.second[dir]);
    }
    v.kind = kind_of(l, &v);
    find_holder(l, &v);
    find_half_close(l, &v);
    return v;
}
