/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/path.h"

#include "base/strbuf.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { SLOTS = 2 * PATHS }; /* a power of two */

static const struct {
    const char *text;
    bool identified, tenant;
} kinds[] = {
#define PATH_ROW(id, text, identified, tenant) {text, identified, tenant},
    PATH_KINDS(PATH_ROW)
#undef PATH_ROW
};

struct path_entry {
    struct path_key key;
    uint64_t hash;
    char *text;
    uint16_t tenant;
};

struct path_table {
    uint32_t n, last;
    uint64_t seed;
    uint16_t slot[SLOTS];            /* numbers, by hash; 0: empty */
    struct path_entry *entry[PATHS]; /* number 1 is entry[0]. What is there stays: path_text() may
                                        be called while another thread adds one */
};

struct path_table *path_table_new(void)
{
    struct path_table *t = xcalloc(1, sizeof *t);

    /* Where memory lies is random enough that no capture can be made to collide. */
    t->seed = (uint64_t)(uintptr_t)t;
    return t;
}

void path_table_free(struct path_table *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        free(t->entry[i]->text);
        free(t->entry[i]);
    }
    free(t);
}

static bool same(const struct path_key *a, const struct path_key *b)
{
    return a->n == b->n && memcmp(a->layer, b->layer, a->n * sizeof *a->layer) == 0;
}

/* The slot of a key: the one that holds it, or the empty one where it belongs. */
static uint16_t *find(struct path_table *t, const struct path_key *key, uint64_t hash)
{
    for (size_t i = (size_t)hash & (SLOTS - 1);; i = (i + 1) & (SLOTS - 1)) {
        uint16_t *slot = &t->slot[i];

        if (!*slot)
            return slot;
        const struct path_entry *e = t->entry[*slot - 1];
        if (e->hash == hash && same(&e->key, key))
            return slot;
    }
}

static char *text_of(const struct path_key *key)
{
    struct strbuf text = {0};

    for (uint32_t i = 0; i < key->n; i++) {
        uint32_t kind = (uint32_t)(key->layer[i] >> 32);

        strbuf_printf(&text, "%s%s", i ? ", " : "", kinds[kind].text);
        if (kinds[kind].identified)
            strbuf_printf(&text, " %" PRIu32, (uint32_t)key->layer[i]);
    }
    return text.text;
}

static uint16_t add(struct path_table *t, const struct path_key *key, uint64_t hash, bool *full)
{
    struct path_key tenant = {0};

    if (t->n == PATHS) {
        *full = true;
        return 0;
    }
    struct path_entry *e = xcalloc(1, sizeof *e);
    *e = (struct path_entry){.key = *key, .hash = hash, .text = text_of(key)};
    t->entry[t->n] = e;
    uint16_t number = (uint16_t)++t->n;
    *find(t, key, hash) = number;
    for (uint32_t i = 0; i < key->n; i++)
        if (kinds[key->layer[i] >> 32].tenant)
            tenant.layer[tenant.n++] = key->layer[i];
    e->tenant =
        tenant.n == key->n ? number : path_number(t, &tenant, full); /* at most one level deep */
    return number;
}

uint16_t path_number(struct path_table *t, const struct path_key *key, bool *full)
{
    if (!key->n)
        return 0;
    if (t->last < t->n && same(&t->entry[t->last]->key, key))
        return (uint16_t)(t->last + 1);
    uint64_t hash = XXH3_64bits_withSeed(key->layer, key->n * sizeof *key->layer, t->seed);
    uint16_t number = *find(t, key, hash);
    if (!number)
        number = add(t, key, hash, full);
    if (number)
        t->last = number - 1u;
    return number;
}

uint16_t path_tenant(const struct path_table *t, uint16_t number)
{
    return number ? t->entry[number - 1]->tenant : 0;
}

const char *path_text(const struct path_table *t, uint16_t number)
{
    return number ? t->entry[number - 1]->text : "";
}
