/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Shapes of a connection's end that deserve a name: A5 half-close, A7 simultaneous-close, A8
 * data-after-fin, A10 never-closed, A11 ack-loop. */
#include "base/seq.h"
#include "detect/detect.h"
#include "flow/observe.h"

/* --- A5 --------------------------------------------------------------------------------------- */

/* The first step of direction dir behind step `after` that brings new octets; -1 none. */
static int data_after(const struct life *l, int dir, int after)
{
    for (size_t i = (size_t)after + 1; i < l->n_steps; i++) {
        const struct step *s = l->step[i];
        bool fresh = s->kind == STEP_FOLD      ? s->bytes > 0
                     : s->kind == STEP_SEGMENT ? s->len > 0 && (s->seen & SEEN_NEW_DATA)
                                               : false;

        if (s->dir == (unsigned)dir && !s->of_other && fresh)
            return (int)i;
    }
    return -1;
}

static void half_close(struct scene *s)
{
    const struct life *l = s->life;
    int x = s->verdict->first_closer;

    if (x < 0 || l->fin[x].acked_step < 0 || l->fin[x].missed || (s->flow->bits & FLOW_SELF))
        return;
    int ack = l->fin[x].acked_step, data = data_after(l, !x, ack);
    const struct step *a = l->step[ack];
    if (data < 0 || !(s->flow->side[!x].bits & SIDE_ACKED) ||
        !seq_gt(s->flow->side[!x].una, a->seq + a->len))
        return; /* not acknowledged: nobody reads any more */
    struct draft d = draft(s, FINDING_HALF_CLOSE, SEVERITY_INFO, 0.9, -1);
    draft_evidence(&d, l->fin[x].step, "FIN");
    draft_evidence(&d, ack, "ACK of it");
    draft_evidence(&d, data, "data after it");
    draft_seconds(&d, "half_closed_for", s->verdict->half_closed_for);
    draft_text(&d, "%s finished sending but kept reading; %s went on for %s: a normal half-close.",
               s->name[x], s->name[!x], span(s, s->verdict->half_closed_for));
    draft_raise(&d);
}

/* --- A7 --------------------------------------------------------------------------------------- */

static void simultaneous(struct scene *s)
{
    const struct life *l = s->life;

    if (s->verdict->kind != CLOSE_SIMULTANEOUS || (s->flow->bits & FLOW_SELF))
        return;
    struct draft d = draft(s, FINDING_SIMULTANEOUS_CLOSE, SEVERITY_INFO, 0.95, -1);
    for (int dir = 0; dir < 2; dir++)
        draft_evidence(&d, l->fin[dir].step, "FIN");
    for (int dir = 0; dir < 2; dir++)
        draft_evidence(&d, l->fin[dir].acked_step, "ACK of a FIN");
    draft_text(&d,
               "Both ends closed at once, before either had the other's FIN; both hold TIME_WAIT.");
    draft_raise(&d);
}

/* --- A8 --------------------------------------------------------------------------------------- */

static bool same_sender(const struct step *a, const struct step *b)
{
    return a->ttl == b->ttl && a->has_ts == b->has_ts &&
           (!a->has_ts || seq_geq(b->ts_val, a->ts_val));
}

static void data_after_fin(struct scene *s, int dir)
{
    const struct life *l = s->life;
    const struct fin *fin = &l->fin[dir];
    const struct step *offender = NULL;
    unsigned n = 0;

    if (!(s->flow->side[dir].bits & SIDE_DATA_AFTER_FIN) || !fin->known)
        return;
    struct draft d = draft(s, FINDING_DATA_AFTER_FIN, SEVERITY_ERROR, 0.8, dir);
    draft_evidence(&d, fin->step, "FIN");
    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *st = l->step[i];
        if (st->kind != STEP_SEGMENT || st->dir != (unsigned)dir || !(st->seen & SEEN_AFTER_FIN) ||
            (st->seen & SEEN_ACK_INVALID)) /* of a connection whose opening was not captured */
            continue;
        draft_evidence(&d, (int)i, st->flags & TCP_FIN ? "another FIN" : "data beyond the FIN");
        if (!offender)
            offender = st;
        n++;
    }
    if (!offender)
        return;
    draft_count(&d, "segments", n);
    draft_count(&d, "fin_at", (int64_t)(int32_t)(fin->seq - s->flow->side[dir].base));
    /* Whoever goes on at the FIN's own number, and looks different, did not send that FIN
     * (close-semantics 9.7). */
    bool forged = !fin->missed && seq_leq(offender->seq, fin->seq) &&
                  !same_sender(l->step[fin->step], offender);
    if (forged) {
        d.finding.blame = END_NONE;
        d.finding.layer = LAYER_PATH;
    }
    draft_text(&d,
               forged ? "%s went on sending as if it had not closed, and the FIN differs from its "
                        "other segments (TTL or "
                        "timestamps): the FIN was probably not sent by it."
                      : "%s sent data beyond its own FIN: a broken stack, or a middlebox that "
                        "rewrites the stream.",
               s->name[dir]);
    draft_raise(&d);
}

/* --- A10 -------------------------------------------------------------------------------------- */

enum { COPIES_BEFORE_VANISHED = 5 };

/* Un-acknowledged data was repeated, then its sender fell silent for twice the last interval. */
static bool vanished(const struct scene *s, int dir)
{
    const struct side *side = &s->flow->side[dir];
    int64_t gap = side->rexmit_gap_us * 1000LL;

    return side->rexmit_run >= COPIES_BEFORE_VANISHED && (side->bits & SIDE_ACKED) &&
           seq_lt(side->una, side->nxt) && s->life->eoc - side->last_t >= 2 * gap;
}

/* Whether the client's data were never acknowledged, not even the first. */
static bool took_nothing(const struct scene *s, int dir)
{
    const struct side *side = &s->flow->side[dir];

    return dir == s->flow->client && (side->bits & SIDE_SYN) && side->una == side->isn + 1;
}

static void never_closed(struct scene *s)
{
    const struct life *l = s->life;
    int64_t idle = l->eoc - s->flow->last_t;

    if (s->verdict->kind != CLOSE_OPEN || (s->flow->bits & FLOW_SUCCEEDED))
        return;
    for (int dir = 0; dir < 2; dir++) {
        if (!vanished(s, dir) || l->one_directional || raised(s, FINDING_ACCEPT_QUEUE_OVERFLOW))
            continue;
        int64_t unheard = s->flow->side[dir].last_t - s->flow->side[!dir].last_t;
        struct draft d = draft(s, FINDING_NEVER_CLOSED, SEVERITY_WARNING, 0.9, -1);
        d.finding.layer = LAYER_PATH;
        draft_evidence(&d, (int)l->n_steps - 1, "last segment");
        draft_count(&d, "copies", s->flow->side[dir].rexmit_run);
        draft_seconds(&d, "silent_for", l->eoc - s->flow->side[dir].last_t);
        if (unheard > 0)
            draft_seconds(&d, "unheard_for", unheard);
        draft_text(&d,
                   "%s repeated data %u times without an answer from %s%s, then fell silent: the "
                   "connection vanished without a reset.%s",
                   s->name[dir], s->flow->side[dir].rexmit_run, s->name[!dir],
                   unheard > 0 ? phrase(s, ", which was last heard %s before", span(s, unheard))
                               : "",
                   took_nothing(s, dir)
                       ? phrase(s,
                                " %s took nothing at all from it: the path drops what comes after "
                                "the handshake, or a full accept queue hides behind SYN cookies.",
                                s->name[!dir])
                       : "");
        draft_raise(&d);
        return;
    }
    if (idle < settings_ns(l->settings, TH_NEVER_CLOSED_IDLE) ||
        silence_doubt(s, (int)l->n_steps - 1) == DOUBT_CLOCK)
        return;
    struct draft d = draft(s, FINDING_NEVER_CLOSED, SEVERITY_INFO, 0.9, -1);
    draft_evidence(&d, (int)l->n_steps - 1, "last segment");
    draft_seconds(&d, "idle", idle);
    draft_text(&d, "No close in the capture; both ends idle for the last %s.", span(s, idle));
    draft_raise(&d);
}

/* --- A11 -------------------------------------------------------------------------------------- */

static void ack_loop(struct scene *s)
{
    const struct flow_extra *x = s->flow->extra;

    if (!x || x->loop_best < 10)
        return;
    int64_t each = x->loop_best_span / (x->loop_best - 1);
    bool fast = x->loop_best >= 20 && each * 19 <= NS_PER_S;
    bool at_limiter = each >= 3 * NS_PER_S / 10 && each <= 7 * NS_PER_S / 10;
    if (!fast && !at_limiter)
        return;
    struct draft d = draft(s, FINDING_ACK_LOOP, SEVERITY_ERROR, 0.9, -1);
    for (int i = 0; i < 4; i++)
        draft_evidence_at(&d, &x->loop_first[i], "unacceptable ACK");
    draft_count(&d, "acks", x->loop_best);
    draft_seconds(&d, "lasted", x->loop_best_span);
    draft_text(&d, "Each end rejects the other's numbers and answers with an ACK: %u ACKs in %s.",
               x->loop_best, span(s, x->loop_best_span));
    draft_raise(&d);
}

static void run(struct scene *s)
{
    if (s->verdict->kind == CLOSE_STRAY)
        return;
    half_close(s);
    simultaneous(s);
    for (int dir = 0; dir < 2; dir++)
        data_after_fin(s, dir);
    never_closed(s);
    ack_loop(s);
}

const struct detector detect_shapes = {.name = "shapes", .run = run};
