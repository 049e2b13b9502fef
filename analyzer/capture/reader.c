/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/reader.h"

#include "base/xalloc.h"
#include "capture/linktype.h"
#include "capture/octets.h"
#include "capture/reorder.h"

#include <stdio.h>
#include <stdlib.h>

_Static_assert((int)INPUT_BATCH <= (int)REORDER_FIRST, "a batch fits");

static const int64_t clock_tolerance = 1000000; /* ns */

static const struct about no_about;

void reader_init(struct reader *r, const char *path, uint32_t index)
{
    *r = (struct reader){.index = index,
                         .file = {.path = path, .link_type = -1, .about = &no_about}};
}

void reader_refuse(struct reader *r, const char *reason)
{
    r->file.status = INPUT_UNREADABLE;
    snprintf(r->file.message, sizeof r->file.message, "%s", reason);
}

static void close_source(struct reader *r)
{
    reorder_free(r->reorder);
    r->reorder = NULL;
    source_close(r->source);
    r->source = NULL;
    free(r->batch);
    r->batch = NULL;
    r->at = r->n = 0;
}

/* No record is left; what the file said about itself stays. */
static void finish(struct reader *r)
{
    uint64_t done;

    source_progress(r->source, &done, &r->size);
    r->about = xcalloc(1, sizeof *r->about);
    *r->about = r->source->about;
    r->source->about = no_about;
    r->file.about = r->about;
    close_source(r);
}

static enum source_status fetch(struct reader *r, struct error *err)
{
    enum source_status status;

    r->at = 0;
    if (r->reorder)
        return reorder_next(r->reorder, r->batch, INPUT_BATCH, &r->n, err);
    status = source_next(r->source, r->batch, INPUT_BATCH, &r->n, err);
    if (!r->n || r->source->about.n_interfaces < 2)
        return status;
    r->reorder = reorder_new(r->source, r->batch, r->n); /* more interfaces came up */
    return reorder_next(r->reorder, r->batch, INPUT_BATCH, &r->n, err);
}

static bool open_source(struct reader *r)
{
    struct error err;
    uint64_t done;

    r->source = source_open(r->file.path, r->index, &err);
    if (!r->source) {
        reader_refuse(r, err.text);
        return false;
    }
    r->file.about = &r->source->about;
    r->batch = xreallocarray(NULL, INPUT_BATCH, sizeof *r->batch);
    r->seekable = octets_is_file(r->source->octets);
    source_progress(r->source, &done, &r->size);
    return true;
}

bool reader_refill(struct reader *r)
{
    struct error err;

    if (r->aside && !open_source(r))
        return false;
    r->aside = false;
    switch (fetch(r, &err)) {
    case SOURCE_RECORD:
        reader_key(r);
        return true;
    case SOURCE_DAMAGED:
        r->file.status = INPUT_CUT_SHORT;
        snprintf(r->file.message, sizeof r->file.message, "%s", err.text);
        break;
    case SOURCE_END:
        break;
    }
    finish(r);
    return false;
}

bool reader_open(struct reader *r)
{
    r->aside = true;
    r->key = INT64_MIN;
    if (!reader_refill(r))
        return false;
    r->file.first_t = r->file.last_t = r->batch[0].t;
    r->file.link_type = r->batch[0].link_type;
    r->file.link_name = linktype_name(r->file.link_type);
    return true;
}

void reader_renumber(struct reader *r, uint32_t index)
{
    r->index = index;
    if (r->source)
        r->source->file = index;
    for (size_t i = r->at; i < r->n; i++)
        r->batch[i].file = index;
}

bool reader_put_aside(struct reader *r)
{
    if (!r->seekable)
        return false;
    close_source(r);
    r->file.about = &no_about;
    r->aside = true;
    return true;
}

/* Make room for the last times of the interfaces up to this one. */
static void grow(struct reader *r, uint16_t interface)
{
    size_t n = r->n_last ? 2 * r->n_last : 1;

    while (n <= interface)
        n *= 2;
    r->last = xreallocarray(r->last, n, sizeof *r->last);
    while (r->n_last < n)
        r->last[r->n_last++] = INT64_MIN / 2;
}

bool reader_account(struct reader *r, const struct record *record, int64_t *before)
{
    struct input_file *f = &r->file;

    if (record->interface >= r->n_last)
        grow(r, record->interface);
    *before = r->last[record->interface];
    r->last[record->interface] = record->t;
    f->records++;
    f->octets += record->caplen;
    if (record->t > f->last_t)
        f->last_t = record->t;
    return record->t < *before - clock_tolerance;
}

void reader_progress(const struct reader *r, uint64_t *done, uint64_t *total)
{
    *done = r->aside ? 0 : r->size;
    *total = r->size;
    if (r->source)
        source_progress(r->source, done, total);
}

void reader_done(struct reader *r)
{
    if (r->source)
        close_source(r);
    if (r->about)
        about_done(r->about);
    free(r->about);
    free(r->last);
    free(r->own_path);
}
