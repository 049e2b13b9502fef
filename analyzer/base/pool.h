/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Objects of one size from large slabs, with a free list: taking and giving back costs no malloc on
 * the way of packets. */
#ifndef LASTACK_BASE_POOL_H
#define LASTACK_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

enum { CACHE_LINE = 64 }; /* octets */

struct pool {
    size_t size; /* of one object, octets */
    size_t align;
    void *free;       /* linked through the objects' first pointer */
    void *slabs;      /* linked through their first pointer */
    char *next, *end; /* untouched rest of the newest slab */
    uint64_t in_use;  /* objects taken and not given back */
};

void pool_init(struct pool *p, size_t size);
/* The same, each object at the start of a cache line, for what is touched with every packet. */
void pool_init_lines(struct pool *p, size_t size);
/* One object, contents undefined. */
void *pool_take(struct pool *p) __attribute__((returns_nonnull));
void pool_give(struct pool *p, void *object);
/* Free all slabs; every object is gone. */
void pool_done(struct pool *p);

#endif
