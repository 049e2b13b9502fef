/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/pool.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum { SLAB_SIZE = 256 * 1024 };

static void init(struct pool *p, size_t size, size_t align)
{
    *p = (struct pool){.size = (size + align - 1) / align * align, .align = align};
}

void pool_init(struct pool *p, size_t size)
{
    init(p, size, sizeof(void *));
}

void pool_init_lines(struct pool *p, size_t size)
{
    init(p, size, CACHE_LINE);
}

/* A slab starts with a link; what malloc gives has the strictest alignment of any type. */
static void add_slab(struct pool *p)
{
    char *slab = xmalloc(SLAB_SIZE);
    uintptr_t first = (uintptr_t)slab + sizeof(max_align_t) + p->align - 1;

    memcpy(slab, &p->slabs, sizeof p->slabs);
    p->slabs = slab;
    p->next = slab + (first / p->align * p->align - (uintptr_t)slab);
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
    init(p, p->size, p->align);
}
