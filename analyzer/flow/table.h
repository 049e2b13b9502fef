/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Five-tuple -> incarnations. A hash table seeded at random (no capture can be made to collide),
 * whose order is never visible: everything shown is in order of `stream`.
 *
 * What stands in the table is an entry: a flow, or octets into which the user of the table packed
 * one that rests (track/keep.h), which take the flow's place in the table and in its list until the
 * user puts a flow back. The table allocates flows of a size that its user gives, which start with
 * a struct flow: the tracker keeps its own part behind it. */
#ifndef LASTACK_FLOW_TABLE_H
#define LASTACK_FLOW_TABLE_H

#include "base/pool.h"
#include "flow/flow.h"

struct flow_slot {
    uint64_t hash;
    struct flow_entry *newest; /* NULL: empty */
};

/* Entries in the order in which they came. */
struct flow_list {
    struct flow_entry *first, *last;
};

enum { PACKED_CLASSES = 64 }; /* sizes of packed flows that come from pools */

/* How a five-tuple becomes a key and its hash. It never changes: another thread than the one that
 * has the table takes a copy. */
struct flow_keying {
    uint64_t seed;
    const uint32_t *tap_of; /* by file; borrowed */
};

struct flow_table {
    struct flow_slot *slots; /* a power of two of them */
    size_t n_slots, n_used;
    size_t n_entries; /* flows and packed ones */
    struct flow_keying keying;
    uint8_t most_holes; /* that each flow gets */
    struct slabs slabs; /* for the next two, and for what the user keeps for each flow */
    struct pool pool;   /* of flows */
    struct pool packed[PACKED_CLASSES];
    struct flow_key (*packed_key)(const uint8_t *octets);
    uint64_t next_stream;
    struct flow_list list[FLOW_LISTS]; /* by enum flow_list_name; FLOW_UNLISTED stays empty */
};

/* A segment's five-tuple, ready for the table. */
struct flow_lookup {
    struct flow_key key;
    uint64_t hash;
    int dir; /* direction of the segment, 0 or 1 */
};

/* tap_of: see struct flow_keying. packed_key: the five-tuple of packed octets. most_holes: missing
 * ranges that a direction of a flow remembers, 1 to HOLES. */
void flow_table_init(struct flow_table *t, size_t flow_size, const uint32_t *tap_of,
                     struct flow_key (*packed_key)(const uint8_t *octets), uint8_t most_holes);
/* Entries are only removed from now on: their memory is given back as they go. */
void flow_table_drain(struct flow_table *t);
/* Frees the table; the user has taken every flow out of it before. */
void flow_table_done(struct flow_table *t);

void flow_lookup(const struct flow_keying *k, const struct segment *s, struct flow_lookup *l);
/* The same five-tuple of another tenant, from 0. */
struct flow_lookup flow_lookup_tenant(const struct flow_table *t, const struct flow_lookup *l,
                                      unsigned tenant);
/* Tell the processor what will be needed: first for a whole batch the slots, then the entries. */
void flow_prefetch_slot(const struct flow_table *t, const struct flow_lookup *l);
void flow_prefetch_entry(const struct flow_table *t, const struct flow_lookup *l);
/* The same for an entry that will be taken out. */
void flow_prefetch_removal(const struct flow_table *t, const struct flow_entry *e);
void flow_prefetch_octets(const struct flow_entry *e);
void flow_prefetch_flow(const struct flow_table *t, const struct flow *f);
/* The newest incarnation as far as the hash tells: for prefetching what it points to. */
static inline const struct flow_entry *flow_guess(const struct flow_table *t,
                                                  const struct flow_lookup *l)
{
    enum { NEAR = 4 }; /* slots that are looked at */
    size_t mask = t->n_slots - 1;

    for (size_t i = (size_t)l->hash; i < (size_t)l->hash + NEAR && t->slots[i & mask].newest; i++)
        if (t->slots[i & mask].hash == l->hash)
            return t->slots[i & mask].newest;
    return NULL;
}
/* Which of n parts of all five-tuples these belong to, from 0: the same for both directions, and on
 * every machine. */
unsigned flow_shard(const struct addr *a, uint16_t a_port, const struct addr *b, uint16_t b_port,
                    unsigned n);

/* The newest incarnation of a five-tuple, or NULL. */
struct flow_entry *flow_find(const struct flow_table *t, const struct flow_lookup *l);
struct flow_entry *flow_find_key(const struct flow_table *t, const struct flow_key *key);
/* A new incarnation on top of the older ones, zeroed, with its stream number. */
struct flow *flow_add(struct flow_table *t, const struct flow_lookup *l);
/* Take an entry out of the table and its list; it stays readable until it is released. */
void flow_remove(struct flow_table *t, struct flow_entry *e);
/* Give the memory of an entry back, packed or not. */
void flow_release(struct flow_table *t, struct flow_entry *e);

/* Put n packed octets in the place of f, in the table and in its list. f leaves the table as by
 * flow_remove(). */
struct flow_entry *flow_pack(struct flow_table *t, struct flow *f, const uint8_t *octets, size_t n);
/* The reverse: f, from flow_take(), filled and not in the table, takes the place of e, which leaves
 * it. */
void flow_unpack(struct flow_table *t, struct flow_entry *e, struct flow *f);
/* Memory for a flow, contents undefined. */
struct flow *flow_take(struct flow_table *t);
/* The octets of a packed entry. */
const uint8_t *flow_octets(const struct flow_entry *e);
struct flow_key flow_entry_key(const struct flow_table *t, const struct flow_entry *e);

/* Put an entry at the end of a list, or with FLOW_UNLISTED in none, whatever list it was in. */
void flow_enlist(struct flow_table *t, struct flow_entry *e, enum flow_list_name list);

#endif
