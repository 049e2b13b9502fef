/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One end has closed, the other has not: P1 close-wait-held (its application has not called close)
 * and P4 fin-wait-2-long (the same seen from the closer when the other end is out of sight). */
#include "base/seq.h"
#include "detect/detect.h"

/* How long is too long, and how bad (close-semantics 0.4). */
static const struct {
    enum threshold held;
    enum severity severity;
} held_levels[] = {
    {TH_CLOSE_WAIT_ERROR, SEVERITY_ERROR},
    {TH_CLOSE_WAIT_WARNING, SEVERITY_WARNING},
    {TH_CLOSE_WAIT_NOTICE, SEVERITY_NOTICE},
};

enum { N_LEVELS = sizeof held_levels / sizeof *held_levels };

static int64_t notice_after(const struct scene *s)
{
    return settings_ns(s->life->settings, TH_CLOSE_WAIT_NOTICE);
}

static bool severity_of(const struct scene *s, int64_t held, enum severity *severity)
{
    for (int i = 0; i < N_LEVELS; i++) {
        if (held >= settings_ns(s->life->settings, held_levels[i].held)) {
            *severity = held_levels[i].severity;
            return true;
        }
    }
    return false;
}

/* The end's own FIN may be among what the capture lost: then nothing proves that it still waits. */
static enum severity no_error_unproven(const struct scene *s, enum severity severity)
{
    return severity == SEVERITY_ERROR && lost_near_end(s) ? SEVERITY_WARNING : severity;
}

/* Until when the waiting end of direction dir was in CLOSE_WAIT. */
static int64_t wait_end(const struct scene *s, int dir)
{
    const struct life *l = s->life;

    if (l->fin[dir].known)
        return l->fin[dir].t;
    if (l->reset >= 0)
        return step_time(s, l->reset);
    return l->eoc;
}

/* The end can't close: the peer takes no data, or does not confirm what was sent
 * (close-semantics 5.1). */
static bool blocked(const struct scene *s, int dir)
{
    const struct side *side = &s->flow->side[dir], *peer = &s->flow->side[!dir];
    uint32_t end = s->life->fin[dir].known ? s->life->fin[dir].seq : side->nxt;

    return (peer->window == 0 && !(peer->bits & SIDE_RST)) ||
           ((side->bits & SIDE_ACKED) && seq_lt(side->una, end));
}

static void close_wait_held(struct scene *s, int dir, int64_t held, enum severity severity)
{
    const struct life *l = s->life;
    const struct fin *fin = &l->fin[!dir];
    bool still = !l->fin[dir].known && l->reset < 0;
    struct draft d = draft(s, FINDING_CLOSE_WAIT_HELD, severity, 0.9, dir);

    draft_evidence(&d, fin->step, "FIN");
    draft_evidence(&d, fin->acked_step, "ACK of it");
    if (l->fin[dir].known)
        draft_evidence(&d, l->fin[dir].step, "late FIN");
    else if (l->reset >= 0)
        draft_evidence(&d, l->reset, "RST");
    draft_seconds(&d, "held", held);
    draft_text(&d, "The application at %s %s a connection that %s had finished %s%s.%s",
               s->name[dir], still ? "has not closed" : "did not close", s->name[!dir],
               span(s, held), still ? " ago" : " before",
               still && life_entered(l, !dir, ST_FIN_WAIT_2)
                   ? phrase(s, " %s waits in FIN_WAIT_2 meanwhile.", s->name[!dir])
                   : "");
    draft_raise(&d);
}

static void fin_wait_2_long(struct scene *s, int dir, int64_t held)
{
    const struct fin *fin = &s->life->fin[dir];

    const struct settings *set = s->life->settings;

    if (held < settings_ns(set, TH_CLOSE_WAIT_WARNING))
        return;
    struct draft d =
        draft(s, FINDING_FIN_WAIT_2_LONG,
              held >= settings_ns(set, TH_CLOSE_WAIT_ERROR) ? SEVERITY_WARNING : SEVERITY_NOTICE,
              0.8, !dir);
    draft_evidence(&d, fin->step, "FIN");
    draft_evidence(&d, fin->acked_step, "ACK of it");
    draft_seconds(&d, "held", held);
    draft_text(&d, "%s has waited %s for %s to close.", s->name[dir], span(s, held), s->name[!dir]);
    draft_raise(&d);
}

/* The other end (dir) is out of sight: its ACK of the FIN shows in that the FIN is not repeated, a
 * FIN of its own would be acknowledged. */
static void judge_unseen(struct scene *s, int dir)
{
    const struct life *l = s->life;
    const struct fin *fin = &l->fin[!dir];

    if (!l->one_directional || (s->flow->side[dir].bits & SIDE_SEEN) || !fin->known ||
        fin->missed || fin->copies || l->fin[dir].known || l->reset >= 0 ||
        s->verdict->kind == CLOSE_STRAY)
        return;
    fin_wait_2_long(s, !dir, l->eoc - fin->t);
}

static void judge_wait(struct scene *s, int dir)
{
    const struct life *l = s->life;
    const struct fin *fin = &l->fin[!dir];
    const struct side *side = &s->flow->side[dir];
    bool half = fin->known && fin->acked_step >= 0,
         waits = half && s->verdict->first_closer == !dir;
    enum severity severity;

    if (raised(s, FINDING_DATA_AFTER_FIN))
        return; /* whether that end closed is the question */
    if (half && !l->fin[dir].known && !s->verdict->nobody_closed && s->verdict->first_closer < 0 &&
        !s->verdict->both_closed_first)
        undetermined(s, FINDING_CLOSE_WAIT_HELD,
                     life_may_have_closed(l, dir) ? DOUBT_GAP : DOUBT_CAPTURE_START, 0, 0);
    if (!waits || (s->flow->bits & FLOW_SELF) || s->verdict->kind == CLOSE_STRAY)
        return;
    int64_t since = step_time(s, fin->acked_step);
    bool spoke = side->last_data_t > since; /* draining: what counts is the idle time after it */
    int64_t held = wait_end(s, dir) - (spoke ? side->last_data_t : since);
    bool ended = l->fin[dir].known || l->reset >= 0;
    enum doubt_reason doubt = silence_doubt(s, fin->acked_step);

    if (blocked(s, dir) || (spoke && held < notice_after(s)))
        return;
    if (doubt == DOUBT_REASON_COUNT && (fin->missed || (l->replaced_at_once && !ended)))
        undetermined(s, FINDING_CLOSE_WAIT_HELD, DOUBT_GAP, 0, 0);
    else if (doubt != DOUBT_REASON_COUNT && !ended)
        undetermined(s, FINDING_CLOSE_WAIT_HELD, doubt, 0, 0);
    else if (doubt == DOUBT_REASON_COUNT && severity_of(s, held, &severity))
        close_wait_held(s, dir, held, !ended ? no_error_unproven(s, severity) : severity);
    else if (doubt == DOUBT_REASON_COUNT && !ended)
        undetermined(s, FINDING_CLOSE_WAIT_HELD, DOUBT_CAPTURE_END, held, notice_after(s));
}

static void run(struct scene *s)
{
    for (int dir = 0; dir < 2; dir++) {
        judge_wait(s, dir);
        judge_unseen(s, dir);
    }
}

const struct detector detect_waiting = {.name = "waiting", .run = run};
