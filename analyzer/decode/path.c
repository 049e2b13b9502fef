/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/path.h"

#include "base/strbuf.h"
#include "base/xalloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool same(const struct path_key *a, const struct path_key *b)
{
    return a->n == b->n && memcmp(a->vlan, b->vlan, a->n * sizeof *a->vlan) == 0;
}

static uint16_t add(struct path_table *t, const struct path_key *key)
{
    struct strbuf text = {0};

    if (t->n == PATHS)
        return 0;
    if (!t->entries)
        t->entries = xcalloc(PATHS, sizeof *t->entries);
    for (uint32_t i = 0; i < key->n; i++)
        strbuf_printf(&text, "%svlan %u", i ? ", " : "", key->vlan[i]);
    t->entries[t->n] = (struct path_entry){.key = *key, .text = text.text};
    t->last = t->n++;
    return (uint16_t)t->n;
}

uint16_t path_number(struct path_table *t, const struct path_key *key)
{
    if (!key->n)
        return 0;
    if (t->last < t->n && same(&t->entries[t->last].key, key))
        return (uint16_t)(t->last + 1);
    for (uint32_t i = 0; i < t->n; i++) {
        if (same(&t->entries[i].key, key)) {
            t->last = i;
            return (uint16_t)(i + 1);
        }
    }
    return add(t, key);
}

const char *path_text(const struct path_table *t, uint16_t number)
{
    return number && number <= t->n ? t->entries[number - 1].text : "";
}

void path_done(struct path_table *t)
{
    for (uint32_t i = 0; i < t->n; i++)
        free(t->entries[i].text);
    free(t->entries);
}
