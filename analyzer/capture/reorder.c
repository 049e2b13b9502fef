/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A queue sorted by key, which is the latest time that a record's interface has reached. The first
 * one goes when another record is `window` later, or when too much is held. */
#include "capture/reorder.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 2048,
    HELD = 8 * 1024 * 1024, /* octets of data */
    READ = 32,              /* records read at once */
    SMALL = 4096,           /* octets of a buffer that a free slot keeps */
};

static const int64_t window = 10000000; /* ns */

struct slot {
    struct record record;
    int64_t key;
    uint8_t *data;
    uint32_t room;
};

struct reorder {
    struct source *source;
    struct slot slot[SLOTS];
    struct slot *queue[SLOTS]; /* the first `given` were handed out, the next `n` wait, in order */
    size_t given, n;
    struct slot *unused[SLOTS];
    size_t n_unused;
    size_t held;                       /* octets that wait */
    int64_t latest;                    /* of all keys */
    int64_t reached[ABOUT_INTERFACES]; /* by interface */
    struct record read[READ];
    enum source_status ended; /* SOURCE_RECORD: not yet */
    struct error err;
};

static void fill_slot(struct slot *s, const struct record *record, int64_t key)
{
    if (s->room < record->caplen) {
        free(s->data);
        s->room = record->caplen;
        s->data = xmalloc(s->room);
    }
    s->record = *record;
    s->record.data = s->data;
    s->key = key;
    if (record->caplen)
        memcpy(s->data, record->data, record->caplen);
}

static void put(struct reorder *r, const struct record *record)
{
    int64_t *reached = &r->reached[record->interface];
    struct slot *s = r->unused[--r->n_unused];
    size_t at = r->n++;

    if (record->t > *reached)
        *reached = record->t;
    if (*reached > r->latest)
        r->latest = *reached;
    fill_slot(s, record, *reached);
    r->held += record->caplen;
    for (; at > 0 && r->queue[at - 1]->key > s->key; at--)
        r->queue[at] = r->queue[at - 1];
    r->queue[at] = s;
}

struct reorder *reorder_new(struct source *source, const struct record *first, size_t n)
{
    struct reorder *r = xcalloc(1, sizeof *r);

    r->source = source;
    r->latest = INT64_MIN;
    r->ended = SOURCE_RECORD;
    for (size_t i = 0; i < SLOTS; i++)
        r->unused[r->n_unused++] = &r->slot[i];
    for (size_t i = 0; i < n && i < REORDER_FIRST; i++)
        put(r, &first[i]);
    return r;
}

static void release_given(struct reorder *r)
{
    for (size_t i = 0; i < r->given; i++) {
        struct slot *s = r->queue[i];

        if (s->room > SMALL) {
            free(s->data);
            s->data = NULL;
            s->room = 0;
        }
        r->unused[r->n_unused++] = s;
    }
    r->n -= r->given;
    memmove(r->queue, r->queue + r->given, r->n * sizeof *r->queue);
    r->given = 0;
}

static bool first_may_go(const struct reorder *r)
{
    return r->ended != SOURCE_RECORD || r->queue[0]->key <= r->latest - window ||
           r->n_unused < READ || r->held > HELD;
}

enum source_status reorder_next(struct reorder *r, struct record *records, size_t max, size_t *n,
                                struct error *err)
{
    size_t read;

    release_given(r);
    while (r->ended == SOURCE_RECORD && (r->n == 0 || !first_may_go(r))) {
        r->ended = source_next(r->source, r->read, READ, &read, &r->err);
        for (size_t i = 0; i < read; i++)
            put(r, &r->read[i]);
    }
    for (*n = 0; *n < max && r->given < r->n; r->given++) {
        struct slot *s = r->queue[r->given];

        if (!(r->ended != SOURCE_RECORD || s->key <= r->latest - window || *n == 0))
            break;
        r->held -= s->record.caplen;
        records[(*n)++] = s->record;
    }
    if (*n)
        return SOURCE_RECORD;
    *err = r->err;
    return r->ended;
}

void reorder_free(struct reorder *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        free(r->slot[i].data);
    free(r);
}
