/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One input of records: a savefile or standard input. What kind of reader stands behind it is not
 * visible here: a reader is a `struct source_ops` in a file of its own and a row in the table of
 * source.c, tried in order.
 *
 * Not here: merging several sources in time order, filtering and counting (input.h). */
#ifndef LASTACK_CAPTURE_SOURCE_H
#define LASTACK_CAPTURE_SOURCE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* One record as it stands in the file. */
struct record {
    int64_t t;           /* nanoseconds since the epoch */
    uint64_t number;     /* from 1, all records of this source counted */
    const uint8_t *data; /* `caplen` octets, borrowed: valid until the next call on this source */
    uint32_t caplen;     /* octets in the file */
    uint32_t wirelen;    /* octets on the wire; never less than caplen */
    int link_type;       /* LINKTYPE_ value (tcpdump.org/linktypes.html), see decode/link.h */
};

enum source_status {
    SOURCE_RECORD,  /* *record was filled */
    SOURCE_END,     /* a proper end */
    SOURCE_DAMAGED, /* the rest can't be read; *err says where and why; the records before it are
                       good */
};

struct source;

/* One reader. */
struct source_ops {
    const char *name;
    /* Open path ("-": standard input). NULL with *err set when it is not readable or not this
     * reader's format. */
    struct source *(*open)(const char *path, struct error *err);
    enum source_status (*next)(struct source *, struct record *, struct error *err);
    /* Position and size in octets for progress; total 0 when unknown (a pipe). */
    void (*progress)(const struct source *, uint64_t *done, uint64_t *total);
    void (*close)(struct source *);
};

/* Every reader's struct source starts with this. */
struct source {
    const struct source_ops *ops;
};

/* Open path with the first reader that takes it. NULL: *err names the path and the reason (not
 * found, a directory, not a capture, ...). */
struct source *source_open(const char *path, struct error *err);
enum source_status source_next(struct source *s, struct record *record, struct error *err);
void source_progress(const struct source *s, uint64_t *done, uint64_t *total);
void source_close(struct source *s);

#endif
