/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/findings_across.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

void cross_list_push(struct cross_list *l, const struct cross_finding *f)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? 2 * l->cap : 16;
        struct cross_finding *at = arena_alloc(l->arena, cap * sizeof *at);

        if (l->n)
            memcpy(at, l->at, l->n * sizeof *at);
        l->at = at;
        l->cap = cap;
    }
    l->at[l->n++] = *f;
}

bool cross_list_has(const struct cross_list *l, enum finding_id id, const char *key)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->at[i].finding.id == id && strcmp(l->at[i].key, key) == 0)
            return true;
    return false;
}

void cross_list_add(struct cross_list *l, const struct across_draft *d)
{
    struct cross_finding f = d->out;

    f.finding.evidence = d->evidence;
    f.finding.values = d->values;
    cross_list_push(l, &f);
}
