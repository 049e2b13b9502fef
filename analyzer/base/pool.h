/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Objects of one size from large slabs, with a free list: taking and giving back costs no malloc on
 * the way of packets. */
#ifndef LASTACK_BASE_POOL_H
#define LASTACK_BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

enum { CACHE_LINE = 64 }; /* octets */

struct slab_region;

/* What several pools take their slabs from. {0} is empty. */
struct slabs {
    struct slab_region *regions; /* newest first */
    char *next, *end;            /* untouched rest of the newest one */
    size_t taken;                /* octets */
    struct slab_drain *draining; /* regions by address, see slabs_drain(); NULL before */
    size_t n_draining;
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
/* Objects are only given back from now on, or few are taken: a region is freed when the last object
 * in it is given back. Each that is in use then must be named by slabs_hold() before any is given
 * back, and each pool must forget what it has in store. */
void slabs_drain(struct slabs *s);
void slabs_hold(struct slabs *s, const void *object);
void pool_forget(struct pool *p);
/* Free everything: the objects of all pools are gone, and so are the pools. */
void slabs_done(struct slabs *s);

#endif
