/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/keyed.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SLOTS = 2 * KEYED_MAX, CACHE_LINE = 64 };

static uint32_t hash_of(const void *key, size_t key_size)
{
    return (uint32_t)XXH3_64bits(key, key_size);
}

/* The slot of the key, or the free one where it belongs. */
static struct keyed_slot *slot_of(const struct keyed *t, uint32_t hash, const void *key,
                                  size_t key_size)
{
    for (size_t i = hash % SLOTS;; i = (i + 1) % SLOTS) {
        struct keyed_slot *slot = &t->slot[i];

        if (!slot->entry || (slot->hash == hash && memcmp(slot->entry, key, key_size) == 0))
            return slot;
    }
}

static void make_room(struct keyed *t)
{
    t->slot = xcalloc(SLOTS, sizeof *t->slot);
    t->entry = xcalloc(KEYED_MAX, sizeof *t->entry);
}

static void *find(struct keyed *t, uint32_t hash, const void *key, size_t key_size, size_t size)
{
    struct keyed_slot *slot = slot_of(t, hash, key, key_size);
    if (slot->entry)
        return slot->entry;
    if (t->n == KEYED_MAX) {
        t->omitted++;
        return NULL;
    }
    void *entry = xcalloc(1, size);
    memcpy(entry, key, key_size);
    t->entry[t->n++] = entry;
    *slot = (struct keyed_slot){.entry = entry, .hash = hash};
    return entry;
}

struct keyed_place keyed_place(struct keyed *t, const void *key, size_t key_size)
{
    struct keyed_place p = {
        .table = t, .hash = hash_of(key, key_size), .key_size = (uint32_t)key_size};

    if (!t->slot)
        make_room(t);
    memcpy(p.key, key, key_size);
    __builtin_prefetch(&t->slot[p.hash % SLOTS]);
    return p;
}

void keyed_fetch(const struct keyed_place *p, size_t octets)
{
    const struct keyed *t = p->table;

    for (size_t i = p->hash % SLOTS; t->slot[i].entry; i = (i + 1) % SLOTS) {
        if (t->slot[i].hash != p->hash)
            continue;
        const char *entry = t->slot[i].entry;
        for (size_t at = 0; at < octets; at += CACHE_LINE)
            __builtin_prefetch(entry + at, 1);
        return;
    }
}

void *keyed_enter(struct keyed_place *p, size_t size)
{
    return p->entry = find(p->table, p->hash, p->key, p->key_size, size);
}

void *keyed_find(struct keyed *t, const void *key, size_t key_size, size_t size)
{
    if (!t->slot)
        make_room(t);
    return find(t, hash_of(key, key_size), key, key_size, size);
}

void keyed_sort(struct keyed *t, size_t key_size, int (*compare)(const void *, const void *))
{
    if (!t->n)
        return;
    qsort(t->entry, t->n, sizeof *t->entry, compare);
    memset(t->slot, 0, SLOTS * sizeof *t->slot);
    for (size_t n = 0; n < t->n; n++) {
        uint32_t hash = hash_of(t->entry[n], key_size);

        *slot_of(t, hash, t->entry[n], key_size) =
            (struct keyed_slot){.entry = t->entry[n], .hash = hash};
    }
}

void keyed_done(struct keyed *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->entry[i]);
    free(t->entry);
    free(t->slot);
    *t = (struct keyed){0};
}
