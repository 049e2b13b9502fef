/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/batch.h"

#include "base/xalloc.h"
#include "track/frozen.h"

#include <stdlib.h>
#include <string.h>

enum { USUAL = BATCH_CONNECTIONS * 256 }; /* octets; grows for the unusual */

struct batch *batch_new(void)
{
    struct batch *b = xcalloc(1, sizeof *b);

    b->cap = USUAL + FROZEN_MAX;
    b->packed = xmalloc(b->cap);
    return b;
}

static uint8_t *room(struct batch *b)
{
    if (b->cap - b->used < FROZEN_MAX) {
        b->cap = 2 * b->cap;
        b->packed = xreallocarray(b->packed, b->cap, 1);
    }
    return b->packed + b->used;
}

static bool add(struct batch *b, const struct rested *rest, bool came_rested)
{
    b->item[b->n++] = (struct batch_item){.rest = *rest, .at = b->used, .came_rested = came_rested};
    b->used += rest->size;
    return b->n == BATCH_CONNECTIONS;
}

bool batch_add(struct batch *b, const struct connection *c, int64_t judged_at)
{
    const struct rested rest = {.size = freeze(c, false, room(b)),
                                .clock_steps = c->clock_steps,
                                .losses = c->losses,
                                .judged_at = judged_at};

    return add(b, &rest, false);
}

bool batch_add_rested(struct batch *b, const struct rested *r)
{
    memcpy(room(b), r->octets, r->size);
    return add(b, r, true);
}

void batch_examine(struct batch *b, const struct examiner *x)
{
    for (size_t i = 0; i < b->n; i++) {
        struct batch_item *item = &b->item[i];

        item->rest.octets = b->packed + item->at;
        item->c = rested_thaw(&item->rest, &b->arena);
        item->m = examine(x, item->c, item->rest.judged_at, &b->arena);
    }
}

void batch_reset(struct batch *b)
{
    b->n = b->used = 0;
    arena_reset(&b->arena);
}

void batch_free(void *job)
{
    struct batch *b = job;

    arena_done(&b->arena);
    free(b->packed);
    free(b);
}
