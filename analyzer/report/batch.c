/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/batch.h"

#include "base/xalloc.h"
#include "track/frozen.h"

#include <stdlib.h>

enum { USUAL = BATCH_CONNECTIONS * 256 }; /* octets; grows for the unusual */

struct batch *batch_new(void)
{
    struct batch *b = xcalloc(1, sizeof *b);

    b->cap = USUAL + FROZEN_MAX;
    b->packed = xmalloc(b->cap);
    return b;
}

bool batch_add(struct batch *b, const struct connection *c, int64_t judged_at)
{
    if (b->cap - b->used < FROZEN_MAX) {
        b->cap = 2 * b->cap;
        b->packed = xreallocarray(b->packed, b->cap, 1);
    }
    size_t size = freeze(c, false, b->packed + b->used);
    b->item[b->n++] = (struct batch_item){.judged_at = judged_at, .at = b->used, .size = size};
    b->used += size;
    return b->n == BATCH_CONNECTIONS;
}

void batch_examine(struct batch *b, const struct examiner *x)
{
    for (size_t i = 0; i < b->n; i++) {
        struct batch_item *item = &b->item[i];
        const struct connection *c = thaw(b->packed + item->at, &b->arena);

        item->m = examine(x, c, item->judged_at, &b->arena);
    }
}

void batch_free(struct batch *b)
{
    arena_done(&b->arena);
    free(b->packed);
    free(b);
}
