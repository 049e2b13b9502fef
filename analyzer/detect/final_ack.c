/* SPDX-License-Identifier: BSD-2-Clause
 *
 * FINs that nobody acknowledges: the second one (A1 final-ack-missing, A2 final-ack-not-captured)
 * and the first (A3 fin-unacknowledged, A9 fin-never-in-order). What became of each FIN is decided
 * in track/verdict.c. */
#include "base/seq.h"
#include "detect/detect.h"
#include "flow/observe.h"
#include "track/timers.h"

enum { COPIES_FOR_ERROR = 5 };

static void cite_copies(struct draft *d, int dir)
{
    const struct life *l = d->scene->life;

    for (size_t i = 0; i < l->n_steps; i++)
        if (l->step[i]->kind == STEP_SEGMENT && l->step[i]->dir == (unsigned)dir &&
            (l->step[i]->seen & SEEN_FIN_COPY))
            draft_evidence(d, (int)i, "FIN copy");
}

static int64_t copies_span(const struct scene *s, int dir)
{
    const struct fin *fin = &s->life->fin[dir];

    return step_time(s, fin->last_copy) - fin->t;
}

/* --- the second FIN --------------------------------------------------------------------------- */

static void final_ack_missing(struct scene *s, int dir)
{
    const struct fin *fin = &s->life->fin[dir], *first = &s->life->fin[!dir];
    struct draft d =
        draft(s, FINDING_FINAL_ACK_MISSING, SEVERITY_WARNING, fin->copies >= 2 ? 0.9 : 0.6, !dir);

    draft_evidence(&d, first->step, "first FIN");
    draft_evidence(&d, first->acked_step, "ACK of it");
    draft_evidence(&d, fin->step, "second FIN");
    cite_copies(&d, dir);
    draft_count(&d, "fin_copies", fin->copies);
    draft_seconds(&d, "repeated_for", copies_span(s, dir));
    draft_seconds(&d, "silent_for", s->life->eoc - step_time(s, fin->last_copy));
    draft_text(
        &d,
        "%s closed second and repeated its FIN %u time%s over %s; %s never confirmed it. The "
        "socket at %s stays in LAST_ACK until it gives up (about 2 min on Linux).",
        s->name[dir], fin->copies, fin->copies == 1 ? "" : "s", span(s, copies_span(s, dir)),
        s->name[!dir], s->name[dir]);
    draft_raise(&d);
}

/* P3: the same, seen from the socket: it waits for half a minute or more. */
static void last_ack_stuck(struct scene *s, int dir)
{
    const struct fin *fin = &s->life->fin[dir];
    const struct transition *entered = life_entered(s->life, dir, ST_LAST_ACK);
    const struct machine *m = &s->life->machine[dir];
    const struct transition *last = &m->path[m->n - 1];
    int64_t until = last->state == ST_LAST_ACK ? s->life->eoc : last->t;

    if (!entered || until - entered->t < settings_ns(s->life->settings, TH_LAST_ACK_STUCK))
        return;
    struct draft d = draft(s, FINDING_LAST_ACK_STUCK, SEVERITY_WARNING, 0.85, dir);
    draft_evidence(&d, fin->step, "second FIN");
    cite_copies(&d, dir);
    draft_seconds(&d, "in_last_ack", until - entered->t);
    draft_count(&d, "fin_copies", fin->copies);
    draft_text(&d, "%s was in LAST_ACK for %s with %u cop%s of its FIN.", s->name[dir],
               span(s, until - entered->t), fin->copies, fin->copies == 1 ? "y" : "ies");
    draft_raise(&d);
}

static void final_ack_not_captured(struct scene *s, int dir)
{
    const struct fin *fin = &s->life->fin[dir], *first = &s->life->fin[!dir];
    struct draft d = draft(s, FINDING_FINAL_ACK_NOT_CAPTURED, SEVERITY_INFO, 0.7, -1);
    int64_t silence = s->life->eoc - step_time(s, fin->last_copy);

    draft_evidence(&d, first->step, "first FIN");
    draft_evidence(&d, first->acked_step, "ACK of it");
    draft_evidence(&d, fin->step, "second FIN");
    draft_seconds(&d, "silent_for", silence);
    draft_text(&d,
               "The last ACK, of the FIN of %s, is not in the capture; %s %s, so it got that ACK.",
               s->name[dir], s->name[dir],
               s->life->replaced_at_once
                   ? "took part in a new connection on the same ports without objection"
                   : phrase(s, "did not repeat its FIN for %s", span(s, silence)));
    draft_raise(&d);
}

static void second_fin(struct scene *s, int dir)
{
    const struct fin *fin = &s->life->fin[dir];
    enum fin_fate fate = s->verdict->fate[dir];
    enum doubt_reason doubt = silence_doubt(s, fin->step);
    int64_t have = s->life->eoc - fin->t;

    if (fate == FATE_ACKED || fate == FATE_NONE)
        return;
    if (doubt == DOUBT_CLOCK || doubt == DOUBT_GAP ||
        (doubt == DOUBT_FILTER && fate != FATE_UNACKED)) {
        undetermined(s, FINDING_FINAL_ACK_MISSING, doubt, 0, 0);
        undetermined(s, FINDING_FINAL_ACK_NOT_CAPTURED, doubt, 0, 0);
    } else if (fate == FATE_UNACKED && doubt == DOUBT_FILTER) {
        undetermined(s, FINDING_FINAL_ACK_MISSING, doubt, 0, 0);
    } else if (fate == FATE_UNACKED) {
        if (!s->life->objected) /* what that led to tells it (C2, close-semantics 9.5 c) */
            final_ack_missing(s, dir);
        last_ack_stuck(s, dir);
    } else if (fate == FATE_NOT_CAPTURED) {
        final_ack_not_captured(s, dir);
    } else if (s->life->reset < 0) {
        undetermined(s, FINDING_FINAL_ACK_MISSING, DOUBT_CAPTURE_END, have,
                     fin->copies ? s->life->give_up : s->life->ack_wait);
        if (!fin->copies)
            undetermined(s, FINDING_FINAL_ACK_NOT_CAPTURED, DOUBT_CAPTURE_END, have,
                         s->life->ack_wait);
    }
}

/* --- acknowledged at the tap, repeated all the same ------------------------------------------- */

/* Three or more copies, each half an RTO after an ACK that would have settled it: that ACK is lost
 * between tap and sender (close-semantics 9.5 b). */
static unsigned copies_after_ack(const struct scene *s, int dir)
{
    const struct life *l = s->life;
    int64_t last_ack = -1;
    unsigned n = 0;

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *st = l->step[i];

        if (st->kind != STEP_SEGMENT || st->of_other)
            continue;
        if (st->dir != (unsigned)dir && !(st->flags & TCP_RST) && (st->flags & TCP_ACK) &&
            st->ack == l->fin[dir].seq + 1)
            last_ack = st->t;
        else if (st->dir == (unsigned)dir && (st->seen & SEEN_FIN_COPY) && last_ack >= 0 &&
                 st->t - last_ack >= l->rto / 2)
            n++;
    }
    return n;
}

static void lost_beyond_tap(struct scene *s, int dir)
{
    const struct fin *fin = &s->life->fin[dir];
    bool second = s->verdict->second[dir];
    unsigned copies = s->life->survey.seen & SEEN_FIN_COPY ? copies_after_ack(s, dir) : 0;

    if (copies < 3 || s->life->one_directional)
        return;
    struct draft d = draft(s, second ? FINDING_FINAL_ACK_MISSING : FINDING_FIN_UNACKNOWLEDGED,
                           SEVERITY_WARNING, 0.9, -1);
    draft_evidence(&d, fin->step, "FIN");
    draft_evidence(&d, fin->acked_step, "ACK of it");
    cite_copies(&d, dir);
    draft_count(&d, "fin_copies", fin->copies);
    draft_count(&d, "copies_after_ack", copies);
    draft_text(&d,
               "%s repeated its FIN %u times although %s acknowledged it at the capture point: the "
               "ACKs are "
               "lost between the capture point and %s.",
               s->name[dir], fin->copies, s->name[!dir], s->name[dir]);
    draft_raise(&d);
}

/* --- the first FIN ---------------------------------------------------------------------------- */

static void fin_unacknowledged(struct scene *s, int dir)
{
    const struct fin *fin = &s->life->fin[dir];
    const struct side *side = &s->flow->side[dir];
    bool data_too = (side->bits & SIDE_ACKED) && seq_lt(side->una, fin->seq);
    struct draft d =
        draft(s, FINDING_FIN_UNACKNOWLEDGED,
              fin->copies >= COPIES_FOR_ERROR ? SEVERITY_ERROR : SEVERITY_WARNING, 0.9, !dir);

    draft_evidence(&d, fin->step, "FIN");
    cite_copies(&d, dir);
    draft_count(&d, "fin_copies", fin->copies);
    draft_seconds(&d, "repeated_for", copies_span(s, dir));
    draft_seconds(&d, "silent_for", s->life->eoc - step_time(s, fin->last_copy));
    if (data_too)
        draft_count(&d, "octets_unacknowledged", (int64_t)(fin->seq - side->una));
    draft_text(
        &d, "%s closed and repeated its FIN %u times over %s; %s stayed silent%s.", s->name[dir],
        fin->copies, span(s, copies_span(s, dir)), s->name[!dir],
        data_too ? ", and did not confirm the data before the FIN either: the FIN is not the cause"
                 : ". The peer or the path is gone");
    draft_raise(&d);
}

static void fin_never_in_order(struct scene *s, int dir)
{
    const struct fin *fin = &s->life->fin[dir];
    const struct side *side = &s->flow->side[dir];
    struct draft d = draft(s, FINDING_FIN_NEVER_IN_ORDER, SEVERITY_WARNING, 0.8, -1);

    draft_evidence(&d, fin->step, "FIN");
    cite_copies(&d, dir);
    draft_count(&d, "acknowledged_up_to", (int64_t)(int32_t)(side->una - side->base));
    draft_count(&d, "fin_at", (int64_t)(int32_t)(fin->seq - side->base));
    draft_seconds(&d, "waited", s->life->eoc - fin->t);
    draft_text(&d,
               "The FIN of %s came after data that was lost and never repaired: %s keeps "
               "acknowledging octet "
               "%d, the FIN is octet %d. %s has not been told of the close.",
               s->name[dir], s->name[!dir], (int)(side->una - side->base),
               (int)(fin->seq - side->base), s->name[!dir]);
    draft_raise(&d);
}

static void first_fin(struct scene *s, int dir)
{
    const struct fin *fin = &s->life->fin[dir];
    enum fin_fate fate = s->verdict->fate[dir];
    enum doubt_reason doubt = silence_doubt(s, fin->step);
    int64_t heard = life_last_sent(s->life, !dir);
    int64_t silence = s->life->eoc - (heard > fin->t ? heard : fin->t);

    if (fate == FATE_ACKED || fate == FATE_NONE || s->life->reset >= 0)
        return;
    if (doubt != DOUBT_REASON_COUNT)
        undetermined(s, FINDING_FIN_UNACKNOWLEDGED, doubt, 0, 0);
    else if (fate == FATE_UNACKED)
        fin_unacknowledged(s, dir);
    else if (fate == FATE_BEHIND_HOLE)
        fin_never_in_order(s, dir);
    else
        undetermined(s, FINDING_FIN_UNACKNOWLEDGED, DOUBT_CAPTURE_END, silence, s->life->ack_wait);
}

static void run(struct scene *s)
{
    bool absorbed = raised(s, FINDING_FIN_ANSWERED_BY_RST) || raised(s, FINDING_DATA_AFTER_FIN) ||
                    raised(s, FINDING_FIN_WAIT_2_ORPHAN_EXPIRED);

    for (int dir = 0; dir < 2; dir++) {
        if (!s->life->fin[dir].known || s->verdict->kind == CLOSE_STRAY || absorbed)
            continue;
        if (s->verdict->fate[dir] == FATE_ACKED)
            lost_beyond_tap(s, dir);
        else if (s->verdict->second[dir])
            second_fin(s, dir);
        else
            first_fin(s, dir);
    }
}

const struct detector detect_final_ack = {.name = "final-ack", .run = run};
