/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/translation.h"

#include "base/xalloc.h"

#include <stdlib.h>

enum { SYNACKS = 1 << 12 };

/* A translator holds a packet no longer. The numbers alone would be proof, but for stacks that
 * always begin with the same ones. */
static const int64_t together = 20 * (NS_PER_S / 1000);

struct synack {
    bool used;
    struct segment segment;
};

static bool same_packet(const struct segment *a, const struct segment *b)
{
    int64_t apart = a->at.t > b->at.t ? a->at.t - b->at.t : b->at.t - a->at.t;
    bool timestamps = a->options & b->options & OPT_TIMESTAMPS;

    return a->seq == b->seq && a->ack == b->ack && a->window == b->window && apart <= together &&
           (!timestamps || a->ts_val == b->ts_val);
}

bool translation_seen(struct translations *t, const struct segment *s, struct segment *copy)
{
    uint64_t hash = ((uint64_t)s->seq << 32 | s->ack) * 0x9e3779b97f4a7c15u;

    if (!t->recent)
        t->recent = xcalloc(SYNACKS, sizeof *t->recent);
    struct synack *slot = &t->recent[hash >> 32 & (SYNACKS - 1)];
    const struct segment *first = &slot->segment;
    bool other_client = addr_compare(&first->dst, &s->dst) != 0;
    bool other_server = addr_compare(&first->src, &s->src) != 0;

    if (slot->used && same_packet(first, s) && (other_client || other_server)) {
        /* It was first seen near the server: there the client's address is that of the translator,
         * and the server's is true. */
        *copy = other_client && !other_server ? *first : *s;
        return true;
    }
    *slot = (struct synack){.used = true, .segment = *s};
    return false;
}

void translations_done(struct translations *t)
{
    free(t->recent);
    *t = (struct translations){0};
}
