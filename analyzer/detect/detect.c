/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/detect.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* To add a detector: a file with one `const struct detector`, a row here, a row per finding in
 * catalog.def, a .pkt that raises it and one that must not. Order matters only where a rule asks
 * what was raised before it (an answered FIN is not a missing ACK). */
static const struct detector *const detectors[] = {
    &detect_reuse,         /* T1 to T5, C1 C2 C3 C6 C7 */
    &detect_opening,       /* S1 S2 S3 */
    &detect_old_duplicate, /* C4 C5 */
    &detect_reset_cause,   /* T6 T7, R1 to R18 but those across connections */
    &detect_reset_close,   /* A4 A6 P5 */
    &detect_reset_loop,    /* R14 within a connection */
    &detect_shapes,        /* A5 A7 A8 A10 A11 */
    &detect_final_ack,     /* A1 A2 A3 A9 */
    &detect_waiting,       /* P1 P4 */
    &detect_quality,       /* Q1 Q2 Q4 Q5 Q6 */
};

static int worst_first(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

struct scene *detect(const struct life *l, const struct verdict *v, const struct input *input,
                     bool silent, struct arena *arena)
{
    struct scene *s = arena_take(arena, sizeof *s);

    memset(s, 0, offsetof(struct scene, undetermined)); /* the lists that follow are empty */

    s->life = l;
    s->verdict = v;
    s->flow = &l->c->flow;
    s->input = input;
    s->arena = arena;
    s->silent = silent;
    s->cause = arena_alloc(arena, l->n_steps * sizeof *s->cause);
    for (size_t i = 0; i < sizeof detectors / sizeof *detectors; i++)
        detectors[i]->run(s);
    qsort(s->findings, s->n_findings, sizeof *s->findings, worst_first);
    return s;
}
