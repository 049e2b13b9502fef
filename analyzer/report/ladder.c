/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/ladder.h"

#include "base/timetext.h"
#include "decode/segment.h"
#include "report/flags.h"

/* A pause that is worth a line of its own. */
static const int64_t long_silence = 5 * NS_PER_S;

struct layout {
    const struct model_connection *c;
    struct arena *arena;
    struct ladder_row *row;
    size_t n;
    size_t next_state[2]; /* first state of each end that is not shown yet */
    int64_t last_t;
    const struct model_step **open; /* folds whose end is not shown yet */
    size_t n_open;
};

static struct ladder_row *add_row(struct layout *y, enum ladder_kind kind, int64_t t)
{
    struct ladder_row *r = &y->row[y->n++];

    *r = (struct ladder_row){.kind = kind, .t = t};
    return r;
}

static const char *segment_label(struct arena *arena, const struct model_step *s)
{
    char flags[FLAGS_TEXT];
    const char *ack = s->flags & TCP_ACK ? arena_printf(arena, " ack %lld", (long long)s->ack) : "";
    const char *len = s->len ? arena_printf(arena, " len %u", s->len) : "";

    if (s->icmp)
        return s->note;
    return arena_printf(arena, "%s seq %lld%s%s", flags_short(s->flags, flags), (long long)s->seq,
                        ack, len);
}

static const char *fold_label(struct arena *arena, const struct model_step *s)
{
    if (!s->segments)
        return arena_printf(arena, "%llu ACK%s", (unsigned long long)s->acks,
                            s->acks == 1 ? "" : "s");
    return arena_printf(arena, "%llu octet%s in %llu segment%s", (unsigned long long)s->bytes,
                        s->bytes == 1 ? "" : "s", (unsigned long long)s->segments,
                        s->segments == 1 ? "" : "s");
}

/* --- states ----------------------------------------------------------------------------------- */

static const struct model_state *upcoming(const struct layout *y, enum end e)
{
    const struct model_endpoint *end = &y->c->end[e];

    return y->next_state[e] < end->n_states ? &end->states[y->next_state[e]] : NULL;
}

static void enter(struct layout *y, struct ladder_row *r, enum end e)
{
    const struct model_state *s = upcoming(y, e);

    r->state[e] = tcp_state_name(s->state);
    r->likely[e] = !s->proven;
    y->next_state[e]++;
}

/* States that timers or silence brought before time t. */
static void timers_until(struct layout *y, int64_t t)
{
    for (;;) {
        enum end first = END_NONE;

        for (enum end e = END_CLIENT; e <= END_SERVER; e++) {
            const struct model_state *s = upcoming(y, e);
            if (s && s->at.packet == 0 && s->at.t <= t &&
                (first == END_NONE || s->at.t < upcoming(y, first)->at.t))
                first = e;
        }
        if (first == END_NONE)
            return;
        const struct model_state *s = upcoming(y, first);
        struct ladder_row *r = add_row(y, LADDER_TIMER, s->at.t);
        r->right = first == END_CLIENT;
        r->label = s->cause;
        enter(y, r, first);
        y->last_t = s->at.t;
    }
}

/* States that the packet of r brought. */
static void states_of_packet(struct layout *y, struct ladder_row *r, const struct model_step *s)
{
    for (enum end e = END_CLIENT; e <= END_SERVER; e++) {
        const struct model_state *st;

        while ((st = upcoming(y, e)) && st->at.packet == s->at.packet &&
               st->at.file == s->at.file && st->at.packet != 0)
            enter(y, r, e);
    }
}

/* --- rows ------------------------------------------------------------------------------------- */

static void silence_before(struct layout *y, int64_t t)
{
    char text[TIME_TEXT];

    if (y->n && t - y->last_t >= long_silence) {
        struct ladder_row *r = add_row(y, LADDER_SILENCE, y->last_t);
        r->label = arena_printf(y->arena, "silence for %s", time_human(t - y->last_t, text));
    }
}

static bool proves(const struct finding *f, const struct model_step *s)
{
    const struct evidence *last = f->n_evidence ? &f->evidence[f->n_evidence - 1] : NULL;

    return last && last->at.packet == s->at.packet && last->at.file == s->at.file;
}

static void findings_at(struct layout *y, const struct model_step *s, bool *shown)
{
    for (size_t i = 0; i < y->c->n_findings; i++) {
        const struct finding *f = &y->c->findings[i];

        if (shown[i] || (s && !proves(f, s)))
            continue;
        shown[i] = true;
        add_row(y, LADDER_FINDING, s ? s->at.t : y->last_t)->finding = f;
    }
}

/* What stands beside a row. */
static const char *note_of(const struct layout *y, const struct model_step *s)
{
    if (s->of_other)
        return arena_printf(y->arena, "counted in stream %llu", (unsigned long long)s->of);
    return s->icmp ? NULL : s->note;
}

static enum ladder_tone tone(const struct model_step *s)
{
    return s->icmp || (s->flags & TCP_RST) ? TONE_RST
           : s->flags & TCP_FIN            ? TONE_FIN
           : s->flags & TCP_SYN            ? TONE_SYN
                                           : TONE_PLAIN;
}

/* The end of the fold that ends first, when that is before time t. */
static bool fold_ends(struct layout *y, int64_t t)
{
    size_t first = 0;

    for (size_t i = 1; i < y->n_open; i++)
        if (y->open[i]->last.t < y->open[first]->last.t)
            first = i;
    if (!y->n_open || y->open[first]->last.t > t)
        return false;
    const struct model_step *s = y->open[first];
    y->open[first] = y->open[--y->n_open];
    timers_until(y, s->last.t);
    silence_before(y, s->last.t);
    struct ladder_row *r = add_row(y, LADDER_FOLD_END, s->last.t);
    r->at = s->last;
    r->step = s;
    r->right = s->from == END_CLIENT;
    r->label = "the last of these";
    y->last_t = s->last.t > y->last_t ? s->last.t : y->last_t;
    return true;
}

/* How far the row of s reaches in time: between the two packets of a fold nothing was sent. */
static int64_t end_of(struct layout *y, const struct model_step *s)
{
    bool apart = s->fold && s->last.t - s->at.t >= long_silence;

    if (apart)
        y->open[y->n_open++] = s;
    return apart && s->segments + s->acks == 2 ? s->at.t : s->fold ? s->last.t : s->at.t;
}

static void step_row(struct layout *y, const struct model_step *s)
{
    while (fold_ends(y, s->at.t))
        ;
    timers_until(y, s->at.t);
    silence_before(y, s->at.t);
    struct ladder_row *r = add_row(y, s->fold ? LADDER_FOLD : LADDER_SEGMENT, s->at.t);
    r->at = s->at;
    r->step = s;
    r->tone = s->fold ? TONE_PLAIN : tone(s);
    r->right = s->from == END_CLIENT;
    r->label = s->fold ? fold_label(y->arena, s) : segment_label(y->arena, s);
    r->note = note_of(y, s);
    states_of_packet(y, r, s);
    int64_t end = end_of(y, s);
    if (end > y->last_t || y->n == 1)
        y->last_t = end;
}

struct ladder_row ladder_segment(const struct model_step *s, struct arena *arena)
{
    return (struct ladder_row){
        .kind = LADDER_SEGMENT,
        .tone = tone(s),
        .t = s->at.t,
        .at = s->at,
        .step = s,
        .right = s->from == END_CLIENT,
        .label = segment_label(arena, s),
    };
}

const struct ladder_row *ladder_layout(const struct model_connection *c, struct arena *arena,
                                       size_t *n)
{
    struct layout y = {.c = c, .arena = arena};
    bool *shown = arena_alloc(arena, (c->n_findings + 1) * sizeof *shown);

    y.row = arena_alloc(
        arena, (4 * c->n_steps + c->end[0].n_states + c->end[1].n_states + c->n_findings + 4) *
                   sizeof *y.row);
    y.open = arena_alloc(arena, (c->n_steps + 1) * sizeof(struct model_step *));
    for (size_t i = 0; i < c->n_steps; i++) {
        if (c->steps_omitted && i == c->n_steps_first)
            add_row(&y, LADDER_OMITTED, y.last_t)->label =
                arena_printf(arena, "%llu steps not kept", (unsigned long long)c->steps_omitted);
        step_row(&y, &c->steps[i]);
        findings_at(&y, &c->steps[i], shown);
    }
    while (fold_ends(&y, INT64_MAX))
        ;
    timers_until(&y, INT64_MAX);
    findings_at(&y, NULL, shown);
    *n = y.n;
    return y.row;
}
