/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/kept.h"

#include "base/crew.h"
#include "base/xalloc.h"
#include "track/frozen.h"

#include <stdlib.h>
#include <string.h>

struct kept_connection {
    uint64_t stream;
    int64_t judged_at;
    const uint8_t *packed; /* track/frozen.h, in the arena of the kept */
};

void kept_add(struct kept *k, const struct connection *c, int64_t judged_at)
{
    uint8_t packed[FROZEN_MAX];
    size_t size = freeze(c, false, packed);

    if (k->n == k->cap) {
        k->cap = k->cap ? k->cap * 2 : 1024;
        k->connection = xreallocarray(k->connection, k->cap, sizeof *k->connection);
    }
    k->connection[k->n++] =
        (struct kept_connection){.stream = c->flow.stream,
                                 .judged_at = judged_at,
                                 .packed = memcpy(arena_take(&k->packed, size), packed, size)};
}

static int by_stream(const void *a, const void *b)
{
    uint64_t x = ((const struct kept_connection *)a)->stream;
    uint64_t y = ((const struct kept_connection *)b)->stream;

    return x < y ? -1 : x > y;
}

/* --- told by several threads ------------------------------------------------------------------ */

enum { STRETCH = 8 }; /* connections; their models fit the second-level cache */

/* Some that follow each other: a job of a crew. */
struct stretch {
    size_t n;
    const struct kept_connection *first;
    const struct model_connection *m[STRETCH]; /* in the arena */
    struct arena arena;
};

struct telling {
    const struct examiner *examiner;
    kept_taker *take;
    void *context;
};

static void examine_stretch(void *context, void *job)
{
    const struct telling *t = context;
    struct stretch *s = job;

    for (size_t i = 0; i < s->n; i++) {
        const struct connection *c = thaw(s->first[i].packed, &s->arena);

        s->m[i] = examine(t->examiner, c, s->first[i].judged_at, &s->arena);
    }
}

static void tell_stretch(void *context, void *job)
{
    const struct telling *t = context;
    struct stretch *s = job;

    for (size_t i = 0; i < s->n; i++)
        t->take(t->context, s->m[i]);
    arena_reset(&s->arena);
}

static void free_stretch(void *job)
{
    struct stretch *s = job;

    arena_done(&s->arena);
    free(s);
}

static void tell_with(struct crew *crew, const struct kept *k)
{
    for (size_t at = 0, n; at < k->n; at += n) {
        struct stretch *s = crew_spare(crew);

        n = k->n - at < STRETCH ? k->n - at : STRETCH;
        if (!s)
            s = xcalloc(1, sizeof *s);
        s->first = &k->connection[at];
        s->n = n;
        crew_put(crew, s);
    }
    crew_end(crew);
}

void kept_tell(struct kept *k, const struct examiner *x, unsigned threads, kept_taker *take,
               void *context)
{
    struct telling t = {.examiner = x, .take = take, .context = context};
    struct crew *crew = NULL;
    struct stretch alone = {.n = 1};

    if (k->n)
        qsort(k->connection, k->n, sizeof *k->connection, by_stream);
    if (threads > 1 && k->n > STRETCH)
        crew = crew_new(threads - 1, examine_stretch, tell_stretch, free_stretch, &t);
    if (crew) {
        tell_with(crew, k);
        return;
    }
    for (size_t i = 0; i < k->n; i++) {
        alone.first = &k->connection[i];
        examine_stretch(&t, &alone);
        tell_stretch(&t, &alone);
    }
    arena_done(&alone.arena);
}

void kept_done(struct kept *k)
{
    arena_done(&k->packed);
    free(k->connection);
    *k = (struct kept){0};
}
