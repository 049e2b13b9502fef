/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/capture_wide.h"

#include "base/timetext.h"

#include <inttypes.h>
#include <string.h>

enum {
    FLAGS_ONLY_LEAST = 20, /* connections before a capture is called filtered */
    GAPS_OF_LEAST = 20,    /* connections before a share of them tells something about it, */
    GAPS_LEAST = 2,        /* so many of which lack packets, */
    GAPS_PERCENT = 1,      /* and such a share */
};

void cross_member(uint64_t member[CROSS_MEMBERS], size_t n, uint64_t stream)
{
    size_t at = n;

    while (at > 0 && member[at - 1] > stream)
        at--;
    if (at == CROSS_MEMBERS)
        return;
    size_t move = n < CROSS_MEMBERS ? n - at : n - at - 1;
    memmove(&member[at + 1], &member[at], move * sizeof *member);
    member[at] = stream;
}

static void add_member(uint64_t member[CROSS_MEMBERS], uint64_t n_before, uint64_t stream)
{
    cross_member(member, n_before < CROSS_MEMBERS ? (size_t)n_before : CROSS_MEMBERS, stream);
}

void capture_wide_add(struct capture_wide *w, const struct facts *f)
{
    if (f->clock_doubt)
        add_member(w->clock_member, w->n_clock++, f->stream);
    if (f->kind == CLOSE_REFUSED || f->kind == CLOSE_NO_ANSWER)
        return; /* never had a plain segment to lose */
    w->connections++;
    w->segments += f->end[END_CLIENT].packets + f->end[END_SERVER].packets;
    w->plain += f->plain;
    if (f->gap)
        add_member(w->gap_member, w->n_gaps++, f->stream);
    if (f->flags_only)
        add_member(w->flags_member, w->flags_only++, f->stream);
}

static void clock_finding(const struct capture_wide *w, const struct input_clock_step *step,
                          size_t n, uint64_t total, struct arena *arena, struct cross_finding *out)
{
    struct evidence *evidence = arena_alloc(arena, 3 * sizeof *evidence);
    struct value *values = arena_alloc(arena, 2 * sizeof *values);
    int64_t largest = 0;
    char text[TIME_TEXT];

    *out = (struct cross_finding){.key = "capture", .n_members = w->n_clock};
    out->n_named = w->n_clock < CROSS_MEMBERS ? (size_t)w->n_clock : CROSS_MEMBERS;
    memcpy(out->member, w->clock_member, sizeof out->member);
    for (size_t i = 0; i < n; i++) {
        if (i < 3)
            evidence[i] = (struct evidence){
                .at = {.t = step[i].to, .packet = step[i].packet, .file = step[i].file},
                .role = "first packet after the step"};
        if (step[i].from - step[i].to > largest)
            largest = step[i].from - step[i].to;
    }
    values[0] = (struct value){.key = "steps", .type = VALUE_COUNT, .number = (int64_t)total};
    values[1] = (struct value){.key = "largest", .type = VALUE_SECONDS, .number = largest};
    out->first = evidence[0].at;
    out->last =
        (struct ref){.t = step[n - 1].to, .packet = step[n - 1].packet, .file = step[n - 1].file};
    out->finding = (struct finding){
        .id = FINDING_CLOCK_STEP,
        .severity = SEVERITY_NOTICE,
        .confidence = 1,
        .blame = END_NONE,
        .layer = LAYER_CAPTURE,
        .n_evidence = n < 3 ? n : 3,
        .n_values = 2,
        .evidence = evidence,
        .values = values,
        .text = arena_printf(arena,
                             "The clock of the capture steps back %" PRIu64
                             " time%s, by up to %s: silences that span a "
                             "step are not judged.",
                             total, total == 1 ? "" : "s", time_human(largest, text)),
    };
}

static void flags_finding(const struct capture_wide *w, struct arena *arena,
                          struct cross_finding *out)
{
    struct value *values = arena_alloc(arena, 2 * sizeof *values);

    *out = (struct cross_finding){.key = "capture", .n_members = w->flags_only};
    out->n_named = w->flags_only < CROSS_MEMBERS ? (size_t)w->flags_only : CROSS_MEMBERS;
    memcpy(out->member, w->flags_member, sizeof out->member);
    values[0] =
        (struct value){.key = "connections", .type = VALUE_COUNT, .number = (int64_t)w->flags_only};
    values[1] =
        (struct value){.key = "plain_segments", .type = VALUE_COUNT, .number = (int64_t)w->plain};
    out->finding = (struct finding){
        .id = FINDING_FLAGS_ONLY_CAPTURE,
        .severity = SEVERITY_INFO,
        .confidence = 0.9,
        .blame = END_NONE,
        .layer = LAYER_CAPTURE,
        .n_values = 2,
        .values = values,
        .text = arena_printf(
            arena,
            "The capture holds no plain ACKs and no data (%" PRIu64 " of %" PRIu64
            " connections show SYN, FIN and RST only): a filter took them. Missing ACKs "
            "and waiting ends can't be judged.",
            w->flags_only, w->connections),
    };
}

double capture_wide_factor(const struct finding *f)
{
    return f->id == FINDING_CAPTURE_GAP ? 0.6 : 1;
}

static bool many_gaps(const struct capture_wide *w)
{
    return w->connections >= GAPS_OF_LEAST && w->n_gaps >= GAPS_LEAST &&
           w->n_gaps * 100 >= w->connections * GAPS_PERCENT;
}

/* What the files say, and what the connections show. */
static const char *losses_text(const struct capture_wide *w, uint64_t dropped, struct arena *arena)
{
    const char *told = "", *seen = "";

    if (dropped)
        told = arena_printf(arena, "%" PRIu64 " packet%s lost while the capture was taken", dropped,
                            dropped == 1 ? " was" : "s were");
    if (many_gaps(w))
        seen = arena_printf(arena,
                            "%s%" PRIu64 " of %" PRIu64
                            " connections acknowledge octets that were not captured",
                            dropped ? "; " : "", w->n_gaps, w->connections);
    return arena_printf(arena,
                        "%s%s: what a connection seems to lack may be among them. What is found "
                        "over many connections, and of those that ended around a loss, is less "
                        "sure (confidence x 0.6).",
                        told, seen);
}

static void losses_finding(const struct capture_wide *w, const struct input *input,
                           struct arena *arena, struct cross_finding *out)
{
    struct value *values = arena_alloc(arena, 2 * sizeof *values);
    uint64_t dropped = input_dropped(input);

    values[0] = (struct value){.key = "dropped", .type = VALUE_COUNT, .number = (int64_t)dropped};
    values[1] =
        (struct value){.key = "connections", .type = VALUE_COUNT, .number = (int64_t)w->n_gaps};
    *out = (struct cross_finding){.key = "capture", .n_members = w->n_gaps};
    out->n_named = w->n_gaps < CROSS_MEMBERS ? (size_t)w->n_gaps : CROSS_MEMBERS;
    memcpy(out->member, w->gap_member, sizeof out->member);
    out->finding = (struct finding){
        .id = FINDING_CAPTURE_GAP,
        .severity = SEVERITY_INFO,
        .confidence = 1,
        .blame = END_NONE,
        .layer = LAYER_CAPTURE,
        .n_values = w->n_gaps ? 2 : 1,
        .values = values,
        .text = losses_text(w, dropped, arena),
    };
}

size_t capture_wide_finish(const struct capture_wide *w, const struct input *input,
                           struct arena *arena, struct cross_finding out[CAPTURE_WIDE_FINDINGS])
{
    size_t n_steps, n = 0;
    uint64_t total;
    const struct input_clock_step *step = input_clock_steps(input, &n_steps, &total);

    if (input_dropped(input) || many_gaps(w))
        losses_finding(w, input, arena, &out[n++]);
    if (n_steps)
        clock_finding(w, step, n_steps, total, arena, &out[n++]);
    if (w->connections >= FLAGS_ONLY_LEAST && w->flags_only >= FLAGS_ONLY_LEAST &&
        w->plain * 100 < w->segments)
        flags_finding(w, arena, &out[n++]);
    return n;
}
