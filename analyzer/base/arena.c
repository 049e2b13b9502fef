/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/arena.h"

#include "base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16384, KEPT_SIZE = 262144 };

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    max_align_t data[];
};

static struct arena_block *add_block(struct arena *a, size_t room)
{
    struct arena_block *b = xmalloc(sizeof *b + room);

    *b = (struct arena_block){.next = a->blocks, .size = room};
    return a->blocks = b;
}

void *arena_take(struct arena *a, size_t size)
{
    struct arena_block *b = a->blocks;

    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!b || b->size - b->used < size)
        b = add_block(a, size > BLOCK_SIZE ? size : BLOCK_SIZE);
    void *p = (char *)b->data + b->used;
    b->used += size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(arena_take(a, size), 0, size);
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    char brief[256]; /* most texts are formatted once only */

    va_start(args, format);
    va_copy(again, args);
    int need = vsnprintf(brief, sizeof brief, format, args);
    va_end(args);
    size_t size = need < 0 ? 1 : (size_t)need + 1;
    char *text = arena_alloc(a, size);
    if (need > 0 && size <= sizeof brief)
        memcpy(text, brief, size);
    else if (need > 0)
        vsnprintf(text, size, format, again);
    va_end(again);
    return text;
}

/* Frees all blocks; returns how many octets they had room for. */
static size_t free_blocks(struct arena *a)
{
    size_t room = 0;

    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        room += b->size;
        free(b);
    }
    a->blocks = NULL;
    return room;
}

void arena_reset(struct arena *a)
{
    if (a->blocks && a->blocks->next) {
        size_t room = free_blocks(a);

        add_block(a, room < KEPT_SIZE ? room : KEPT_SIZE);
    }
    if (a->blocks)
        a->blocks->used = 0;
}

void arena_done(struct arena *a)
{
    free_blocks(a);
}
