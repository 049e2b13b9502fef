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

static bool add(struct batch *b, const struct batch_item *item, size_t size)
{
    b->item[b->n] = *item;
    b->item[b->n++].at = b->used;
    b->used += size;
    return b->n == BATCH_CONNECTIONS;
}

bool batch_add(struct batch *b, const struct connection *c, int64_t judged_at)
{
    const struct batch_item item = {
        .judged_at = judged_at, .clock_steps = c->clock_steps, .losses = c->losses};

    return add(b, &item, freeze(c, false, room(b)));
}

bool batch_add_rested(struct batch *b, const struct rested *r)
{
    const struct batch_item item = {.judged_at = r->judged_at,
                                    .clock_steps = r->clock_steps,
                                    .losses = r->losses,
                                    .rested = true};

    memcpy(room(b), r->octets, r->size);
    return add(b, &item, r->size);
}

void batch_examine(struct batch *b, const struct examiner *x)
{
    for (size_t i = 0; i < b->n; i++) {
        struct batch_item *item = &b->item[i];
        struct connection *c = thaw(b->packed + item->at, &b->arena);

        c->clock_steps = item->clock_steps;
        c->losses = item->losses;
        item->c = c;
        item->m = examine(x, c, item->judged_at, &b->arena);
    }
}

void batch_free(struct batch *b)
{
    arena_done(&b->arena);
    free(b->packed);
    free(b);
}
