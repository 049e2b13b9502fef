/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/translation.h"

#include "base/xalloc.h"

#include <stdlib.h>

enum { SYNACKS = 1 << 12 };

/* A translator holds a packet no longer. The numbers alone would be proof, but for stacks that
 * always begin with the same ones. */
static const int64_t together = 20 * (NS_PER_S / 1000);

/* What must be kept of one: a cache line. */
struct synack {
    int64_t t; /* ns */
    struct addr src, dst;
    uint16_t src_port, dst_port;
    uint32_t seq, ack, ts_val;
    uint32_t file;
    uint16_t window;
    bool timestamps;
};

/* By hash of their numbers. Tags, never 0, are looked at first: they stay in the caches. */
struct synacks {
    uint16_t tag[SYNACKS];
    struct synack at[SYNACKS];
};

static bool same_packet(const struct synack *a, const struct synack *b)
{
    int64_t apart = a->t > b->t ? a->t - b->t : b->t - a->t;

    return a->seq == b->seq && a->ack == b->ack && a->window == b->window && apart <= together &&
           (!(a->timestamps && b->timestamps) || a->ts_val == b->ts_val);
}

static struct segment segment_of(const struct synack *a)
{
    return (struct segment){.at = {.t = a->t, .file = a->file},
                            .src = a->src,
                            .dst = a->dst,
                            .src_port = a->src_port,
                            .dst_port = a->dst_port,
                            .seq = a->seq,
                            .ack = a->ack,
                            .flags = TCP_SYN | TCP_ACK};
}

bool translation_seen(struct translations *t, const struct segment *s, struct segment *copy)
{
    uint64_t hash = ((uint64_t)s->seq << 32 | s->ack) * 0x9e3779b97f4a7c15u;
    const struct synack now = {.t = s->at.t,
                               .src = s->src,
                               .dst = s->dst,
                               .src_port = s->src_port,
                               .dst_port = s->dst_port,
                               .seq = s->seq,
                               .ack = s->ack,
                               .ts_val = s->ts_val,
                               .file = s->at.file,
                               .window = s->window,
                               .timestamps = s->options & OPT_TIMESTAMPS};

    if (!t->recent)
        t->recent = xcalloc(1, sizeof *t->recent);
    size_t slot = hash >> 32 & (SYNACKS - 1);
    uint16_t tag = (uint16_t)(hash >> 48) | 1;
    struct synack *first = &t->recent->at[slot];
    bool seen = t->recent->tag[slot] == tag;

    t->recent->tag[slot] = tag;
    if (!seen) {
        *first = now;
        return false;
    }
    bool other_client = addr_compare(&first->dst, &now.dst) != 0;
    bool other_server = addr_compare(&first->src, &now.src) != 0;

    if (same_packet(first, &now) && (other_client || other_server)) {
        /* It was first seen near the server: there the client's address is that of the translator,
         * and the server's is true. */
        *copy = segment_of(other_client && !other_server ? first : &now);
        return true;
    }
    *first = now;
    return false;
}

void translations_done(struct translations *t)
{
    free(t->recent);
    *t = (struct translations){0};
}
