/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Memory that is freed all at once. What an arena hands out stays valid until arena_reset() or
 * arena_done(). */
#ifndef LASTACK_BASE_ARENA_H
#define LASTACK_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
};

/* Zeroed, aligned for any type; never NULL. {0} is an empty arena. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((alloc_size(2), returns_nonnull));
/* The same, contents undefined. */
void *arena_take(struct arena *a, size_t size) __attribute__((alloc_size(2), returns_nonnull));
/* printf into the arena; the string lives as long as the arena's content. */
char *arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
/* Forget everything handed out but keep one block for the next use, large enough for as much again
 * within reason. */
void arena_reset(struct arena *a);
/* Free everything; the arena is empty and may be used again. */
void arena_done(struct arena *a);

#endif
