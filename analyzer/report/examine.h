/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A kept connection looked at: replayed, judged, searched for findings, made a model. The same
 * connection gives the same model whenever it is asked. */
#ifndef LASTACK_REPORT_EXAMINE_H
#define LASTACK_REPORT_EXAMINE_H

#include "base/arena.h"
#include "decode/decode.h"
#include "track/connection.h"
#include "report/model.h"

/* What a judgement needs beside the connection; all borrowed. */
struct examiner {
    const struct settings *settings;
    const struct input *input;     /* for clock steps */
    const struct decoder *decoder; /* names encapsulations */
    bool brief; /* without what only a reader of this one connection needs: states, resets, steps,
                   texts */
};

/* The model of c in the arena. judged_at: up to when its silence is known, ns. */
const struct model_connection *examine(const struct examiner *x, const struct connection *c,
                                       int64_t judged_at, struct arena *arena);

#endif
