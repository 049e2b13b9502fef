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

enum { FIRST_SLOTS = 1024 };

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

void flow_table_init(struct flow_table *t, size_t flow_size)
{
    *t = (struct flow_table){.n_slots = FIRST_SLOTS, .seed = random_seed()};
    t->slots = xcalloc(t->n_slots, sizeof *t->slots);
    pool_init(&t->pool, flow_size);
}

void flow_table_done(struct flow_table *t)
{
    for (size_t i = 0; i < t->n_slots; i++)
        for (struct flow *f = t->slots[i].newest; f; f = f->older)
            free(f->extra);
    free(t->slots);
    pool_done(&t->pool);
}

struct flow_key flow_key_of(const struct segment *s, uint32_t tap)
{
    struct flow_key key = {.tap = tap};
    int order = addr_compare(&s->src, &s->dst);
    int src = order < 0 || (order == 0 && s->src_port <= s->dst_port) ? 0 : 1;

    key.addr[src] = s->src;
    key.port[src] = s->src_port;
    key.addr[!src] = s->dst;
    key.port[!src] = s->dst_port;
    return key;
}

int flow_direction(const struct flow_key *key, const struct segment *s)
{
    return key->port[0] == s->src_port && addr_compare(&key->addr[0], &s->src) == 0 ? 0 : 1;
}

static uint64_t hash_key(const struct flow_table *t, const struct flow_key *key)
{
    return XXH3_64bits_withSeed(key, sizeof *key, t->seed);
}

/* The slot of a key: the one that holds it, or the empty one where it belongs. */
static struct flow_slot *find_slot(const struct flow_table *t, uint64_t hash,
                                   const struct flow_key *key)
{
    size_t mask = t->n_slots - 1;

    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        struct flow_slot *slot = &t->slots[i];

        if (!slot->newest ||
            (slot->hash == hash && memcmp(&slot->newest->key, key, sizeof *key) == 0))
            return slot;
    }
}

struct flow *flow_find(const struct flow_table *t, const struct flow_key *key)
{
    return find_slot(t, hash_key(t, key), key)->newest;
}

static void grow(struct flow_table *t)
{
    struct flow_slot *old = t->slots;
    size_t n = t->n_slots, mask = n * 2 - 1;

    t->n_slots = n * 2;
    t->slots = xcalloc(t->n_slots, sizeof *t->slots);
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

struct flow *flow_add(struct flow_table *t, const struct flow_key *key)
{
    if (t->n_used * 4 >= t->n_slots * 3)
        grow(t);
    uint64_t hash = hash_key(t, key);
    struct flow_slot *slot = find_slot(t, hash, key);
    struct flow *f = pool_take(&t->pool);

    memset(f, 0, t->pool.size);
    f->key = *key;
    f->stream = t->next_stream++;
    f->older = slot->newest;
    f->incarnation = f->older ? f->older->incarnation + 1 : 1;
    if (!slot->newest)
        t->n_used++;
    slot->hash = hash;
    slot->newest = f;
    return f;
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

void flow_remove(struct flow_table *t, struct flow *f)
{
    struct flow_slot *slot = find_slot(t, hash_key(t, &f->key), &f->key);

    flow_quiet_leave(t, f);
    if (slot->newest != f) {
        struct flow *newer = slot->newest;
        while (newer->older != f)
            newer = newer->older;
        newer->older = f->older;
    } else if (f->older) {
        slot->newest = f->older;
    } else {
        close_gap(t, (size_t)(slot - t->slots));
        t->n_used--;
    }
    f->older = NULL;
}

void flow_release(struct flow_table *t, struct flow *f)
{
    free(f->extra);
    pool_give(&t->pool, f);
}

void flow_quiet_leave(struct flow_table *t, struct flow *f)
{
    if (!f->quiet_listed)
        return;
    *(f->quiet_prev ? &f->quiet_prev->quiet_next : &t->quiet_first) = f->quiet_next;
    *(f->quiet_next ? &f->quiet_next->quiet_prev : &t->quiet_last) = f->quiet_prev;
    f->quiet_prev = f->quiet_next = NULL;
    f->quiet_listed = false;
}

void flow_quiet_touch(struct flow_table *t, struct flow *f)
{
    flow_quiet_leave(t, f);
    f->quiet_prev = t->quiet_last;
    *(t->quiet_last ? &t->quiet_last->quiet_next : &t->quiet_first) = f;
    t->quiet_last = f;
    f->quiet_listed = true;
}

struct flow_extra *flow_extra(struct flow *f)
{
    if (!f->extra)
        f->extra = xcalloc(1, sizeof *f->extra);
    return f->extra;
}
