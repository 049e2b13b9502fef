/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Layout: head, addresses and ports, the flow's numbers, steps, both sides, then their
 * fingerprints, always eight octets (packing.h reads beyond the last number), then the extra part
 * and `before` when there are any. Sides come behind the steps because most of what they know
 * follows from those. */
#include "track/frozen.h"

#include "base/packing.h"
#include "base/varint.h"
#include "base/xalloc.h"
#include "track/frozen_steps.h"
#include "track/frozen_tail.h"
#include "track/steplog.h"

/* Whoever adds a field to one of these packs it here, too. */
_Static_assert(sizeof(struct side) == 104, "struct side is packed by put_side and get_side");
_Static_assert(sizeof(struct flow) == 368, "struct flow is packed by put_flow and get_flow");

enum head_bit {
    FROZEN_V6 = 0x01,
    FROZEN_EXTRA = 0x02,
    FROZEN_BEFORE = 0x04,
    FROZEN_MICRO = 0x08, /* all times are whole microseconds */
    FROZEN_MOST = 0x10,  /* the limit on steps is not the usual one */
    FROZEN_CLIENT = 0x20,
    FROZEN_RECENT = 0x40,
    FROZEN_ODD = 0x80, /* the sides have numbers that most connections lack */
};

/* What most connections have; others differ in few octets. */
enum {
    USUAL_FLOW_BITS = FLOW_SYN_ACKED | FLOW_ESTABLISHED,
    USUAL_SIDE_BITS =
        SIDE_SEEN | SIDE_SYN | SIDE_ANCHORED | SIDE_ACKED | SIDE_WSCALE | SIDE_TIMESTAMPS,
    USUAL_WSCALE = 7,
    ANY_FIN = SIDE_FIN | SIDE_FIN_MAYBE | SIDE_FIN_MISSED,
    WIDTHS = 4,     /* octets of widths of a group, */
    WIDTHS_ODD = 2, /* ... of the one that few connections have */
};

/* --- pieces ----------------------------------------------------------------------------------- */

static uint8_t *put_raw(uint8_t *p, const void *from, size_t n)
{
    memcpy(p, from, n);
    return p + n;
}

static const uint8_t *get_raw(const uint8_t *p, void *to, size_t n)
{
    memcpy(to, p, n);
    return p + n;
}

/* Objects that are mostly zero: lengths of zeros and of others in turn. */
static uint8_t *put_sparse(uint8_t *p, const void *object, size_t n)
{
    const uint8_t *from = object;

    for (size_t i = 0; i < n;) {
        size_t zeros = i, end;

        while (i < n && !from[i])
            i++;
        zeros = i - zeros;
        for (end = i; end < n && (from[end] || (end + 1 < n && from[end + 1])); end++)
            ;
        p = varint_put(p, zeros);
        p = varint_put(p, end - i);
        p = put_raw(p, from + i, end - i);
        i = end;
    }
    return p;
}

static const uint8_t *get_sparse(const uint8_t *p, void *object, size_t n)
{
    uint8_t *to = object;

    memset(to, 0, n);
    for (size_t i = 0; i < n;) {
        i += varint_get(&p);
        size_t others = varint_get(&p);
        p = get_raw(p, to + i, others);
        i += others;
    }
    return p;
}

/* --- the five-tuple --------------------------------------------------------------------------- */

static uint8_t *put_ends(uint8_t *p, const struct flow_key *key, bool v6)
{
    size_t skip = v6 ? 0 : 12; /* ::ffff: */

    for (int i = 0; i < 2; i++)
        p = put_raw(p, key->addr[i].octets + skip, 16 - skip);
    return put_raw(p, key->port, sizeof key->port);
}

static const uint8_t *get_ends(const uint8_t *p, struct flow_key *key, bool v6)
{
    for (int i = 0; i < 2; i++) {
        key->addr[i] = v6 ? addr_v6(p) : addr_v4(p);
        p += v6 ? 16 : 4;
    }
    return get_raw(p, key->port, sizeof key->port);
}

static uint32_t two(uint16_t low, uint16_t high)
{
    return low | (uint32_t)high << 16;
}

/* The first of the flow's numbers. */
static PACKING_INLINE void get_places(struct unpacking *u, struct flow_key *key)
{
    uint32_t places = unpack_32(u);

    key->tap = (uint16_t)places;
    key->tenant = (uint16_t)(places >> 16);
}

struct flow_key frozen_key(const uint8_t *packed)
{
    struct flow_key key;
    struct unpacking u = unpack_begin(get_ends(packed + 1, &key, packed[0] & FROZEN_V6), WIDTHS, 0);

    get_places(&u, &key);
    return key;
}

/* --- the flow --------------------------------------------------------------------------------- */

static uint8_t *put_flow(uint8_t *p, const struct connection *c, const struct step_context *x)
{
    const struct flow *f = &c->flow;
    struct packing k = pack_begin(p, WIDTHS, 0, 0);

    pack_32(&k, two(f->key.tap, f->key.tenant));
    pack_64(&k, f->stream);
    pack_64(&k, (uint64_t)x->t);
    pack_64(&k, f->last_packet);
    pack_64(&k, c->steps.total);
    pack_32(&k, c->steps.open_fold[0]);
    pack_32(&k, c->steps.open_fold[1]);
    pack_32(&k, f->incarnation - 1);
    pack_32(&k, f->duplicates);
    pack_32(&k, f->plain);
    pack_32(&k, f->rtt_us);
    pack_32(&k, f->last_file);
    pack_32(&k,
            (f->bits ^ USUAL_FLOW_BITS) | (uint32_t)f->translated << 8 | (uint32_t)f->path << 9);
    pack_32(&k, two(f->tenant[0], f->tenant[1]));
    pack_32(&k, two(c->losses, c->clock_steps));
    return pack_end(&k);
}

static const uint8_t *get_flow(const uint8_t *p, struct connection *c, int64_t unit)
{
    struct flow *f = &c->flow;
    struct unpacking u = unpack_begin(p, WIDTHS, 0);

    get_places(&u, &f->key);
    f->stream = unpack_64(&u);
    f->last_t = (int64_t)unpack_64(&u) * unit;
    f->last_packet = unpack_64(&u);
    c->steps.total = unpack_64(&u);
    c->steps.open_fold[0] = (uint16_t)unpack_32(&u);
    c->steps.open_fold[1] = (uint16_t)unpack_32(&u);
    f->incarnation = unpack_32(&u) + 1;
    f->duplicates = unpack_32(&u);
    f->plain = unpack_32(&u);
    f->rtt_us = unpack_32(&u);
    f->last_file = unpack_32(&u);
    uint32_t about = unpack_32(&u), tenants = unpack_32(&u), doubts = unpack_32(&u);
    f->bits = (uint8_t)(about ^ USUAL_FLOW_BITS);
    f->translated = about >> 8 & 1;
    f->path = (uint16_t)(about >> 9);
    f->tenant[0] = (uint16_t)tenants;
    f->tenant[1] = (uint16_t)(tenants >> 16);
    c->losses = (uint16_t)doubts;
    c->clock_steps = (uint16_t)(doubts >> 16);
    return u.p;
}

struct frozen_head frozen_head(const uint8_t *packed)
{
    struct frozen_head h;
    size_t ends = 2 * (packed[0] & FROZEN_V6 ? 16 + sizeof(uint16_t) : 4 + sizeof(uint16_t));
    struct unpacking u = unpack_begin(packed + 1 + ends, WIDTHS, 0);

    unpack_32(&u); /* tap and tenant */
    h.stream = unpack_64(&u);
    h.last_t = (int64_t)unpack_64(&u) * (packed[0] & FROZEN_MICRO ? 1000 : 1);
    return h;
}

/* --- a side ----------------------------------------------------------------------------------- */

static uint32_t expected_fin(const struct side *s)
{
    return s->bits & ANY_FIN ? s->nxt - 1 : 0;
}

static uint32_t expected_window(const struct side *s, const struct expected *e)
{
    return (uint32_t)e->window << (s->bits & SIDE_WSCALE ? s->wscale & 15 : 0);
}

static uint32_t expected_us(const struct side *s)
{
    return (uint32_t)((uint64_t)s->last_t / 1000);
}

static bool odd_side(const struct side *s, bool recent)
{
    return (s->fin_seq ^ expected_fin(s)) | s->retransmissions | s->probes | s->unanswered |
           s->rexmit_run | s->rexmit_gap_us |
           (recent && s->recent.valid ? s->recent.t_us ^ expected_us(s) : 0);
}

/* What recognises a second record of the latest segment. */
static PACKING_INLINE void put_recent(struct packing *k, const struct side *s)
{
    const struct recent *r = &s->recent;

    pack_32(k, r->print);
    pack_32(k, r->via);
    pack_32(k, r->ip_id | (uint32_t)(r->ttl ^ s->ttl) << 16 | (uint32_t)!r->valid << 24);
}

static PACKING_INLINE void get_recent(struct unpacking *u, struct side *s)
{
    struct recent *r = &s->recent;

    r->print = unpack_32(u);
    r->via = unpack_32(u);
    uint32_t rest = unpack_32(u);
    r->ip_id = (uint16_t)rest;
    r->ttl = (uint8_t)(rest >> 16 ^ s->ttl);
    r->valid = !(rest >> 24);
    r->t_us = r->valid ? expected_us(s) : 0;
}

static uint8_t *put_odd(uint8_t *p, const struct side *s, bool recent)
{
    struct packing k = pack_begin(p, WIDTHS_ODD, 0, 0);

    pack_32(&k, s->fin_seq - expected_fin(s));
    pack_32(&k, s->retransmissions);
    pack_32(&k, s->probes);
    pack_32(&k, two(s->rexmit_run, s->unanswered));
    pack_32(&k, s->rexmit_gap_us);
    pack_32(&k, recent && s->recent.valid ? s->recent.t_us - expected_us(s) : 0);
    return pack_end(&k);
}

static const uint8_t *get_odd(const uint8_t *p, struct side *s)
{
    struct unpacking u = unpack_begin(p, WIDTHS_ODD, 0);

    s->fin_seq += unpack_32(&u);
    s->retransmissions = unpack_32(&u);
    s->probes = unpack_32(&u);
    uint32_t runs = unpack_32(&u);
    s->rexmit_run = (uint16_t)runs;
    s->unanswered = (uint16_t)(runs >> 16);
    s->rexmit_gap_us = unpack_32(&u);
    s->recent.t_us += unpack_32(&u);
    return u.p;
}

static uint8_t *put_side(uint8_t *p, const struct side *s, int dir, struct step_context *x,
                         unsigned head)
{
    const struct expected *e = &x->of[dir];
    struct packing k = pack_begin(p, WIDTHS, 0, 0);

    pack_span(&k, in_units(x, s->last_t) - e->t);
    pack_span(&k, in_units(x, s->last_data_t) - e->data_t);
    pack_span(&k, (int64_t)(s->bytes - e->bytes));
    pack_32(&k, s->bits ^ USUAL_SIDE_BITS);
    pack_32(&k, s->system | (uint32_t)(s->wscale ^ USUAL_WSCALE) << 8 |
                    (uint32_t)(s->syn_ttl ^ s->ttl) << 16 | (uint32_t)(s->ttl ^ e->ttl) << 24);
    pack_32(&k, s->packets);
    pack_distance(&k, s->isn, e->isn);
    pack_distance(&k, s->base, s->isn);
    pack_distance(&k, s->nxt, e->nxt);
    pack_distance(&k, s->una, s->nxt);
    pack_distance(&k, s->window, expected_window(s, e));
    pack_32(&k, s->max_window - s->window);
    pack_distance(&k, s->ts_last, e->ts_val);
    if (head & FROZEN_RECENT)
        put_recent(&k, s);
    p = pack_end(&k);
    return head & FROZEN_ODD ? put_odd(p, s, head & FROZEN_RECENT) : p;
}

static const uint8_t *get_side(const uint8_t *p, struct side *s, const struct expected *e,
                               int64_t unit, unsigned head)
{
    struct unpacking u = unpack_begin(p, WIDTHS, 0);

    s->last_t = (e->t + unpack_span(&u)) * unit;
    s->last_data_t = (e->data_t + unpack_span(&u)) * unit;
    s->bytes = e->bytes + (uint64_t)unpack_span(&u);
    s->bits = (uint16_t)(unpack_32(&u) ^ USUAL_SIDE_BITS);
    uint32_t about = unpack_32(&u);
    s->system = (uint8_t)about;
    s->wscale = (uint8_t)(about >> 8 ^ USUAL_WSCALE);
    s->ttl = (uint8_t)(about >> 24 ^ e->ttl);
    s->syn_ttl = (uint8_t)(about >> 16 ^ s->ttl);
    s->packets = unpack_32(&u);
    s->isn = unpack_distance(&u, e->isn);
    s->base = unpack_distance(&u, s->isn);
    s->nxt = unpack_distance(&u, e->nxt);
    s->una = unpack_distance(&u, s->nxt);
    s->window = unpack_distance(&u, expected_window(s, e));
    s->max_window = s->window + unpack_32(&u);
    s->ts_last = unpack_distance(&u, e->ts_val);
    s->fin_seq = expected_fin(s);
    if (head & FROZEN_RECENT)
        get_recent(&u, s);
    return head & FROZEN_ODD ? get_odd(u.p, s) : u.p;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The first step is expected to be the only one. */
static struct step_context context_of(const struct flow *f, int64_t unit)
{
    return (struct step_context){.t = unit == 1 ? f->last_t : f->last_t / 1000,
                                 .packet = f->last_packet,
                                 .file = f->last_file,
                                 .unit = unit};
}

static unsigned head_of(const struct connection *c, bool recent)
{
    const struct flow *f = &c->flow;
    bool v6 = !addr_is_v4(&f->key.addr[0]) || !addr_is_v4(&f->key.addr[1]);

    return (v6 ? FROZEN_V6 : 0u) | (f->extra ? FROZEN_EXTRA : 0u) |
           (c->before ? FROZEN_BEFORE : 0u) | (c->steps.most != STEPS_USUAL ? FROZEN_MOST : 0u) |
           (f->client ? FROZEN_CLIENT : 0u) | (recent ? FROZEN_RECENT : 0u) |
           (odd_side(&f->side[0], recent) || odd_side(&f->side[1], recent) ? FROZEN_ODD : 0u);
}

/* Returns how many octets were used, or 0: times are not whole microseconds, as head says. */
static size_t pack(const struct connection *c, unsigned head, uint8_t *to)
{
    const struct flow *f = &c->flow;
    struct step_context x = context_of(f, head & FROZEN_MICRO ? 1000 : 1);
    size_t n = steplog_kept(&c->steps);
    uint8_t *p = to;

    *p++ = (uint8_t)head;
    p = put_ends(p, &f->key, head & FROZEN_V6);
    p = put_flow(p, c, &x);
    if (head & FROZEN_MOST)
        p = put_raw(p, &c->steps.most, sizeof c->steps.most);
    for (size_t i = 0; i < n; i++)
        p = freeze_step(p, &c->steps.at[i], &x);
    for (int dir = 0; dir < 2; dir++)
        p = put_side(p, &f->side[dir], dir, &x, head);
    if (x.fault)
        return 0;
    _Static_assert(2 * sizeof f->side[0].syn_print == PACKING_SLACK,
                   "what is always as wide follows");
    for (int dir = 0; dir < 2; dir++)
        p = put_raw(p, &f->side[dir].syn_print, sizeof f->side[dir].syn_print);
    if (f->extra)
        p = put_sparse(p, f->extra, sizeof *f->extra);
    if (c->before)
        p = freeze_tail(p, c->before, f, x.unit);
    return (size_t)(p - to);
}

size_t freeze(const struct connection *c, bool recent, uint8_t *to)
{
    unsigned head = head_of(c, recent);
    bool micro = c->flow.last_t % 1000 == 0 && (!c->before || tail_fits(c->before, 1000));
    size_t n = micro ? pack(c, head | FROZEN_MICRO, to) : 0;

    return n ? n : pack(c, head, to);
}

/* Where the parts of a thawed connection come from: an arena, or what the tracker frees. */
static void *room(size_t size, struct arena *arena)
{
    return arena ? arena_alloc(arena, size) : xmalloc(size);
}

static void unpack(const uint8_t *p, struct connection *c, struct arena *arena, struct pool *chunks)
{
    unsigned head = *p++;
    struct flow *f = &c->flow;
    int64_t unit = head & FROZEN_MICRO ? 1000 : 1;

    *c = (struct connection){0};
    p = get_ends(p, &f->key, head & FROZEN_V6);
    p = get_flow(p, c, unit);
    f->client = (head & FROZEN_CLIENT) != 0;
    c->steps.most = STEPS_USUAL;
    if (head & FROZEN_MOST)
        p = get_raw(p, &c->steps.most, sizeof c->steps.most);
    struct step_context x = context_of(f, unit);
    size_t n = steplog_kept(&c->steps);
    if (arena)
        c->steps.at = arena_take(arena, n * sizeof *c->steps.at);
    else
        steplog_make_room(&c->steps, chunks);
    for (size_t i = 0; i < n; i++)
        p = thaw_step(p, &c->steps.at[i], &x);
    for (int dir = 0; dir < 2; dir++)
        p = get_side(p, &f->side[dir], &x.of[dir], unit, head);
    for (int dir = 0; dir < 2; dir++)
        p = get_raw(p, &f->side[dir].syn_print, sizeof f->side[dir].syn_print);
    if (head & FROZEN_EXTRA) {
        f->extra = room(sizeof *f->extra, arena);
        p = get_sparse(p, f->extra, sizeof *f->extra);
    }
    if (head & FROZEN_BEFORE) {
        c->before = room(sizeof *c->before, arena);
        thaw_tail(p, c->before, f, unit);
    }
}

struct connection *thaw(const uint8_t *packed, struct arena *arena)
{
    struct connection *c = arena_take(arena, sizeof *c);

    unpack(packed, c, arena, NULL);
    return c;
}

void thaw_alive(const uint8_t *packed, struct connection *c, struct pool *chunks)
{
    unpack(packed, c, NULL, chunks);
}
