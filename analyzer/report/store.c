/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/store.h"

#include "base/xalloc.h"
#include "decode/decode.h"
#include "report/addr_book.h"
#include "report/collect.h"
#include "report/examine.h"
#include "report/packets.h"
#include "track/frozen.h"
#include "track/tracker.h"

#include <stdlib.h>
#include <string.h>

enum { SLAB_SIZE = 256 * 1024 - 32 };

/* A final connection. */
struct kept {
    const uint8_t *packed; /* track/frozen.h, in a slab; NULL: not final */
    int64_t judged_at;
};

/* Packed connections one behind the other. */
struct slab {
    struct slab *next;
    size_t used;
    uint8_t octets[SLAB_SIZE];
};

struct store {
    struct store_setup setup;
    struct examiner examiner;
    struct addr_book addrs;
    struct store_row *rows;
    struct kept *kept; /* beside the rows */
    size_t n, cap;
    struct model_summary summary;
    struct collector *collector;
    struct packets *packets;
    struct model_summary part_summary; /* this and the next: see store_part_begin() */
    struct collector *part;            /* or NULL */
    struct arena arena;                /* of the connection that is being taken */
    struct slab *slabs;                /* of those that are kept; the latest first */
};

struct store *store_open(const struct store_setup *setup)
{
    struct store *s = xcalloc(1, sizeof *s);

    s->setup = *setup;
    s->examiner = (struct examiner){
        .settings = setup->settings, .input = setup->input, .decoder = setup->decoder};
    s->summary = (struct model_summary){.input = setup->input,
                                        .tap_of = setup->tap_of,
                                        .notes = decoder_notes(setup->decoder),
                                        .options = setup->echo};
    s->collector = collector_new(setup->what_if);
    s->packets = packets_new(setup->input);
    return s;
}

static void free_slabs(struct store *s)
{
    while (s->slabs) {
        struct slab *next = s->slabs->next;

        free(s->slabs);
        s->slabs = next;
    }
}

/* Octets that stay where they are as long as the store. */
static uint8_t *room_for(struct store *s, size_t size)
{
    if (!s->slabs || s->slabs->used + size > SLAB_SIZE) {
        struct slab *slab = xmalloc(sizeof *slab);

        slab->next = s->slabs;
        slab->used = 0;
        s->slabs = slab;
    }
    s->slabs->used += size;
    return s->slabs->octets + s->slabs->used - size;
}

void store_close(struct store *s)
{
    collector_free(s->collector);
    packets_free(s->packets);
    if (s->part)
        collector_free(s->part);
    arena_done(&s->arena);
    free_slabs(s);
    addr_book_done(&s->addrs);
    free(s->rows);
    free(s->kept);
    free(s);
}

/* --- rows ------------------------------------------------------------------------------------- */

static struct store_row *row_of(struct store *s, uint64_t stream)
{
    if (stream >= s->cap) {
        size_t cap = s->cap ? s->cap : 1024;

        while (cap <= stream)
            cap *= 2;
        s->rows = xreallocarray(s->rows, cap, sizeof *s->rows);
        s->kept = xreallocarray(s->kept, cap, sizeof *s->kept);
        s->cap = cap;
    }
    for (; s->n <= stream; s->n++) {
        s->rows[s->n] = (struct store_row){.state = ROW_UNUSED};
        s->kept[s->n] = (struct kept){0};
    }
    return &s->rows[stream];
}

static void fill(struct store *s, struct store_row *row, const struct model_connection *m)
{
    row->first = m->first.t;
    row->last = m->last.t;
    row->bytes = row->packets = 0;
    for (enum end e = END_CLIENT; e <= END_SERVER; e++) {
        row->addr[e] = addr_book_number(&s->addrs, &m->end[e].addr);
        row->port[e] = m->end[e].port;
        row->bytes += m->end[e].bytes;
        row->packets += (uint32_t)m->end[e].packets;
    }
    row->incarnation = m->incarnation;
    row->tap = (uint16_t)m->tap;
    row->kind = (uint8_t)m->close;
    row->findings = 0;
    for (size_t i = 0; i < m->n_findings; i++)
        row->findings |= UINT64_C(1) << m->findings[i].id;
    row->worst = (uint8_t)(m->n_findings ? m->findings[0].id : FINDING_COUNT);
    row->severity = (uint8_t)(m->n_findings ? m->findings[0].severity : SEVERITY_INFO);
}

size_t store_n_rows(const struct store *s)
{
    return s->n;
}

const struct store_row *store_row(const struct store *s, size_t stream)
{
    return &s->rows[stream];
}

const struct addr *store_addr(const struct store *s, uint32_t number)
{
    return &s->addrs.addr[number];
}

static const struct connection *still_alive(const struct store *s, size_t stream,
                                            int64_t *judged_at)
{
    const struct store_row *r = &s->rows[stream];
    const struct addr *a = store_addr(s, r->addr[END_CLIENT]),
                      *b = store_addr(s, r->addr[END_SERVER]);
    int order = addr_compare(a, b);
    bool turned = order > 0 || (order == 0 && r->port[END_CLIENT] > r->port[END_SERVER]);
    const struct flow_key key = {.addr = {turned ? *b : *a, turned ? *a : *b},
                                 .port = {r->port[turned], r->port[!turned]},
                                 .tap = r->tap,
                                 .tenant = r->tenant};

    return tracker_find(s->setup.tracker, &key, stream, judged_at);
}

const struct model_connection *store_connection(struct store *s, size_t stream, struct arena *arena)
{
    if (stream >= s->n || s->rows[stream].state == ROW_UNUSED)
        return NULL;
    const struct kept *k = &s->kept[stream];
    int64_t judged_at = k->judged_at;
    const struct connection *c =
        k->packed ? thaw(k->packed, arena) : still_alive(s, stream, &judged_at);
    if (!c)
        return NULL;
    const struct model_connection *m = examine(&s->examiner, c, judged_at, arena);
    fill(s, &s->rows[stream], m);
    return m;
}

/* --- from the tracker ------------------------------------------------------------------------- */

void store_began(void *context, const struct connection *c)
{
    struct store *s = context;
    const struct flow *f = &c->flow;
    int client = f->client, server = f->bits & FLOW_SELF ? client : !client;

    *row_of(s, f->stream) = (struct store_row){
        .addr = {addr_book_number(&s->addrs, &f->key.addr[client]),
                 addr_book_number(&s->addrs, &f->key.addr[server])},
        .port = {f->key.port[client], f->key.port[server]},
        .first = f->last_t,
        .last = f->last_t,
        .tap = f->key.tap,
        .tenant = f->key.tenant,
        .incarnation = f->incarnation,
        .packets = 1,
        .state = ROW_LIVE,
        .kind = CLOSE_KIND_COUNT,
        .worst = FINDING_COUNT,
    };
}

void store_dropped(void *context, uint64_t stream)
{
    row_of(context, stream)->state = ROW_UNUSED;
}

void store_take(void *context, struct connection *c, int64_t judged_at)
{
    struct store *s = context;
    struct store_row *row = row_of(s, c->flow.stream);
    uint8_t packed[FROZEN_MAX];

    arena_reset(&s->arena);
    const struct model_connection *m = examine(&s->examiner, c, judged_at, &s->arena);
    collector_add(s->collector, m);
    fill(s, row, m);
    row->state = ROW_FINAL;
    size_t size = freeze(c, false, packed);
    s->kept[c->flow.stream] =
        (struct kept){.packed = memcpy(room_for(s, size), packed, size), .judged_at = judged_at};
    tracker_release(s->setup.tracker, c);
}

struct packets *store_packets(struct store *s)
{
    return s->packets;
}

/* --- as text ---------------------------------------------------------------------------------- */

bool store_write(struct store *s, size_t stream, const struct writer_ops *ops, FILE *out)
{
    struct arena arena = {0};
    struct write_options o = s->setup.write;

    o.capture = &s->summary;
    o.n_files = input_n_files(s->setup.input);
    o.all_steps = true;
    const struct model_connection *m = store_connection(s, stream, &arena);
    if (m) {
        struct writer *w = ops->open(out, &o);
        ops->connection(w, m);
        ops->close(w);
    }
    arena_done(&arena);
    return m != NULL;
}

/* --- the summary ------------------------------------------------------------------------------ */

struct model_summary *store_summary(struct store *s)
{
    return &s->summary;
}

void store_add_up(struct store *s)
{
    collector_finish(s->collector, s->setup.input, s->setup.settings, &s->summary);
}

void store_part_begin(struct store *s)
{
    if (s->part)
        collector_free(s->part);
    s->part = collector_new(s->setup.what_if);
    s->part_summary = s->summary;
}

void store_part_add(struct store *s, size_t stream)
{
    arena_reset(&s->arena);
    const struct model_connection *m = store_connection(s, stream, &s->arena);
    if (m)
        collector_add(s->part, m);
}

const struct model_summary *store_part_add_up(struct store *s)
{
    collector_finish(s->part, s->setup.input, s->setup.settings, &s->part_summary);
    return &s->part_summary;
}
