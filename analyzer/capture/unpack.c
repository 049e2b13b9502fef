/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/ahead.h"
#include "base/xalloc.h"
#include "capture/octets.h"
#include "capture/unpack_backend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 8, BLOCK = 128 * 1024 };

/* Unpacked octets that wait. */
struct block {
    size_t n;
    uint8_t octets[BLOCK];
};

struct unpack {
    const struct kind *kind;
    struct packed packed;
    void *state; /* the backend's; NULL: out of memory */
    bool ended;
    char failure[200];
    unsigned reads;
    struct ahead *ahead;       /* NULL: the reader's thread unpacks */
    const struct block *block; /* that is read, or NULL */
    size_t taken;              /* of it */
};

/* To add a compression: a row here, and where its backend is told of it. */
static const struct kind {
    const char *name;
    const struct unpack_backend *backend;
    size_t n;
    uint8_t magic[UNPACK_MAGIC];
} kinds[] = {
    {"gzip", &unpack_gzip, 3, {0x1f, 0x8b, 0x08}},
    {"xz", &unpack_xz, 6, {0xfd, '7', 'z', 'X', 'Z', 0}},
    {"zstd", &unpack_zstd, 4, {0x28, 0xb5, 0x2f, 0xfd}},
    {"lz4", &unpack_archive, 4, {0x04, 0x22, 0x4d, 0x18}},
    {"bzip2", &unpack_archive, 3, {'B', 'Z', 'h'}},
};

static const struct kind *find_kind(const uint8_t *start, size_t n)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (n >= kinds[i].n && memcmp(start, kinds[i].magic, kinds[i].n) == 0)
            return &kinds[i];
    return NULL;
}

bool unpack_knows(const uint8_t *start, size_t n)
{
    return find_kind(start, n) != NULL;
}

size_t packed_next(struct packed *p)
{
    size_t n = p->n_start;

    p->n_start = 0;
    return n ? n : p->more(p->context, p->octets, PACKED_BLOCK);
}

struct unpack *unpack_open(const uint8_t *start, size_t n, unpack_source *more, void *context)
{
    struct unpack *u = xcalloc(1, sizeof *u);

    u->kind = find_kind(start, n);
    u->packed = (struct packed){.octets = xmalloc(n > PACKED_BLOCK ? n : PACKED_BLOCK),
                                .n_start = n,
                                .more = more,
                                .context = context};
    memcpy(u->packed.octets, start, n);
    u->state = u->kind->backend->open(&u->packed);
    return u;
}

/* In whichever thread. */
static size_t produce(struct unpack *u, uint8_t *to, size_t room)
{
    const char *failure = u->state ? NULL : "out of memory";
    size_t n = 0;

    if (!u->ended && u->state && !octets_interrupted())
        n = u->kind->backend->read(u->state, to, room, &failure);
    if (n == 0 && !u->ended) {
        u->ended = true;
        snprintf(u->failure, sizeof u->failure, "%s", failure ? failure : "");
    }
    return n;
}

/* An ahead_fill. */
static bool fill(void *context, const struct ahead *a, void *block)
{
    struct block *b = block;

    (void)a;
    b->n = produce(context, b->octets, sizeof b->octets);
    return b->n > 0;
}

static size_t take(struct unpack *u, uint8_t *to, size_t room)
{
    if (!u->block) {
        u->block = ahead_next(u->ahead);
        u->taken = 0;
    }
    if (!u->block)
        return 0;
    size_t left = u->block->n - u->taken, n = left < room ? left : room;
    memcpy(to, u->block->octets + u->taken, n);
    u->taken += n;
    if (n == left)
        u->block = NULL;
    return n;
}

size_t unpack_read(void *context, uint8_t *to, size_t room)
{
    struct unpack *u = context;

    if (u->reads++ == 1)
        u->ahead = ahead_start(fill, u, BLOCKS, sizeof(struct block));
    return u->ahead ? take(u, to, room) : produce(u, to, room);
}

const char *unpack_failure(const struct unpack *u)
{
    return u->failure[0] ? u->failure : NULL;
}

const char *unpack_name(const struct unpack *u)
{
    return u->kind->name;
}

void unpack_close(struct unpack *u)
{
    if (!u)
        return;
    ahead_stop(u->ahead);
    if (u->state)
        u->kind->backend->close(u->state);
    free(u->packed.octets);
    free(u);
}
