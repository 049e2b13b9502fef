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
#include "capture/about.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct octets;

/* One record as it stands in the file. */
struct record {
    int64_t t;            /* nanoseconds since the epoch */
    uint64_t number;      /* from 1, all records of this source counted */
    const uint8_t *data;  /* `caplen` octets, borrowed: valid until the next call on this source */
    uint32_t caplen;      /* octets in the file */
    uint32_t wirelen;     /* octets on the wire; never less than caplen */
    int link_type;        /* LINKTYPE_ value (tcpdump.org/linktypes.html), see decode/link.h */
    uint32_t file;        /* the number that source_open() was given */
    uint16_t interface;   /* index into about.interfaces; 0 in formats without them */
    bool filtered;        /* set by input.h: the BPF expression drops it */
    uint16_t clock_steps; /* set by input.h: so many of the clock steps that it keeps came before */
    uint16_t losses;      /* so many of about.losses were told before; input.h: of those it keeps */
};

enum source_status {
    SOURCE_RECORD,  /* records were filled */
    SOURCE_END,     /* a proper end */
    SOURCE_DAMAGED, /* the rest can't be read; *err says where and why; the records before it are
                       good */
};

struct source;

/* Where a record begins, so that reading can go on from there. */
struct source_mark {
    uint64_t offset;
    uint64_t records; /* before it */
    uint64_t state;   /* the reader's own */
};

/* One reader. */
struct source_ops {
    const char *name;
    /* Whether a file that starts with these n octets (4 at least) is this reader's format. */
    bool (*knows)(const uint8_t *start, size_t n);
    /* Takes the octets over, on failure too: then NULL with *err set. */
    struct source *(*open)(struct octets *octets, struct error *err);
    /* Up to `max` records that are valid together, *n >= 1 when there is one. */
    enum source_status (*next)(struct source *, struct record *records, size_t max, size_t *n,
                               struct error *err);
    /* NULL: this reader can't go back. See source_mark() and source_return(). */
    void (*mark)(const struct source *, struct source_mark *);
    bool (*go_back)(struct source *, const struct source_mark *);
    /* Release what the reader has beside octets, about and itself; NULL: nothing. */
    void (*close)(struct source *);
};

/* Every reader's struct source starts with this. */
struct source {
    const struct source_ops *ops;
    struct octets *octets;
    uint32_t file;
    uint64_t records; /* handed out so far */
    struct about about;
};

/* Open path with the first reader that takes it; its records will carry the number `file`. NULL:
 * *err names the path and the reason (not found, a directory, not a capture, ...). */
struct source *source_open(const char *path, uint32_t file, struct error *err);
/* The next records: up to `max` of them, *n in all, whose data stay valid until the next call. */
enum source_status source_next(struct source *s, struct record *records, size_t max, size_t *n,
                               struct error *err);
/* Remember the place after the records handed out so far. False: this source can't go back. */
bool source_mark(const struct source *s, struct source_mark *mark);
/* Go on from a mark of this source. */
bool source_go_back(struct source *s, const struct source_mark *mark);
/* Position and size in octets; total 0 when unknown (a pipe). */
void source_progress(const struct source *s, uint64_t *done, uint64_t *total);
void source_close(struct source *s);

/* For readers: *err for a source whose rest can't be read, "PATH: unreadable after packet N:
 * REASON"; the reason is the octets' failure where they have one. */
enum source_status source_damaged(const struct source *s, struct error *err, const char *format,
                                  ...) __attribute__((format(printf, 3, 4)));
/* For readers: the octets broke off inside a record. */
enum source_status source_cut(const struct source *s, struct error *err);

#endif
