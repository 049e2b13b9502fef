/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/pool.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum { SLAB_SIZE = 256 * 1024 };

/* A slab starts with a link, padded so that objects keep the strictest alignment. */
static const size_t slab_head = sizeof(max_align_t);

void pool_init(struct pool *p, size_t size)
{
    size_t align = sizeof(void *);

    *p = (struct pool){.size = (size + align - 1) / align * align};
}

static void add_slab(struct pool *p)
{
    char *slab = xmalloc(SLAB_SIZE);

    memcpy(slab, &p->slabs, sizeof p->slabs);
    p->slabs = slab;
    p->next = slab + slab_head;
    p->end = slab + SLAB_SIZE;
}

void *pool_take(struct pool *p)
{
    void *object = p->free;

    p->in_use++;
    if (object) {
        memcpy(&p->free, object, sizeof p->free);
        return object;
    }
    if ((size_t)(p->end - p->next) < p->size || !p->next)
        add_slab(p);
    object = p->next;
    p->next += p->size;
    return object;
}

void pool_give(struct pool *p, void *object)
{
    memcpy(object, &p->free, sizeof p->free);
    p->free = object;
    p->in_use--;
}

void pool_done(struct pool *p)
{
    for (void *slab = p->slabs, *next; slab; slab = next) {
        memcpy(&next, slab, sizeof next);
        free(slab);
    }
    *p = (struct pool){.size = p->size};
}
