/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Objects of one size from large slabs, with a free list: taking and giving back costs no malloc on
 * the way of packets. */
#ifndef LASTACK_BASE_POOL_H
#define LASTACK_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

enum { CACHE_LINE = 64 }; /* octets */

/* What several pools take their slabs from. {0} is empty. */
struct slabs {
    void *regions;    /* linked through their first pointer */
    char *next, *end; /* untouched rest of the newest one */
    size_t taken;     /* octets */
};

struct pool {
    struct slabs *from; /* borrowed */
    size_t size;        /* of one object, octets */
    void *free;         /* linked through the objects' first pointer */
    char *next, *end;   /* untouched rest of the newest slab */
    uint64_t in_use;    /* objects taken and not given back */
};

void pool_init(struct pool *p, size_t size, struct slabs *from);
/* The same, each object at the start of a cache line, for what is touched with every packet. */
void pool_init_lines(struct pool *p, size_t size, struct slabs *from);
/* One object, contents undefined. */
void *pool_take(struct pool *p) __attribute__((returns_nonnull));
void pool_give(struct pool *p, void *object);
/* Free everything: the objects of all pools are gone, and so are the pools. */
void slabs_done(struct slabs *s);

#endif
