/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/addr_book.h"

#include "base/xalloc.h"

#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* The slot that holds the address, or the empty one where it belongs. */
static uint32_t *find(const struct addr_book *b, const struct addr *a)
{
    size_t i = (size_t)XXH3_64bits(a, sizeof *a) & (b->n_slots - 1);

    while (b->slot[i] && addr_compare(&b->addr[b->slot[i] - 1], a) != 0)
        i = (i + 1) & (b->n_slots - 1);
    return &b->slot[i];
}

static void grow(struct addr_book *b)
{
    b->n_slots = b->n_slots ? b->n_slots * 2 : 256;
    free(b->slot);
    b->slot = xcalloc(b->n_slots, sizeof *b->slot);
    for (size_t i = 0; i < b->n; i++)
        *find(b, &b->addr[i]) = (uint32_t)i + 1;
}

uint32_t addr_book_number(struct addr_book *b, const struct addr *a)
{
    if (b->n * 2 >= b->n_slots)
        grow(b);
    uint32_t *slot = find(b, a);
    if (!*slot) {
        if (b->n == b->cap) {
            b->cap = b->cap ? b->cap * 2 : 128;
            b->addr = xreallocarray(b->addr, b->cap, sizeof *b->addr);
        }
        b->addr[b->n++] = *a;
        *slot = (uint32_t)b->n;
    }
    return *slot - 1;
}

void addr_book_done(struct addr_book *b)
{
    free(b->addr);
    free(b->slot);
}
