/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/keyed.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * KEYED_MAX };

static size_t slot_of(const void *key, size_t key_size)
{
    const uint8_t *octet = key;
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < key_size; i++)
        hash = (hash ^ octet[i]) * 16777619u;
    return (hash ^ hash >> 15) % SLOTS;
}

void *keyed_find(struct keyed *t, const void *key, size_t key_size, size_t size)
{
    size_t i = slot_of(key, key_size);

    if (!t->slot) {
        t->slot = xcalloc(SLOTS, sizeof *t->slot);
        t->entry = xcalloc(KEYED_MAX, sizeof *t->entry);
    }
    for (; t->slot[i]; i = (i + 1) % SLOTS)
        if (memcmp(t->entry[t->slot[i] - 1], key, key_size) == 0)
            return t->entry[t->slot[i] - 1];
    if (t->n == KEYED_MAX) {
        t->omitted++;
        return NULL;
    }
    void *entry = xcalloc(1, size);
    memcpy(entry, key, key_size);
    t->entry[t->n++] = entry;
    t->slot[i] = (uint32_t)t->n;
    return entry;
}

void keyed_sort(struct keyed *t, size_t key_size, int (*compare)(const void *, const void *))
{
    if (!t->n)
        return;
    qsort(t->entry, t->n, sizeof *t->entry, compare);
    memset(t->slot, 0, SLOTS * sizeof *t->slot);
    for (size_t n = 0; n < t->n; n++) {
        size_t i = slot_of(t->entry[n], key_size);

        while (t->slot[i])
            i = (i + 1) % SLOTS;
        t->slot[i] = (uint32_t)n + 1;
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
