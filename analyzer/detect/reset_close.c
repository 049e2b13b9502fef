/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Closes that a reset cuts short because the first closer is gone or reads no more: A4
 * fin-answered-by-rst, A6 half-close-data-reset, P5 fin-wait-2-orphan-expired. An orphan that is
 * alive and one that is gone answer alike (9.6). */
#include "base/seq.h"
#include "detect/detect.h"
#include "flow/observe.h"
#include "track/timers.h"

/* The segment that a reply-shaped RST answers: the latest one of the other end, when the RST copies
 * its ACK field. */
static int trigger_of(const struct life *l, int rst)
{
    const struct step *r = l->step[rst];

    if (r->flags & TCP_ACK)
        return -1;
    for (int i = rst - 1; i >= 0; i--) {
        const struct step *s = l->step[i];

        if (s->of_other || s->kind == STEP_ICMP || s->dir == r->dir)
            continue;
        if (s->kind == STEP_SEGMENT && (s->flags & TCP_RST))
            continue;
        return s->kind == STEP_FOLD || s->ack == r->seq ? i : -1;
    }
    return -1;
}

static int64_t trigger_time(const struct step *s)
{
    return s->kind == STEP_FOLD ? s->last_t : s->t;
}

/* New octets that the trigger carried, for whom nobody reads any more. */
static bool carries_new_data(const struct step *s)
{
    return s->kind == STEP_FOLD ? s->bytes > 0 : s->len > 0 && (s->seen & SEEN_NEW_DATA);
}

static const char *or_expired(const struct scene *s, int64_t waited)
{
    return waited > NS_PER_S ? phrase(s,
                                      " Or its FIN_WAIT_2 had expired, %s after its FIN (Linux "
                                      "tcp_fin_timeout).",
                                      span(s, waited))
                             : "";
}

/* The FIN stands behind the trigger at the tap, but its sender had not got that: they crossed. */
static bool crossed(const struct life *l, const struct fin *fin, const struct step *t)
{
    uint32_t end = t->kind == STEP_FOLD ? l->c->flow.side[t->dir].nxt : t->seq + t->len;

    return !fin->missed && seq_lt(fin->ack0, end);
}

struct answer {
    int x, y;         /* direction of the end that reset, and of the other */
    int rst, trigger; /* steps */
    int64_t waited;   /* from x's FIN being acknowledged to the trigger; 0 when they crossed */
};

static void cite(struct draft *d, const struct answer *a, const char *trigger_role)
{
    const struct fin *fin = &d->scene->life->fin[a->x];
    const struct step *t = d->scene->life->step[a->trigger];
    struct ref last = {.t = t->last_t, .packet = t->last_packet, .file = t->file};

    draft_evidence(d, fin->step, "FIN");
    draft_evidence(d, fin->acked_step, "ACK of it");
    if (t->kind == STEP_FOLD)
        draft_evidence_at(d, &last, trigger_role);
    else
        draft_evidence(d, a->trigger, trigger_role);
    draft_evidence(d, a->rst, "RST");
    draft_seconds(d, "after_fin", a->waited);
}

static void orphan_expired(struct scene *s, const struct answer *a)
{
    struct draft d = draft(s, FINDING_FIN_WAIT_2_ORPHAN_EXPIRED, SEVERITY_WARNING, 0.9, a->y);

    cite(&d, a, "late segment");
    draft_text(&d,
               "%s went on %s after %s had closed; the kernel of %s had already dropped the socket "
               "(FIN_WAIT_2 lasts 60 s without an owner) and answered with a reset.",
               s->name[a->y], span(s, a->waited), s->name[a->x], s->name[a->x]);
    draft_raise(&d);
}

/* Of data that is folded, what was never acknowledged. */
static int64_t octets_lost(const struct scene *s, const struct step *t)
{
    const struct side *side = &s->flow->side[t->dir];
    int64_t pending = side->bits & SIDE_ACKED ? (int64_t)(side->nxt - side->una) : INT64_MAX;

    if (t->kind != STEP_FOLD)
        return (int64_t)t->len;
    return pending < (int64_t)t->bytes ? pending : (int64_t)t->bytes;
}

static void data_reset(struct scene *s, const struct answer *a)
{
    struct draft d = draft(s, FINDING_HALF_CLOSE_DATA_RESET, SEVERITY_WARNING, 0.9, a->x);
    const struct step *t = s->life->step[a->trigger];

    cite(&d, a, "data");
    draft_count(&d, "octets_lost", octets_lost(s, t));
    draft_text(&d,
               "%s had closed (close() or the end of its process) while %s was still sending: the "
               "data that %s its FIN was answered by a reset and is lost.%s",
               s->name[a->x], s->name[a->y],
               a->trigger < s->life->fin[a->x].step ? "crossed" : "came after",
               or_expired(s, a->waited));
    draft_raise(&d);
}

static void fin_answered(struct scene *s, const struct answer *a)
{
    struct draft d = draft(s, FINDING_FIN_ANSWERED_BY_RST, SEVERITY_WARNING, 0.8, a->x);

    cite(&d, a, "second FIN");
    draft_text(&d,
               "%s closed first, then answered the FIN of %s with a reset instead of an ACK: it no "
               "longer knew the "
               "connection (TIME_WAIT skipped, orphan limit, a load balancer).%s",
               s->name[a->x], s->name[a->y], or_expired(s, a->waited));
    draft_raise(&d);
}

/* Whether the reset is one of these. */
static bool judge_reset(struct scene *s, int rst)
{
    const struct life *l = s->life;
    const struct step *r = l->step[rst];
    struct answer a = {.x = r->dir, .y = !r->dir, .rst = rst, .trigger = trigger_of(l, rst)};
    const struct fin *fin = &l->fin[a.x], *other = &l->fin[a.y];

    if (a.trigger < 0 || !fin->known || fin->step >= rst || other->acked_step >= 0)
        return false;
    const struct step *t = l->step[a.trigger];
    if (fin->step >= a.trigger && !crossed(l, fin, t))
        return false;
    int64_t at = trigger_time(t),
            since = fin->acked_step >= 0 ? step_time(s, fin->acked_step) : fin->t;
    bool answers = r->t - at <= (l->rst_race > NS_PER_S ? l->rst_race : NS_PER_S);
    bool first_fin = t->kind == STEP_SEGMENT && (t->seen & SEEN_FIN_FIRST);
    a.waited = at > since ? at - since : 0;
    if (!answers || !(first_fin || carries_new_data(t)))
        return false;
    if (fin->acked_step >= 0 && a.waited > l->fin_wait_2)
        orphan_expired(s, &a);
    else if (carries_new_data(t))
        data_reset(s, &a);
    else
        fin_answered(s, &a);
    return true;
}

static void run(struct scene *s)
{
    const struct life *l = s->life;

    if (s->verdict->kind == CLOSE_STRAY || l->reset < 0)
        return;
    /* The first one tells why, even when it was lost and another had to end the connection. */
    for (int i = 0; i <= l->reset; i++)
        if (l->step[i]->kind == STEP_SEGMENT && (l->step[i]->flags & TCP_RST) &&
            !l->step[i]->of_other && judge_reset(s, i))
            return;
}

const struct detector detect_reset_close = {.name = "reset-close", .run = run};
