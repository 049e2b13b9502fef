/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One file of an input: its source, the records that were read from it and not yet handed out, and
 * what is known about it. */
#ifndef LASTACK_CAPTURE_READER_H
#define LASTACK_CAPTURE_READER_H

#include "capture/input.h"

struct reader {
    struct source *source;   /* NULL: closed */
    bool aside;              /* closed for now, to be opened when its first record is due */
    uint32_t index;          /* of the file */
    char *own_path;          /* owned; NULL: the path is borrowed */
    struct record *batch;    /* INPUT_BATCH; NULL while closed */
    size_t at, n;            /* of the batch: the next one, and all */
    struct reorder *reorder; /* of a file with several interfaces */
    int64_t key;             /* the latest of all times up to the next record, ns */
    int64_t *last;           /* by interface: time of its last record */
    size_t n_last;
    uint64_t size;       /* octets of the file; 0: unknown */
    bool seekable;       /* can be opened once more */
    struct about *about; /* of a source that is closed; owned */
    size_t n_losses;     /* of about->losses that were told before what was handed out */
    struct input_file file;
};

/* The path is borrowed. */
void reader_init(struct reader *r, const char *path, uint32_t index);
/* Mark the file as unreadable. */
void reader_refuse(struct reader *r, const char *reason);
/* Open the file and read its first records. False when there are none. */
bool reader_open(struct reader *r);
/* Give the file another number, before its first record is handed out. */
void reader_renumber(struct reader *r, uint32_t index);
/* Close it until its first record is due. False when it could not be opened again: a pipe. */
bool reader_put_aside(struct reader *r);
static inline bool reader_is_empty(const struct reader *r)
{
    return r->at == r->n;
}
/* Read on, which ends what was handed out; call it when the batch is empty. False at the end: the
 * file is closed. */
bool reader_refill(struct reader *r);
/* Bring the key up to the next record. */
static inline void reader_key(struct reader *r)
{
    if (r->batch[r->at].t > r->key)
        r->key = r->batch[r->at].t;
}
/* Count a record that is handed out. True when its interface's clock stepped back, from *before. */
bool reader_account(struct reader *r, const struct record *record, int64_t *before);
void reader_progress(const struct reader *r, uint64_t *done, uint64_t *total);
/* Release everything. */
void reader_done(struct reader *r);

#endif
