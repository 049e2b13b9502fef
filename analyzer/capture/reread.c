/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/reread.h"

#include "base/xalloc.h"

#include <stdlib.h>

enum {
    BATCH = 64,
    MARKS = 1024,        /* of a file; when there are more, every other one goes */
    FIRST_STRIDE = 1024, /* records between two marks, at first */
    OPEN = 8,            /* files that are open at once */
};

/* A file that was opened again. */
struct again {
    struct source *source; /* NULL: not open */
    uint32_t file;
    uint64_t used; /* when, as a count of calls */
    struct source_mark mark[MARKS];
    size_t n_marks;
    uint64_t stride;
    struct record batch[BATCH]; /* the last records read */
    size_t n;
};

struct reread {
    const struct input *input;
    struct again again[OPEN];
    uint64_t calls;
};

struct reread *reread_new(const struct input *in)
{
    struct reread *r = xcalloc(1, sizeof *r);

    r->input = in;
    return r;
}

static void forget(struct again *a)
{
    source_close(a->source);
    *a = (struct again){.stride = FIRST_STRIDE};
}

/* From the start. False with *err set when the file can't be opened. */
static bool open_again(struct reread *r, struct again *a, uint32_t file, struct error *err)
{
    forget(a);
    a->file = file;
    a->source = source_open(input_file(r->input, file)->path, file, err);
    return a->source != NULL;
}

/* The file among those that are open; the one that was not used for the longest time makes room. */
static struct again *find_open(struct reread *r, uint32_t file, struct error *err)
{
    struct again *oldest = &r->again[0];

    r->calls++;
    for (size_t i = 0; i < OPEN; i++) {
        struct again *a = &r->again[i];

        if (a->source && a->file == file) {
            a->used = r->calls;
            return a;
        }
        if (a->used < oldest->used)
            oldest = a;
    }
    if (!open_again(r, oldest, file, err))
        return NULL;
    oldest->used = r->calls;
    return oldest;
}

/* Remember this place when the last one is far enough behind. */
static void remember(struct again *a)
{
    if (a->n_marks && a->source->records < a->mark[a->n_marks - 1].records + a->stride)
        return;
    if (a->n_marks == MARKS) {
        for (size_t i = 0; i < MARKS / 2; i++)
            a->mark[i] = a->mark[2 * i];
        a->n_marks = MARKS / 2;
        a->stride *= 2;
    }
    a->n_marks += source_mark(a->source, &a->mark[a->n_marks]);
}

/* The last mark before a record, or NULL. */
static const struct source_mark *mark_before(const struct again *a, uint64_t number)
{
    size_t low = 0, high = a->n_marks;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (a->mark[middle].records < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &a->mark[low - 1] : NULL;
}

/* Come to a place before the record from which it is found by reading on. */
static bool approach(struct reread *r, struct again *a, uint64_t number, struct error *err)
{
    const struct source_mark *mark = mark_before(a, number);

    if (a->source->records < number && (!mark || mark->records <= a->source->records))
        return true;
    a->n = 0;
    if (mark && source_go_back(a->source, mark))
        return true;
    uint64_t used = a->used;
    bool good = open_again(r, a, a->file, err);
    a->used = used;
    return good;
}

static const struct record *in_batch(const struct again *a, uint64_t number)
{
    if (!a->n || number < a->batch[0].number || number > a->batch[a->n - 1].number)
        return NULL;
    return &a->batch[number - a->batch[0].number];
}

enum reread_status reread_record(struct reread *r, uint32_t file, uint64_t number,
                                 struct record *record, struct error *err)
{
    const struct record *found = NULL;

    if (!input_can_reread(r->input, file)) {
        found = input_kept(r->input, file, number);
        if (!found)
            return REREAD_GONE;
        *record = *found;
        return REREAD_RECORD;
    }
    struct again *a = find_open(r, file, err);
    if (!a)
        return REREAD_FAILED;
    found = in_batch(a, number);
    if (!found && !approach(r, a, number, err))
        return REREAD_FAILED;
    while (!found) {
        remember(a);
        switch (source_next(a->source, a->batch, BATCH, &a->n, err)) {
        case SOURCE_RECORD:
            break;
        case SOURCE_END:
            error_set(err, "%s: the packet is no longer there", input_file(r->input, file)->path);
            return REREAD_FAILED;
        case SOURCE_DAMAGED:
            return REREAD_FAILED;
        }
        found = in_batch(a, number);
    }
    *record = *found;
    return REREAD_RECORD;
}

void reread_free(struct reread *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < OPEN; i++)
        source_close(r->again[i].source);
    free(r);
}
