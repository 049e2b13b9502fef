/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/across.h"

#include "detect/host_findings.h"

#include <stdlib.h>
#include <string.h>

void across_add(struct across *a, const struct facts *f)
{
    if (f->kind == CLOSE_STRAY)
        return;
    capture_wide_add(&a->wide, f);
    if (f->self || twins_add(&a->twins, f))
        return;
    hosts_add(&a->hosts, f);
    storms_add(&a->storms, f);
    boxes_add(&a->boxes, f);
    pairs_add(&a->pairs, f);
    what_if_add(&a->what_if, f);
}

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
    hosts_done(&a->hosts);
    storms_done(&a->storms);
    boxes_done(&a->boxes);
    pairs_done(&a->pairs);
    what_if_done(&a->what_if);
}
