/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/arena.h"

#include "base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16384 };

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    max_align_t data[];
};

void *arena_take(struct arena *a, size_t size)
{
    struct arena_block *b = a->blocks;

    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!b || b->size - b->used < size) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;

        b = xmalloc(sizeof *b + room);
        *b = (struct arena_block){.next = a->blocks, .size = room};
        a->blocks = b;
    }
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

void arena_reset(struct arena *a)
{
    struct arena_block *keep = a->blocks;

    if (!keep)
        return;
    for (struct arena_block *b = keep->next, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    keep->next = NULL;
    keep->used = 0;
}

void arena_done(struct arena *a)
{
    arena_reset(a);
    free(a->blocks);
    a->blocks = NULL;
}
