/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/examine.h"

#include "detect/detect.h"
#include "report/build.h"

const struct model_connection *examine(const struct examiner *x, const struct connection *c,
                                       int64_t judged_at, struct arena *arena)
{
    const struct life *l = replay(c, judged_at, x->settings, arena);
    struct verdict *v = arena_alloc(arena, sizeof *v);

    *v = judge(l);
    return model_build(detect(l, v, x->input, x->brief, arena), x->decoder, x->brief);
}
