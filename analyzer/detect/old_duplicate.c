/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Packets of the previous incarnation that arrive in the new one, and late copies of a SYN: C4
 * old-duplicate-in-window and C5 old-duplicate-rejected. The receiver's reaction decides
 * (close-semantics 9.20): the tracker logs its next ACK. */
#include "base/seq.h"
#include "detect/detect.h"
#include "flow/observe.h"

static const int64_t reaction_time = NS_PER_S;

/* The receiver's next ACK after step i; -1 none in time. */
static int reaction(const struct life *l, int i)
{
    const struct step *dup = l->step[i];

    for (size_t k = (size_t)i + 1; k < l->n_steps && l->step[k]->t - dup->t <= reaction_time; k++) {
        const struct step *s = l->step[k];

        if (s->kind == STEP_SEGMENT && s->dir != dup->dir && !s->of_other && (s->flags & TCP_ACK) &&
            !(s->flags & TCP_RST))
            return (int)k;
    }
    return -1;
}

static void raise(struct scene *s, int i, int ack)
{
    const struct step *dup = s->life->step[i];
    bool taken = seq_geq(s->life->step[ack]->ack, dup->seq + dup->len) &&
                 seq_lt(s->life->step[ack]->ack, dup->seq + dup->len + 65536);
    int receiver = !dup->dir;
    struct draft d =
        draft(s, taken ? FINDING_OLD_DUPLICATE_IN_WINDOW : FINDING_OLD_DUPLICATE_REJECTED,
              taken ? SEVERITY_ERROR : SEVERITY_INFO, taken ? 0.9 : 0.7, -1);

    draft_evidence(&d, 0, "SYN of the new connection");
    draft_evidence(&d, i, "old packet");
    draft_evidence(&d, ack, "ACK of the receiver");
    draft_stream(&d, "old_stream", dup->of);
    draft_count(&d, "octets", dup->len);
    draft_text(&d,
               "A packet of the previous connection (%u octets) arrived in this one, and %s %s.",
               dup->len, s->name[receiver], taken ? "took it for new data" : "ignored it");
    draft_raise(&d);
}

/* A copy of the SYN whose sender has been past it for long. */
static void late_syn(struct scene *s)
{
    const struct life *l = s->life;
    bool spoke[2] = {false, false};

    if (!(l->survey.seen & SEEN_SYN_COPY))
        return;
    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *st = l->step[i];

        if (st->of_other || st->kind == STEP_ICMP)
            continue;
        if (st->kind == STEP_SEGMENT && (st->flags & TCP_SYN)) {
            if (!(st->seen & SEEN_SYN_COPY) || !spoke[st->dir] || (st->flags & TCP_ACK))
                continue;
            struct draft d = draft(s, FINDING_OLD_DUPLICATE_REJECTED, SEVERITY_INFO, 0.7, -1);
            draft_evidence(&d, (int)i, "copy of the SYN");
            draft_seconds(&d, "late_by", st->t - step_time(s, 0));
            draft_text(&d,
                       "A copy of the connection's own SYN arrived %s late, long after %s had gone "
                       "on from it: the network kept it. It did no harm.",
                       span(s, st->t - step_time(s, 0)), s->name[st->dir]);
            draft_raise(&d);
            return;
        }
        spoke[st->dir] = true;
    }
}

static void run(struct scene *s)
{
    const struct life *l = s->life;

    if (s->verdict->kind != CLOSE_STRAY)
        late_syn(s);
    for (size_t i = 1; i < l->n_steps && l->c->before; i++) {
        const struct step *st = l->step[i];
        int ack;

        if (st->kind != STEP_SEGMENT || !st->of_other || !st->len ||
            (st->flags & (TCP_SYN | TCP_RST)))
            continue;
        if (life_state_at(l, !st->dir, (int)i) != ST_ESTABLISHED || (ack = reaction(l, (int)i)) < 0)
            continue;
        raise(s, (int)i, ack);
        return; /* the first one tells; the others stand in the ladder */
    }
}

const struct detector detect_old_duplicate = {.name = "old-duplicate", .run = run};
