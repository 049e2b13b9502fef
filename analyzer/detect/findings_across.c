/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/findings_across.h"

#include <stdarg.h>
#include <stdio.h>

struct across_draft across_draft(struct arena *arena, enum finding_id id, enum severity severity,
                                 double confidence, const char *key)
{
    struct across_draft d = {.arena = arena};

    d.evidence = arena_alloc(arena, ACROSS_EVIDENCE * sizeof *d.evidence);
    d.values = arena_alloc(arena, ACROSS_VALUES * sizeof *d.values);
    d.out.key = key;
    d.out.finding = (struct finding){.id = id,
                                     .severity = severity,
                                     .confidence = confidence,
                                     .blame = END_NONE,
                                     .layer = finding_info(id)->layer,
                                     .text = ""};
    return d;
}

void across_blame(struct across_draft *d, enum end end, const struct addr *addr, enum layer layer)
{
    d->out.finding.blame = end;
    d->out.finding.layer = layer;
    d->out.blame = *addr;
}

static void add(struct across_draft *d, struct value v)
{
    if (d->out.finding.n_values < ACROSS_VALUES)
        d->values[d->out.finding.n_values++] = v;
}

void across_count(struct across_draft *d, const char *key, int64_t number)
{
    add(d, (struct value){.key = key, .type = VALUE_COUNT, .number = number});
}

void across_seconds(struct across_draft *d, const char *key, int64_t ns)
{
    add(d, (struct value){.key = key, .type = VALUE_SECONDS, .number = ns});
}

void across_text_value(struct across_draft *d, const char *key, const char *text)
{
    add(d, (struct value){.key = key, .type = VALUE_TEXT, .text = text});
}

void across_evidence(struct across_draft *d, const struct ref *at, const char *role)
{
    if (d->out.finding.n_evidence < ACROSS_EVIDENCE)
        d->evidence[d->out.finding.n_evidence++] = (struct evidence){.at = *at, .role = role};
}

void across_member(struct across_draft *d, uint64_t stream)
{
    cross_member(d->out.member, d->out.n_named, stream);
    if (d->out.n_named < CROSS_MEMBERS)
        d->out.n_named++;
}

void across_supersede(struct across_draft *d, enum finding_id id)
{
    if (d->out.n_supersedes < CROSS_SUPERSEDES)
        d->out.supersedes[d->out.n_supersedes++] = id;
}

void across_text(struct across_draft *d, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    d->out.finding.text = arena_printf(d->arena, "%s", text);
}

struct cross_finding across_done(struct across_draft *d)
{
    d->out.finding.evidence = d->evidence;
    d->out.finding.values = d->values;
    return d->out;
}
