/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/pool.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/* Who took FEW slabs will take many: they come from huge pages. */
enum { SLAB_SIZE = 64 * 1024, FEW = 4 * 1024 * 1024 };

/* A region starts with a link, and what follows is at a cache line. */
static void add_region(struct slabs *s)
{
    size_t size = s->taken < FEW ? SLAB_SIZE + CACHE_LINE : HUGE_PAGE;
    char *region = s->taken < FEW ? xmalloc(size) : xmalloc_huge(size);
    size_t link = CACHE_LINE - (uintptr_t)region % CACHE_LINE;

    memcpy(region, &s->regions, sizeof s->regions);
    s->regions = region;
    s->next = region + (link < sizeof s->regions ? link + CACHE_LINE : link);
    s->end = region + size;
    s->taken += size;
}

/* The last of a region is a little smaller. */
static void add_slab(struct pool *p)
{
    struct slabs *s = p->from;

    if ((size_t)(s->end - s->next) < SLAB_SIZE / 2)
        add_region(s);
    size_t size = (size_t)(s->end - s->next);
    p->next = s->next;
    p->end = s->next += size < SLAB_SIZE ? size : SLAB_SIZE;
}

static void init(struct pool *p, size_t size, size_t align, struct slabs *from)
{
    *p = (struct pool){.from = from, .size = (size + align - 1) / align * align};
}

void pool_init(struct pool *p, size_t size, struct slabs *from)
{
    init(p, size, sizeof(void *), from);
}

void pool_init_lines(struct pool *p, size_t size, struct slabs *from)
{
    init(p, size, CACHE_LINE, from);
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

void slabs_done(struct slabs *s)
{
    for (void *region = s->regions, *next; region; region = next) {
        memcpy(&next, region, sizeof next);
        free(region);
    }
    *s = (struct slabs){0};
}
