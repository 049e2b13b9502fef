/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/scene.h"

#include "base/timetext.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const double least_confidence = 0.3;

static void name_ends(struct scene *s)
{
    for (int dir = 0; dir < 2; dir++) {
        char *text = arena_alloc(s->arena, ENDPOINT_TEXT);

        s->name[dir] = endpoint_text(&s->flow->key.addr[dir], s->flow->key.port[dir], text);
    }
}

struct draft draft(struct scene *s, enum finding_id id, enum severity severity, double confidence,
                   int blame)
{
    if (!s->name[0] && !s->silent)
        name_ends(s);
    enum end end = blame < 0 ? END_NONE : blame == s->flow->client ? END_CLIENT : END_SERVER;

    return (struct draft){
        .scene = s,
        .finding = {.id = id,
                    .severity = severity,
                    .confidence = confidence,
                    .blame = end,
                    .layer = finding_info(id)->layer,
                    .text = ""},
    };
}

void draft_evidence_at(struct draft *d, const struct ref *at, const char *role)
{
    if (d->finding.n_evidence < EVIDENCE_PER_FINDING)
        d->evidence[d->finding.n_evidence++] = (struct evidence){.at = *at, .role = role};
}

void draft_evidence(struct draft *d, int step, const char *role)
{
    if (step < 0 || (size_t)step >= d->scene->life->n_steps)
        return;
    struct ref at = step_ref(d->scene->life->step[step]);
    draft_evidence_at(d, &at, role);
}

static void add_value(struct draft *d, struct value value)
{
    if (d->finding.n_values < VALUES_PER_FINDING)
        d->values[d->finding.n_values++] = value;
}

void draft_count(struct draft *d, const char *key, int64_t number)
{
    add_value(d, (struct value){.key = key, .type = VALUE_COUNT, .number = number});
}

void draft_stream(struct draft *d, const char *key, uint64_t stream)
{
    add_value(d, (struct value){.key = key, .type = VALUE_STREAM, .number = (int64_t)stream});
}

void draft_seconds(struct draft *d, const char *key, int64_t ns)
{
    add_value(d, (struct value){.key = key, .type = VALUE_SECONDS, .number = ns});
}

static __attribute__((format(printf, 2, 0))) const char *text_of(const struct scene *s,
                                                                 const char *format, va_list args)
{
    char text[1024];

    if (s->silent)
        return "";
    vsnprintf(text, sizeof text, format, args);
    size_t size = strlen(text) + 1;
    return memcpy(arena_take(s->arena, size), text, size);
}

void draft_text(struct draft *d, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    d->finding.text = text_of(d->scene, format, args);
    va_end(args);
}

const char *phrase(const struct scene *s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *text = text_of(s, format, args);
    va_end(args);
    return text;
}

const char *span(const struct scene *s, int64_t ns)
{
    char text[TIME_TEXT];

    return s->silent ? "" : phrase(s, "%s", time_human(ns, text));
}

/* When the close began, or what stands for it: the first FIN, the reset, the last segment. */
static int64_t end_begins(const struct life *l)
{
    int64_t t = l->step[l->n_steps - 1]->t;

    if (l->reset >= 0)
        t = l->step[l->reset]->t;
    for (int dir = 0; dir < 2; dir++)
        if (l->fin[dir].known && l->fin[dir].t < t)
            t = l->fin[dir].t;
    return t;
}

/* Until when something is missed if it does not come: what is complete waits for nothing. */
static int64_t waited_until(const struct life *l)
{
    bool complete = l->reset >= 0 || (l->fin[0].known && l->fin[0].acked_step >= 0 &&
                                      l->fin[1].known && l->fin[1].acked_step >= 0);
    int64_t end = l->step[l->n_steps - 1]->t + l->ack_wait;

    return complete && end < l->eoc ? end : l->eoc;
}

bool lost_near_end(const struct scene *s)
{
    const struct life *l = s->life;
    size_t n = s->input ? l->c->losses : 0, total;

    if (!n)
        return false;
    const struct input_loss *loss = input_losses(s->input, &total);
    int64_t from = end_begins(l) - l->ack_wait, to = waited_until(l);
    for (size_t i = 0; i < n; i++)
        if (loss[i].to >= from && loss[i].from <= to)
            return true;
    return false;
}

static double factors(const struct scene *s)
{
    const struct life *l = s->life;
    double f = 1;

    if (l->mid_stream)
        f *= 0.7;
    else if (s->flow->rtt_us == 0 && !(s->flow->bits & FLOW_SELF))
        f *= 0.9; /* where the tap stands is unknown */
    if (l->one_directional)
        f *= 0.5;
    if (((s->flow->side[0].bits | s->flow->side[1].bits) & SIDE_GAP) || lost_near_end(s))
        f *= 0.6;
    if (l->fin[0].missed || l->fin[1].missed)
        f *= 0.7;
    return f;
}

void draft_raise_as_is(struct draft *d)
{
    struct scene *s = d->scene;
    struct finding *f = &d->finding;

    if (f->confidence < least_confidence) {
        undetermined(s, f->id, DOUBT_CONFIDENCE, 0, 0);
        return;
    }
    if (s->n_findings == FINDINGS_PER_CONNECTION)
        return;
    size_t evidence = f->n_evidence * sizeof *d->evidence, values = f->n_values * sizeof *d->values;
    f->evidence = memcpy(arena_take(s->arena, evidence), d->evidence, evidence);
    f->values = memcpy(arena_take(s->arena, values), d->values, values);
    s->findings[s->n_findings++] = *f;
}

void draft_raise(struct draft *d)
{
    d->finding.confidence *= factors(d->scene);
    draft_raise_as_is(d);
}

void undetermined(struct scene *s, enum finding_id id, enum doubt_reason reason, int64_t have,
                  int64_t need)
{
    if (s->n_undetermined < UNDETERMINED_PER_CONNECTION)
        s->undetermined[s->n_undetermined++] = (struct undetermined){
            .id = id, .reason = reason, .timed = need > 0, .have = have, .need = need};
}

bool raised(const struct scene *s, enum finding_id id)
{
    for (size_t i = 0; i < s->n_findings; i++)
        if (s->findings[i].id == id)
            return true;
    return false;
}

static bool clock_stepped_since(const struct scene *s, const struct step *since)
{
    for (size_t i = 0; s->input && i < s->life->c->clock_steps; i++) {
        const struct input_clock_step *step = input_clock_step(s->input, i);

        if (step->file != since->file || step->packet > since->packet)
            return true;
    }
    return false;
}

/* Whether a time between two files that was not captured begins before the silence after the step
 * has told enough. */
static bool gap_since(const struct scene *s, const struct step *since)
{
    size_t n = 0;
    uint64_t total;
    const struct input_gap *gap = s->input ? input_gaps(s->input, &n, &total) : NULL;

    for (size_t i = n; i-- > 0;)
        if (gap[i].to > since->t && gap[i].to <= s->life->eoc &&
            gap[i].from - since->t < s->life->give_up)
            return true;
    return false;
}

enum doubt_reason silence_doubt(const struct scene *s, int step)
{
    if (s->life->flags_only || s->life->one_directional)
        return DOUBT_FILTER;
    if (step >= 0 && clock_stepped_since(s, s->life->step[step]))
        return DOUBT_CLOCK;
    if (step >= 0 && gap_since(s, s->life->step[step]))
        return DOUBT_GAP;
    return DOUBT_REASON_COUNT;
}

int64_t step_time(const struct scene *s, int step)
{
    return s->life->step[step]->t;
}
