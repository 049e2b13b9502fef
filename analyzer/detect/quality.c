/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is wrong with the capture of this connection, not with the connection: Q1 capture-gap, Q2
 * duplicate-capture, Q4 one-directional, Q5 mid-stream, Q6 malformed-flags. Never faults; the
 * confidence of other findings already takes them into account. */
#include "detect/detect.h"

static void cite_samples(struct draft *d, const struct ref *samples, uint32_t n, const char *role)
{
    for (uint32_t i = 0; i < n && i < 3; i++)
        draft_evidence_at(d, &samples[i], role);
}

/* Closes that their end was not seen of. */
static bool ended_out_of_sight(enum close_kind kind)
{
    return kind == CLOSE_OPEN || kind == CLOSE_HALF_CLOSED || kind == CLOSE_FIN_UNACKNOWLEDGED ||
           kind == CLOSE_UNDETERMINED;
}

static void capture_gap(struct scene *s)
{
    const struct life *l = s->life;
    const struct flow_extra *x = s->flow->extra;
    bool octets = x && x->gap_octets && !l->flags_only;
    bool fin = (l->fin[0].known && l->fin[0].missed) || (l->fin[1].known && l->fin[1].missed);
    bool close = l->replaced_at_once && ended_out_of_sight(s->verdict->kind);

    if (!octets && !(fin && !l->one_directional) && !close)
        return;
    struct draft d = draft(s, FINDING_CAPTURE_GAP, SEVERITY_INFO, 0.9, -1);
    if (octets)
        cite_samples(&d, x->gap, x->n_gaps, "gap");
    for (int dir = 0; dir < 2; dir++)
        if (l->fin[dir].known && l->fin[dir].missed)
            draft_evidence(&d, l->fin[dir].step, "ACK of a FIN that is not captured");
    draft_count(&d, "octets_missing", octets ? (int64_t)x->gap_octets : 0);
    draft_text(&d, "The capture misses packets of this connection%s%s.",
               fin ? ": a FIN that was acknowledged"
               : close
                   ? ": it was closed out of sight, for a new connection was accepted on its ports"
                   : "",
               octets && !fin && !close ? ": data that was acknowledged" : "");
    draft_raise_as_is(&d);
}

static void duplicates(struct scene *s)
{
    const struct flow *f = s->flow;

    if (!f->duplicates || !f->extra)
        return;
    struct draft d = draft(s, FINDING_DUPLICATE_CAPTURE, SEVERITY_INFO, 0.9, -1);
    cite_samples(&d, f->extra->duplicate, f->duplicates, "duplicate record");
    draft_count(&d, "duplicates", f->duplicates);
    draft_text(
        &d, "%u packets of this connection stand in the capture twice; the copies were not judged.",
        f->duplicates);
    draft_raise_as_is(&d);
}

static void one_directional(struct scene *s)
{
    int seen = s->flow->side[0].bits & SIDE_SEEN ? 0 : 1;

    if (!s->life->one_directional || s->verdict->kind == CLOSE_STRAY)
        return;
    struct draft d = draft(s, FINDING_ONE_DIRECTIONAL, SEVERITY_INFO, 0.9, -1);
    draft_evidence(&d, 0, "first packet");
    draft_text(&d, "Only the packets of %s are in the capture; what %s did is inferred from them.",
               s->name[seen], s->name[!seen]);
    draft_raise_as_is(&d);
}

static void mid_stream(struct scene *s)
{
    if (!s->life->mid_stream || s->verdict->kind == CLOSE_STRAY)
        return;
    struct draft d = draft(s, FINDING_MID_STREAM, SEVERITY_INFO, 0.9, -1);
    draft_evidence(&d, 0, "first packet");
    draft_text(
        &d, "The capture starts in the middle of this connection; who is the client is a guess.");
    draft_raise_as_is(&d);
}

static void malformed_flags(struct scene *s)
{
    const struct flow_extra *x = s->flow->extra;

    if (!x || !x->n_malformed)
        return;
    struct draft d = draft(s, FINDING_MALFORMED_FLAGS, SEVERITY_NOTICE, 0.9, -1);
    cite_samples(&d, x->malformed, x->n_malformed, "senseless flags");
    draft_count(&d, "segments", x->n_malformed);
    draft_text(&d,
               "%u segment%s with flags that no TCP sends (SYN+FIN, SYN+RST, FIN+RST, FIN without "
               "ACK, none): a scanner or "
               "a broken device.",
               x->n_malformed, x->n_malformed == 1 ? "" : "s");
    draft_raise_as_is(&d);
}

static void run(struct scene *s)
{
    if (s->verdict->kind != CLOSE_STRAY)
        capture_gap(s);
    duplicates(s);
    one_directional(s);
    mid_stream(s);
    malformed_flags(s);
}

const struct detector detect_quality = {.name = "quality", .run = run};
