/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Five-tuple -> incarnations. A hash table seeded at random (no capture can be made to collide),
 * whose order is never visible: everything shown is in order of `stream`. Ended connections wait in
 * the quiet list until nothing can change them any more.
 *
 * The table allocates objects of a size that its user gives, which start with a struct flow: the
 * tracker keeps its own part behind it. */
#ifndef LASTACK_FLOW_TABLE_H
#define LASTACK_FLOW_TABLE_H

#include "base/pool.h"
#include "flow/flow.h"

struct flow_slot {
    uint64_t hash;
    struct flow *newest; /* NULL: empty */
};

struct flow_table {
    struct flow_slot *slots; /* a power of two of them */
    size_t n_slots, n_used;
    uint64_t seed;
    struct pool pool; /* of flows */
    uint64_t next_stream;
    struct flow *quiet_first, *quiet_last; /* oldest activity first */
};

void flow_table_init(struct flow_table *t, size_t flow_size);
/* Frees all flows, their extra parts included, but nothing that the user hung behind them. */
void flow_table_done(struct flow_table *t);

/* The key of a segment. */
struct flow_key flow_key_of(const struct segment *s, uint32_t tap);
/* The newest incarnation of a five-tuple, or NULL. */
struct flow *flow_find(const struct flow_table *t, const struct flow_key *key);
/* A new incarnation on top of the older ones, zeroed, with its stream number. */
struct flow *flow_add(struct flow_table *t, const struct flow_key *key);
/* Take a flow out of the table and the quiet list; it stays readable until flow_release(). */
void flow_remove(struct flow_table *t, struct flow *f);
void flow_release(struct flow_table *t, struct flow *f);

/* Put f at the end of the quiet list (its latest activity is now), or take it out. */
void flow_quiet_touch(struct flow_table *t, struct flow *f);
void flow_quiet_leave(struct flow_table *t, struct flow *f);

#endif
