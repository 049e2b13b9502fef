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
    if (f->self)
        return;
    hosts_add(&a->hosts, f);
    storms_add(&a->storms, f);
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
    size_t most = CAPTURE_WIDE_FINDINGS + STORM_FINDINGS + PAIR_FINDINGS + 2 * a->hosts.n;
    struct cross_finding *out = arena_alloc(arena, most * sizeof *out);

    *n = capture_wide_finish(&a->wide, input, arena, out);
    *n += storms_finish(&a->storms, settings, arena, out + *n);
    *n += pairs_finish(&a->pairs, settings, arena, out + *n);
    for (size_t i = 0; i < a->hosts.n; i++)
        *n += host_findings(a->hosts.host[i], settings, arena, out + *n);
    if (*n)
        qsort(out, *n, sizeof *out, worst_first);
    return out;
}

void across_free(struct across *a)
{
    hosts_done(&a->hosts);
    storms_done(&a->storms);
    pairs_done(&a->pairs);
    what_if_done(&a->what_if);
}
