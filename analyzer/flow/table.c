/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/table.h"

#include "base/xalloc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FIRST_SLOTS = 1024, USUAL_OCTETS = 256 /* of a packed entry */ };

/* An attacker who writes captures must not know which keys collide. */
static uint64_t random_seed(void)
{
    uint64_t seed = 0;
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

    if (fd >= 0) {
        if (read(fd, &seed, sizeof seed) != (ssize_t)sizeof seed)
            seed = 0;
        close(fd);
    }
    return seed ? seed : (uint64_t)time(NULL) << 20 ^ (uint64_t)getpid();
}

static struct flow_slot *new_slots(size_t n)
{
    size_t size = n * sizeof(struct flow_slot);

    return size < HUGE_PAGE ? xcalloc(n, sizeof(struct flow_slot))
                            : memset(xmalloc_huge(size), 0, size);
}

void flow_table_init(struct flow_table *t, size_t flow_size, const uint32_t *tap_of,
                     struct flow_key (*packed_key)(const uint8_t *octets), uint8_t most_holes)
{
    *t = (struct flow_table){.n_slots = FIRST_SLOTS,
                             .keying = {.seed = random_seed(), .tap_of = tap_of},
                             .packed_key = packed_key,
                             .most_holes = most_holes};
    t->slots = new_slots(t->n_slots);
    pool_init_lines(&t->pool, flow_size, &t->slabs);
    for (size_t i = 0; i < PACKED_CLASSES; i++)
        pool_init(&t->packed[i], sizeof(struct flow_entry) + (i + 1) * FLOW_OCTETS, &t->slabs);
}

/* Entries that were packed at a time lie together and mostly go together. */
void flow_table_drain(struct flow_table *t)
{
    slabs_drain(&t->slabs);
    pool_forget(&t->pool);
    for (size_t i = 0; i < PACKED_CLASSES; i++)
        pool_forget(&t->packed[i]);
}

void flow_table_done(struct flow_table *t)
{
    free(t->slots);
    slabs_done(&t->slabs);
    t->slots = NULL;
    t->n_slots = t->n_used = 0;
}

/* --- keys ------------------------------------------------------------------------------------- */

unsigned flow_shard(const struct addr *a, uint16_t a_port, const struct addr *b, uint16_t b_port,
                    unsigned n)
{
    const struct {
        const struct addr *addr;
        uint16_t port;
    } end[2] = {{a, a_port}, {b, b_port}};
    uint64_t sum = 0;

    for (int i = 0; i < 2; i++) {
        uint8_t octets[sizeof a->octets + 2];

        memcpy(octets, end[i].addr->octets, sizeof a->octets);
        octets[sizeof a->octets] = (uint8_t)(end[i].port >> 8);
        octets[sizeof a->octets + 1] = (uint8_t)end[i].port;
        sum += XXH3_64bits(octets, sizeof octets);
    }
    return (unsigned)((sum ^ sum >> 32) % n);
}

static uint32_t last_four(const struct addr *a)
{
    uint32_t v;

    memcpy(&v, a->octets + 12, sizeof v);
    return v;
}

/* Of IPv4 only what differs is hashed. */
static inline uint64_t hash_of(uint64_t seed, const struct flow_key *key)
{
    uint64_t brief[2];

    if (!addr_is_v4(&key->addr[0]) || !addr_is_v4(&key->addr[1]))
        return XXH3_64bits_withSeed(key, sizeof *key, seed);
    brief[0] = (uint64_t)last_four(&key->addr[0]) << 32 | last_four(&key->addr[1]);
    brief[1] = (uint64_t)key->port[0] << 48 | (uint64_t)key->port[1] << 32 |
               (uint32_t)key->tap << 16 | key->tenant;
    return XXH3_64bits_withSeed(brief, sizeof brief, seed);
}

void flow_lookup(const struct flow_keying *k, const struct segment *s, struct flow_lookup *l)
{
    int order = addr_compare(&s->src, &s->dst);

    l->dir = order < 0 || (order == 0 && s->src_port <= s->dst_port) ? 0 : 1;
    l->key.addr[l->dir] = s->src;
    l->key.port[l->dir] = s->src_port;
    l->key.addr[!l->dir] = s->dst;
    l->key.port[!l->dir] = s->dst_port;
    l->key.tap = (uint16_t)k->tap_of[s->at.file];
    l->key.tenant = 0;
    l->hash = hash_of(k->seed, &l->key);
}

struct flow_lookup flow_lookup_tenant(const struct flow_table *t, const struct flow_lookup *l,
                                      unsigned tenant)
{
    struct flow_lookup of = *l;

    of.key.tenant = (uint16_t)tenant;
    of.hash = hash_of(t->keying.seed, &of.key);
    return of;
}

struct flow_key flow_entry_key(const struct flow_table *t, const struct flow_entry *e)
{
    return e->packed ? t->packed_key(flow_octets(e)) : ((const struct flow *)e)->key;
}

/* --- slots ------------------------------------------------------------------------------------ */

static bool same_key(const struct flow_key *a, const struct flow_key *b)
{
    uint64_t x[5], y[5];

    _Static_assert(sizeof x == sizeof *a, "a key is five words");
    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4]));
}

static bool has_key(const struct flow_table *t, const struct flow_entry *e,
                    const struct flow_key *key)
{
    if (e->packed) {
        const struct flow_key packed = t->packed_key(flow_octets(e));

        return same_key(&packed, key);
    }
    return same_key(&((const struct flow *)e)->key, key);
}

/* The slot of a key: the one that holds it, or the empty one where it belongs. */
static struct flow_slot *find_slot(const struct flow_table *t, uint64_t hash,
                                   const struct flow_key *key)
{
    size_t mask = t->n_slots - 1;

    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        struct flow_slot *slot = &t->slots[i];

        if (!slot->newest || (slot->hash == hash && has_key(t, slot->newest, key)))
            return slot;
    }
}

/* The slot that leads to an entry of the table. Nothing is touched on the way but incarnations of
 * one five-tuple. */
static struct flow_slot *slot_of_entry(const struct flow_table *t, const struct flow_entry *e)
{
    size_t mask = t->n_slots - 1;

    for (size_t i = e->hash & mask;; i = (i + 1) & mask) {
        struct flow_slot *slot = &t->slots[i];

        for (const struct flow_entry *at = slot->newest; at; at = flow_older_of(at)) {
            if (at == e)
                return slot;
            if ((uint32_t)slot->hash != e->hash)
                break;
        }
    }
}

/* Few have an older one: only those which had one when they were packed have room for it. */
static void set_older(struct flow_entry *e, struct flow_entry *older)
{
    if (!e->packed) {
        flow_of_entry(e)->older = older;
        return;
    }
    e->has_older = older != NULL;
    if (older)
        memcpy((char *)(e + 1) + e->packed * FLOW_OCTETS - sizeof older, &older, sizeof older);
}

/* What points to e, its slot or a newer incarnation, points to `to` from now on. */
static void relink(struct flow_slot *slot, const struct flow_entry *e, struct flow_entry *to)
{
    struct flow_entry *newer = slot->newest;

    if (newer == e) {
        slot->newest = to;
        return;
    }
    while (flow_older_of(newer) != e)
        newer = flow_older_of(newer);
    set_older(newer, to);
}

static void grow(struct flow_table *t)
{
    struct flow_slot *old = t->slots;
    size_t n = t->n_slots, mask = n * 2 - 1;

    t->n_slots = n * 2;
    t->slots = new_slots(t->n_slots);
    for (size_t i = 0; i < n; i++) {
        if (!old[i].newest)
            continue;
        size_t to = (size_t)old[i].hash & mask;
        while (t->slots[to].newest)
            to = (to + 1) & mask;
        t->slots[to] = old[i];
    }
    free(old);
}

/* Close the gap behind an emptied slot, so that probing never meets a false end (linear probing
 * without tombstones). */
static void close_gap(struct flow_table *t, size_t hole)
{
    size_t mask = t->n_slots - 1;

    for (size_t i = (hole + 1) & mask; t->slots[i].newest; i = (i + 1) & mask) {
        size_t home = (size_t)t->slots[i].hash & mask;

        if (((i - home) & mask) >= ((i - hole) & mask)) {
            t->slots[hole] = t->slots[i];
            hole = i;
        }
    }
    t->slots[hole].newest = NULL;
}

/* --- look-up ---------------------------------------------------------------------------------- */

void flow_prefetch_slot(const struct flow_table *t, const struct flow_lookup *l)
{
    __builtin_prefetch(&t->slots[(size_t)l->hash & (t->n_slots - 1)]);
}

void flow_prefetch_entry(const struct flow_table *t, const struct flow_lookup *l)
{
    const struct flow_entry *e = flow_guess(t, l);

    if (e)
        flow_prefetch_flow(t, (const struct flow *)e);
}

void flow_prefetch_flow(const struct flow_table *t, const struct flow *f)
{
    for (size_t line = 0; line < t->pool.size; line += CACHE_LINE)
        __builtin_prefetch((const char *)f + line);
}

void flow_prefetch_removal(const struct flow_table *t, const struct flow_entry *e)
{
    __builtin_prefetch(&t->slots[e->hash & (t->n_slots - 1)]);
}

void flow_prefetch_octets(const struct flow_entry *e)
{
    for (size_t line = 0; line < USUAL_OCTETS; line += CACHE_LINE)
        __builtin_prefetch((const char *)e + line);
}

struct flow_entry *flow_find(const struct flow_table *t, const struct flow_lookup *l)
{
    return find_slot(t, l->hash, &l->key)->newest;
}

struct flow_entry *flow_find_key(const struct flow_table *t, const struct flow_key *key)
{
    return find_slot(t, hash_of(t->keying.seed, key), key)->newest;
}

/* --- coming and going ------------------------------------------------------------------------- */

struct flow *flow_take(struct flow_table *t)
{
    return pool_take(&t->pool);
}

struct flow *flow_add(struct flow_table *t, const struct flow_lookup *l)
{
    if (t->n_used * 5 >= t->n_slots * 4)
        grow(t);
    struct flow_slot *slot = find_slot(t, l->hash, &l->key);
    struct flow *f = flow_take(t);

    memset(f, 0, t->pool.size);
    f->key = l->key;
    f->most_holes = t->most_holes;
    f->stream = t->next_stream++;
    f->entry.hash = (uint32_t)l->hash;
    f->older = slot->newest;
    f->incarnation = slot->newest ? flow_older(f)->incarnation + 1 : 1;
    if (!slot->newest)
        t->n_used++;
    slot->hash = l->hash;
    slot->newest = &f->entry;
    t->n_entries++;
    return f;
}

void flow_remove(struct flow_table *t, struct flow_entry *e)
{
    struct flow_slot *slot = slot_of_entry(t, e);

    flow_enlist(t, e, FLOW_UNLISTED);
    relink(slot, e, flow_older_of(e));
    set_older(e, NULL);
    t->n_entries--;
    if (!slot->newest) {
        close_gap(t, (size_t)(slot - t->slots));
        t->n_used--;
    }
}

void flow_enlist(struct flow_table *t, struct flow_entry *e, enum flow_list_name name)
{
    if (e->list != FLOW_UNLISTED) {
        struct flow_list *from = &t->list[e->list];

        *(e->prev ? &e->prev->next : &from->first) = e->next;
        *(e->next ? &e->next->prev : &from->last) = e->prev;
    }
    e->prev = e->next = NULL;
    e->list = (uint8_t)name;
    if (name == FLOW_UNLISTED)
        return;
    struct flow_list *to = &t->list[name];
    e->prev = to->last;
    *(to->last ? &to->last->next : &to->first) = e;
    to->last = e;
}

/* --- packing ---------------------------------------------------------------------------------- */

const uint8_t *flow_octets(const struct flow_entry *e)
{
    return (const uint8_t *)(e + 1);
}

/* Everything that points to `old` points to `to` from now on. */
static void replace(struct flow_table *t, struct flow_slot *slot, struct flow_entry *old,
                    struct flow_entry *to)
{
    struct flow_list *list = &t->list[old->list];

    relink(slot, old, to);
    to->prev = old->prev;
    to->next = old->next;
    set_older(to, flow_older_of(old));
    to->hash = old->hash;
    to->list = old->list;
    if (old->list != FLOW_UNLISTED) {
        *(old->prev ? &old->prev->next : &list->first) = to;
        *(old->next ? &old->next->prev : &list->last) = to;
    }
    old->prev = old->next = NULL;
    set_older(old, NULL);
    old->list = FLOW_UNLISTED;
}

struct flow_entry *flow_pack(struct flow_table *t, struct flow *f, const uint8_t *octets, size_t n)
{
    size_t link = f->older ? sizeof f->older : 0;
    size_t units = (n + link + FLOW_OCTETS - 1) / FLOW_OCTETS;
    struct flow_entry *e = units <= PACKED_CLASSES ? pool_take(&t->packed[units - 1])
                                                   : xmalloc(sizeof *e + units * FLOW_OCTETS);

    e->packed = (uint16_t)units;
    memcpy(e + 1, octets, n);
    replace(t, slot_of_entry(t, &f->entry), &f->entry, e);
    return e;
}

void flow_unpack(struct flow_table *t, struct flow_entry *e, struct flow *f)
{
    f->entry.packed = 0;
    f->most_holes = t->most_holes;
    replace(t, slot_of_entry(t, e), e, &f->entry);
}

void flow_release(struct flow_table *t, struct flow_entry *e)
{
    if (!e->packed) {
        free(flow_of_entry(e)->extra);
        pool_give(&t->pool, e);
    } else if (e->packed <= PACKED_CLASSES) {
        pool_give(&t->packed[e->packed - 1], e);
    } else {
        free(e);
    }
}

struct flow_extra *flow_extra(struct flow *f)
{
    if (!f->extra)
        f->extra = xcalloc(1, sizeof *f->extra);
    return f->extra;
}
