/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/pool.h"

#include "base/xalloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Who took FEW slabs will take many: they come from huge pages. */
enum { SLAB_SIZE = 64 * 1024, FEW = 4 * 1024 * 1024 };

/* What stands at the start of a region; its first slab begins at the next cache line. */
struct slab_region {
    struct slab_region *next;
    size_t size; /* octets, all of it */
};

/* A region that is given back. */
struct slab_drain {
    char *start;
    size_t size; /* 0: it is freed */
    size_t live; /* objects in use */
};

static void add_region(struct slabs *s)
{
    size_t size = s->taken < FEW ? SLAB_SIZE + CACHE_LINE : HUGE_PAGE;
    struct slab_region *region = s->taken < FEW ? xmalloc(size) : xmalloc_huge(size);
    size_t head = CACHE_LINE - (uintptr_t)region % CACHE_LINE;

    *region = (struct slab_region){.next = s->regions, .size = size};
    s->regions = region;
    s->next = (char *)region + (head < sizeof *region ? head + CACHE_LINE : head);
    s->end = (char *)region + size;
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

/* --- giving back ------------------------------------------------------------------------------ */

static int by_address(const void *a, const void *b)
{
    const struct slab_drain *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

void slabs_drain(struct slabs *s)
{
    size_t n = 0;

    for (struct slab_region *r = s->regions; r; r = r->next)
        n++;
    s->draining = xcalloc(n, sizeof *s->draining);
    for (struct slab_region *r = s->regions; r; r = r->next)
        s->draining[s->n_draining++] = (struct slab_drain){.start = (char *)r, .size = r->size};
    if (n)
        qsort(s->draining, n, sizeof *s->draining, by_address);
    s->regions = NULL;
    s->next = s->end = NULL;
}

/* The draining region that holds an object, or NULL. */
static struct slab_drain *drain_of(struct slabs *s, const char *object)
{
    size_t low = 0, high = s->n_draining;

    while (low < high) {
        size_t middle = (low + high) / 2;
        struct slab_drain *d = &s->draining[middle];

        if (object < d->start)
            high = middle;
        else if (object >= d->start + d->size)
            low = middle + 1;
        else
            return d;
    }
    return NULL;
}

void slabs_hold(struct slabs *s, const void *object)
{
    struct slab_drain *d = drain_of(s, object);

    if (d)
        d->live++;
}

void pool_forget(struct pool *p)
{
    p->free = p->next = p->end = NULL;
}

/* Whether the object is in a region that is draining. */
static bool drain(struct slabs *s, const void *object)
{
    struct slab_drain *d = drain_of(s, object);

    if (d && --d->live == 0) {
        free(d->start);
        d->size = 0;
    }
    return d;
}

void pool_give(struct pool *p, void *object)
{
    p->in_use--;
    if (p->from->draining && drain(p->from, object))
        return;
    memcpy(object, &p->free, sizeof p->free);
    p->free = object;
}

void slabs_done(struct slabs *s)
{
    for (struct slab_region *r = s->regions, *next; r; r = next) {
        next = r->next;
        free(r);
    }
    for (size_t i = 0; i < s->n_draining; i++)
        if (s->draining[i].size)
            free(s->draining[i].start);
    free(s->draining);
    *s = (struct slabs){0};
}
