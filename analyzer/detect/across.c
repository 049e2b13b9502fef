/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/across.h"

#include "detect/host_findings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* --- adding ----------------------------------------------------------------------------------- */

/* Where a connection is counted. */
static const struct {
    const struct tally *tally;
    size_t table; /* offset of its struct keyed in struct across */
    int which;
} counts[] = {
    {&host_tally, offsetof(struct across, hosts.of), END_CLIENT},
    {&host_tally, offsetof(struct across, hosts.of), END_SERVER},
    {&storm_tally, offsetof(struct across, storms.of), STORM_SERVICE},
    {&storm_tally, offsetof(struct across, storms.of), STORM_SERVER},
    {&storm_tally, offsetof(struct across, storms.of), STORM_CLIENT},
    {&box_tally, offsetof(struct across, boxes.of), 0},
    {&pair_tally, offsetof(struct across, pairs.of), 0},
};

enum { COUNTS = sizeof counts / sizeof *counts };

/* The tables hold thousands of ends that come in no order: nearly everything in them is far away in
 * memory. So each step, from the slots to what an entry owns, is taken for all that wait before the
 * next one needs what it fetches. */
static void count_waiting(struct across *a)
{
    struct keyed_place place[ACROSS_BATCH][COUNTS];
    size_t n = a->n_waiting;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < COUNTS; k++)
            place[i][k] = counts[k].tally->place((struct keyed *)((char *)a + counts[k].table),
                                                 &a->waiting[i], counts[k].which);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < COUNTS; k++)
            keyed_fetch(&place[i][k], counts[k].tally->common);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < COUNTS; k++)
            if (keyed_enter(&place[i][k], counts[k].tally->size) && counts[k].tally->fetch)
                counts[k].tally->fetch(place[i][k].entry);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < COUNTS; k++)
            if (place[i][k].entry)
                counts[k].tally->add(place[i][k].entry, &a->waiting[i], counts[k].which);
    a->n_waiting = 0;
    arena_reset(&a->stays);
}

static const struct fact_stay *copy_stays(struct across *a, const struct fact_end *e)
{
    size_t size = e->n_stays * sizeof *e->stays;

    return size ? memcpy(arena_take(&a->stays, size), e->stays, size) : NULL;
}

void across_add(struct across *a, const struct facts *f)
{
    if (f->kind == CLOSE_STRAY)
        return;
    capture_wide_add(&a->wide, f);
    if (f->self || twins_add(&a->twins, f))
        return;
    what_if_add(&a->what_if, f);
    struct facts *copy = &a->waiting[a->n_waiting++];
    *copy = *f;
    for (int end = 0; end < 2; end++)
        copy->end[end].stays = copy_stays(a, &f->end[end]);
    if (a->n_waiting == ACROSS_BATCH)
        count_waiting(a);
}

void across_settle(struct across *a)
{
    count_waiting(a);
    hosts_settle(&a->hosts);
    storms_settle(&a->storms);
    pairs_settle(&a->pairs);
    what_if_settle(&a->what_if);
}

/* --- the end ---------------------------------------------------------------------------------- */

static int worst_first(const void *a, const void *b)
{
    const struct cross_finding *x = a, *y = b;

    if (x->finding.severity != y->finding.severity)
        return x->finding.severity > y->finding.severity ? -1 : 1;
    if (x->n_members != y->n_members)
        return x->n_members > y->n_members ? -1 : 1;
    if (x->finding.id != y->finding.id)
        return x->finding.id < y->finding.id ? -1 : 1;
    return strcmp(x->key, y->key);
}

struct cross_finding *across_finish(const struct across *a, const struct input *input,
                                    const struct settings *settings, struct arena *arena, size_t *n)
{
    struct cross_finding wide[CAPTURE_WIDE_FINDINGS];
    struct cross_list out = {.arena = arena};
    size_t n_wide = capture_wide_finish(&a->wide, input, arena, wide);
    double factor = 1;

    for (size_t i = 0; i < n_wide; i++) {
        cross_list_push(&out, &wide[i]);
        factor *= capture_wide_factor(&wide[i].finding);
    }
    twins_finish(&a->twins, &out);
    storms_finish(&a->storms, settings, &out);
    boxes_finish(&a->boxes, &out);
    pairs_finish(&a->pairs, settings, &out);
    hosts_finish(&a->hosts, settings, &out);
    for (size_t i = 0; i < out.n; i++)
        if (out.at[i].finding.layer != LAYER_CAPTURE)
            out.at[i].finding.confidence *= factor;
    if (out.n)
        qsort(out.at, out.n, sizeof *out.at, worst_first);
    *n = out.n;
    return out.at;
}

uint64_t across_omitted(const struct across *a)
{
    return a->hosts.of.omitted + a->storms.of.omitted + a->boxes.of.omitted + a->pairs.of.omitted +
           a->what_if.holders.omitted + a->what_if.pairs.omitted;
}

void across_free(struct across *a)
{
    arena_done(&a->stays);
    hosts_done(&a->hosts);
    storms_done(&a->storms);
    boxes_done(&a->boxes);
    pairs_done(&a->pairs);
    what_if_done(&a->what_if);
}
