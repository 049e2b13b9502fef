/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/store.h"

#include "base/squeeze.h"
#include "base/varint.h"
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

enum {
    SLAB_SIZE = 256 * 1024 - 32, /* with what malloc adds, whole pages */
    LEARNED = 1024,              /* connections that show what the others will look like */
    RECORD_MAX = VARINT_MAX + FROZEN_MAX,
};

_Static_assert(VARINT_MAX + RECORD_MAX <= SLAB_SIZE - SQUEEZE_AHEAD, "any record fits into a slab");

struct store {
    struct store_setup setup;
    struct examiner examiner;
    struct addr_book addrs;
    struct store_row *rows;
    size_t n, cap;
    struct model_summary summary;
    struct collector *collector;
    struct packets *packets;
    struct model_summary part_summary; /* this and the next: see store_part_begin() */
    struct collector *part;            /* or NULL */
    struct arena arena;                /* of the connection that is being taken */
    uint8_t **slab;       /* of SLAB_SIZE octets each: records of those that are final */
    size_t n_slabs, used; /* octets of the last one */
    struct squeezer *squeezer;
    size_t n_learned;
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
    s->collector = collector_new(setup->what_if, true);
    s->packets = packets_new(setup->input);
    s->squeezer = squeezer_new();
    return s;
}

void store_close(struct store *s)
{
    collector_free(s->collector);
    packets_free(s->packets);
    if (s->part)
        collector_free(s->part);
    arena_done(&s->arena);
    for (size_t i = 0; i < s->n_slabs; i++)
        free(s->slab[i]);
    free(s->slab);
    squeezer_free(s->squeezer);
    addr_book_done(&s->addrs);
    free(s->rows);
    free(s);
}

/* --- final connections ------------------------------------------------------------------------
 *
 * A record is how long after its last packet a connection was judged (ns, signed), and the
 * connection, packed (track/frozen.h). In a slab stands, in front of it, its length << 1 | whether
 * it is squeezed. */

/* Octets that stay where they are as long as the store; at least SQUEEZE_AHEAD more are behind. */
static uint8_t *room_for(struct store *s, size_t size)
{
    if (!s->n_slabs || s->used + size > SLAB_SIZE - SQUEEZE_AHEAD) {
        s->slab = xreallocarray(s->slab, s->n_slabs + 1, sizeof *s->slab);
        s->slab[s->n_slabs++] = xmalloc(SLAB_SIZE);
        s->used = 0;
    }
    s->used += size;
    return s->slab[s->n_slabs - 1] + s->used - size;
}

static void learn(struct store *s, const uint8_t *record, size_t n)
{
    squeezer_learn(s->squeezer, record, n);
    if (++s->n_learned == LEARNED)
        squeezer_settle(s->squeezer);
}

static void keep(struct store *s, struct store_row *row, const uint8_t *record, size_t n)
{
    uint8_t head[VARINT_MAX], squeezed[SQUEEZE_ROOM(RECORD_MAX)];
    size_t size = n;

    if (s->n_learned < LEARNED)
        learn(s, record, n);
    else
        size = squeeze(s->squeezer, record, n, squeezed);
    bool worth_it = size < n;
    size = worth_it ? size : n;
    size_t head_size = (size_t)(varint_put(head, n << 1 | worth_it) - head);
    uint8_t *to = room_for(s, head_size + size);
    memcpy(to, head, head_size);
    memcpy(to + head_size, worth_it ? squeezed : record, size);
    row->place = (uint64_t)(s->n_slabs - 1) * SLAB_SIZE + (uint64_t)(to - s->slab[s->n_slabs - 1]);
}

/* The record of a final connection, in the arena. */
static const uint8_t *record_of(const struct store *s, const struct store_row *row,
                                struct arena *arena)
{
    const uint8_t *p = s->slab[row->place / SLAB_SIZE] + row->place % SLAB_SIZE;
    uint64_t head = varint_get(&p);

    if (!(head & 1))
        return p;
    uint8_t *record = arena_take(arena, head >> 1);
    unsqueeze(s->squeezer, p, record, head >> 1);
    return record;
}

static const struct connection *kept(const struct store *s, const struct store_row *row,
                                     struct arena *arena, int64_t *judged_at)
{
    const uint8_t *p = record_of(s, row, arena);

    *judged_at = row->last + varint_get_signed(&p);
    return thaw(p, arena);
}

/* --- rows ------------------------------------------------------------------------------------- */

static struct store_row *row_of(struct store *s, uint64_t stream)
{
    if (stream >= s->cap) {
        size_t cap = s->cap ? s->cap : 1024;

        while (cap <= stream)
            cap *= 2;
        s->rows = xreallocarray(s->rows, cap, sizeof *s->rows);
        s->cap = cap;
    }
    for (; s->n <= stream; s->n++)
        s->rows[s->n] = (struct store_row){.state = ROW_UNUSED};
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
    row->kind = (unsigned)m->close & 0xff;
    row->findings = 0;
    for (size_t i = 0; i < m->n_findings; i++)
        row->findings |= UINT64_C(1) << m->findings[i].id;
    row->worst = (unsigned)(m->n_findings ? m->findings[0].id : FINDING_COUNT) & 0xff;
    row->severity = (unsigned)(m->n_findings ? m->findings[0].severity : SEVERITY_INFO) & 0xf;
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
    struct store_row *row = &s->rows[stream];
    int64_t judged_at;
    const struct connection *c = row->state == ROW_FINAL ? kept(s, row, arena, &judged_at)
                                                         : still_alive(s, stream, &judged_at);
    if (!c)
        return NULL;
    const struct model_connection *m = examine(&s->examiner, c, judged_at, arena);
    fill(s, row, m);
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
    uint8_t record[RECORD_MAX];

    arena_reset(&s->arena);
    const struct model_connection *m = examine(&s->examiner, c, judged_at, &s->arena);
    collector_add(s->collector, m);
    fill(s, row, m);
    row->state = ROW_FINAL;
    uint8_t *p = varint_put_signed(record, judged_at - row->last);
    keep(s, row, record, (size_t)(p - record) + freeze(c, false, p));
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

void store_part_end(struct store *s)
{
    if (!s->part)
        return;
    collector_free(s->part);
    s->part = NULL;
    xalloc_trim();
}

void store_part_begin(struct store *s)
{
    store_part_end(s);
    s->part = collector_new(s->setup.what_if, true);
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
