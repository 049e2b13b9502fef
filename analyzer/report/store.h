/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Every connection of the capture, for those who look at it again and again: a row of columns for
 * each, and its whole model on demand. A row's number is its stream. Rows appear with the first
 * segment; until nothing can change a connection any more it is judged as of now, each time it is
 * asked for. */
#ifndef LASTACK_REPORT_STORE_H
#define LASTACK_REPORT_STORE_H

#include "base/arena.h"
#include "report/model.h"
#include "report/writer.h"

struct connection;
struct decoder;
struct packets;
struct tracker;
struct what_if;

enum row_state {
    ROW_UNUSED, /* the number was given to no connection */
    ROW_LIVE,   /* may still change; kind and findings are those of the last look, if any */
    ROW_FINAL,
};

_Static_assert(FINDING_COUNT <= 64, "a row's findings are bits of 64");

struct store_row {
    int64_t first, last; /* ns */
    uint64_t bytes;      /* payload octets of both ends */
    uint64_t findings;   /* bit 1 << enum finding_id */
    uint32_t packets;    /* of both ends */
    uint32_t incarnation;
    uint32_t addr[2]; /* by enum end: numbers for store_addr() */
    uint16_t port[2];
    uint16_t tap, tenant;
    uint64_t state : 4;    /* enum row_state */
    uint64_t kind : 8;     /* enum close_kind; CLOSE_KIND_COUNT: not looked at yet */
    uint64_t worst : 8;    /* enum finding_id of the worst finding; FINDING_COUNT: none */
    uint64_t severity : 4; /* of that finding */
    uint64_t place : 40;   /* the store's own: where a final connection is packed */
};

_Static_assert(sizeof(struct store_row) == 64, "a row takes 64 octets");

struct store_setup {
    struct tracker *tracker; /* where connections are until they are final */
    const struct settings *settings;
    const struct input *input;
    const struct decoder *decoder;
    const struct what_if *what_if;
    const uint32_t *tap_of;     /* by file */
    struct model_options echo;  /* the options as the summary shows them */
    struct write_options write; /* for store_write(); capture and n_files are filled */
};

struct store;

/* All that setup points to must outlive the store. */
struct store *store_open(const struct store_setup *setup);
void store_close(struct store *s);

size_t store_n_rows(const struct store *s);
const struct store_row *store_row(const struct store *s, size_t stream);
const struct addr *store_addr(const struct store *s, uint32_t number);
/* The model of a connection, in the arena; its row is brought up to date. NULL for an unused
 * number. */
const struct model_connection *store_connection(struct store *s, size_t stream,
                                                struct arena *arena);
/* The octets behind the connections, for whoever looks at single packets. */
struct packets *store_packets(struct store *s);
/* The connection in one of the outputs: writer_ladder, writer_ndjson. False: there is none. */
bool store_write(struct store *s, size_t stream, const struct writer_ops *ops, FILE *out);
/* Counts of the capture; those that are added up over connections are of the last
 * store_add_up(). */
struct model_summary *store_summary(struct store *s);
/* Add up what is final so far. Texts and arrays of the summary are good until the next call. */
void store_add_up(struct store *s);

/* A summary of some connections alone: begin (what was added before is forgotten, with its texts
 * and arrays), add them one by one, and add up. */
void store_part_begin(struct store *s);
void store_part_add(struct store *s, size_t stream);
const struct model_summary *store_part_add_up(struct store *s);
/* Nobody looks at it any more. */
void store_part_end(struct store *s);

/* What the tracker calls; the context is the store (see track/tracker.h). */
void store_began(void *context, const struct connection *c);
void store_dropped(void *context, uint64_t stream);
void store_take(void *context, struct connection *c, int64_t judged_at);

#endif
