/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Layout: head, five-tuple, flow, steps, both sides, then the extra part and `before` when there
 * are any. Sides come behind the steps because most of what they know follows from those. */
#include "track/frozen.h"

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
};

/* What of a side is not as its steps let expect. */
enum side_head {
    SIDE_HAS_ISN = 0x0001,
    SIDE_HAS_BASE = 0x0002, /* other than isn */
    SIDE_HAS_NXT = 0x0004,
    SIDE_HAS_UNA = 0x0008,     /* other than nxt */
    SIDE_HAS_FIN = 0x0010,     /* fin_seq is not 0 */
    SIDE_HAS_FIN_SEQ = 0x0020, /* nor nxt - 1 */
    SIDE_HAS_WINDOWS = 0x0040,
    SIDE_HAS_TS = 0x0080,
    SIDE_HAS_SYN = 0x0100, /* syn_print, syn_ttl, system, wscale */
    SIDE_HAS_TTL = 0x0200,
    SIDE_HAS_COPIES = 0x0400,
    SIDE_HAS_PROBES = 0x0800,
    SIDE_HAS_DATA = 0x1000,
    SIDE_HAS_RECENT = 0x2000,
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

static uint8_t *put_key(uint8_t *p, const struct flow_key *key, bool v6)
{
    size_t skip = v6 ? 0 : 12; /* ::ffff: */

    for (int i = 0; i < 2; i++) {
        p = put_raw(p, key->addr[i].octets + skip, 16 - skip);
        p = put_raw(p, &key->port[i], sizeof key->port[i]);
    }
    return varint_put(p, (uint64_t)key->tenant << 16 | key->tap);
}

static const uint8_t *get_key(const uint8_t *p, struct flow_key *key, bool v6)
{
    memset(key, 0, sizeof *key);
    for (int i = 0; i < 2; i++) {
        key->addr[i] = v6 ? addr_v6(p) : addr_v4(p);
        p += v6 ? 16 : 4;
        p = get_raw(p, &key->port[i], sizeof key->port[i]);
    }
    uint64_t numbers = varint_get(&p);
    key->tap = (uint16_t)numbers;
    key->tenant = (uint16_t)(numbers >> 16);
    return p;
}

struct flow_key frozen_key(const uint8_t *packed)
{
    struct flow_key key;

    get_key(packed + 1, &key, packed[0] & FROZEN_V6);
    return key;
}

/* --- the flow --------------------------------------------------------------------------------- */

static uint8_t *put_flow(uint8_t *p, const struct flow *f, int64_t unit)
{
    p = varint_put(p, f->stream);
    p = varint_put_signed(p, in_units(f->last_t, unit));
    *p++ = f->client;
    *p++ = f->bits;
    p = varint_put(p, f->last_packet);
    p = varint_put(p, f->incarnation);
    p = varint_put(p, f->duplicates);
    p = varint_put(p, f->plain);
    p = varint_put(p, f->rtt_us);
    p = varint_put(p, f->last_file);
    bool tenants = f->tenant[0] || f->tenant[1];
    p = varint_put(p, (uint64_t)f->path << 2 | (uint64_t)f->translated << 1 | tenants);
    return tenants ? varint_put(varint_put(p, f->tenant[0]), f->tenant[1]) : p;
}

static const uint8_t *get_flow(const uint8_t *p, struct flow *f, int64_t unit)
{
    f->stream = varint_get(&p);
    f->last_t = varint_get_signed(&p) * unit;
    f->client = *p++;
    f->bits = *p++;
    f->last_packet = varint_get(&p);
    f->incarnation = (uint32_t)varint_get(&p);
    f->duplicates = (uint32_t)varint_get(&p);
    f->plain = (uint32_t)varint_get(&p);
    f->rtt_us = (uint32_t)varint_get(&p);
    f->last_file = (uint32_t)varint_get(&p);
    uint64_t path = varint_get(&p);
    f->path = (uint16_t)(path >> 2);
    f->translated = path >> 1 & 1;
    for (int dir = 0; dir < 2; dir++)
        f->tenant[dir] = path & 1 ? (uint16_t)varint_get(&p) : 0;
    return p;
}

struct frozen_head frozen_head(const uint8_t *packed)
{
    struct frozen_head h;
    struct flow_key key;
    const uint8_t *p = get_key(packed + 1, &key, packed[0] & FROZEN_V6);

    h.stream = varint_get(&p);
    h.last_t = varint_get_signed(&p) * (packed[0] & FROZEN_MICRO ? 1000 : 1);
    return h;
}

/* --- a side ----------------------------------------------------------------------------------- */

static unsigned side_head(const struct side *s, const struct expected *e, bool recent)
{
    unsigned head = 0;

    head |= s->isn != e->isn ? SIDE_HAS_ISN : 0;
    head |= s->base != s->isn ? SIDE_HAS_BASE : 0;
    head |= s->nxt != e->nxt ? SIDE_HAS_NXT : 0;
    head |= s->una != s->nxt ? SIDE_HAS_UNA : 0;
    head |= s->fin_seq ? SIDE_HAS_FIN : 0;
    head |= s->fin_seq && s->fin_seq != s->nxt - 1 ? SIDE_HAS_FIN_SEQ : 0;
    head |= s->window || s->max_window ? SIDE_HAS_WINDOWS : 0;
    head |= s->ts_last != e->ts_val ? SIDE_HAS_TS : 0;
    head |= s->syn_print || s->syn_ttl || s->system || s->wscale ? SIDE_HAS_SYN : 0;
    head |= s->ttl != e->ttl ? SIDE_HAS_TTL : 0;
    head |= s->retransmissions || s->rexmit_run || s->rexmit_gap_us ? SIDE_HAS_COPIES : 0;
    head |= s->probes || s->unanswered ? SIDE_HAS_PROBES : 0;
    head |= s->bytes || s->last_data_t ? SIDE_HAS_DATA : 0;
    head |= recent && s->recent.valid ? SIDE_HAS_RECENT : 0;
    return head;
}

static uint8_t *put_side(uint8_t *p, const struct side *s, const struct step_context *x, int dir,
                         const struct flow *f, bool recent)
{
    const struct expected *e = &x->of[dir];
    unsigned head = side_head(s, e, recent);

    *p++ = (uint8_t)head;
    *p++ = (uint8_t)(head >> 8);
    p = put_raw(p, &s->bits, sizeof s->bits);
    p = varint_put(p, s->packets);
    p = varint_put_signed(p, in_units(f->last_t - s->last_t, x->unit));
    if (head & SIDE_HAS_ISN)
        p = varint_put_distance(p, s->isn, e->isn);
    if (head & SIDE_HAS_BASE)
        p = varint_put_distance(p, s->base, s->isn);
    if (head & SIDE_HAS_NXT)
        p = varint_put_distance(p, s->nxt, e->nxt);
    if (head & SIDE_HAS_UNA)
        p = varint_put_distance(p, s->una, s->nxt);
    if (head & SIDE_HAS_FIN_SEQ)
        p = varint_put_distance(p, s->fin_seq, s->nxt);
    if (head & SIDE_HAS_WINDOWS) {
        p = varint_put(p, s->window);
        p = varint_put(p, s->max_window - s->window);
    }
    if (head & SIDE_HAS_TS)
        p = varint_put_distance(p, s->ts_last, e->ts_val);
    if (head & SIDE_HAS_SYN) {
        p = put_raw(p, &s->syn_print, sizeof s->syn_print);
        *p++ = s->syn_ttl;
        *p++ = s->system;
        *p++ = s->wscale;
    }
    if (head & SIDE_HAS_TTL)
        *p++ = s->ttl;
    if (head & SIDE_HAS_COPIES) {
        p = varint_put(p, s->retransmissions);
        p = varint_put(p, s->rexmit_run);
        p = varint_put(p, s->rexmit_gap_us);
    }
    if (head & SIDE_HAS_PROBES) {
        p = varint_put(p, s->probes);
        p = varint_put(p, s->unanswered);
    }
    if (head & SIDE_HAS_DATA) {
        p = varint_put(p, s->bytes);
        p = varint_put_signed(p, in_units(s->last_t - s->last_data_t, x->unit));
    }
    if (head & SIDE_HAS_RECENT)
        p = put_raw(p, &s->recent, sizeof s->recent);
    return p;
}

static const uint8_t *get_side(const uint8_t *p, struct side *s, const struct step_context *x,
                               int dir, const struct flow *f)
{
    const struct expected *e = &x->of[dir];
    unsigned head = p[0] | (unsigned)p[1] << 8;

    p += 2;
    memset(s, 0, sizeof *s);
    p = get_raw(p, &s->bits, sizeof s->bits);
    s->packets = (uint32_t)varint_get(&p);
    s->last_t = f->last_t - varint_get_signed(&p) * x->unit;
    s->isn = head & SIDE_HAS_ISN ? varint_get_distance(&p, e->isn) : e->isn;
    s->base = head & SIDE_HAS_BASE ? varint_get_distance(&p, s->isn) : s->isn;
    s->nxt = head & SIDE_HAS_NXT ? varint_get_distance(&p, e->nxt) : e->nxt;
    s->una = head & SIDE_HAS_UNA ? varint_get_distance(&p, s->nxt) : s->nxt;
    s->fin_seq = !(head & SIDE_HAS_FIN)    ? 0
                 : head & SIDE_HAS_FIN_SEQ ? varint_get_distance(&p, s->nxt)
                                           : s->nxt - 1;
    if (head & SIDE_HAS_WINDOWS) {
        s->window = (uint32_t)varint_get(&p);
        s->max_window = s->window + (uint32_t)varint_get(&p);
    }
    s->ts_last = head & SIDE_HAS_TS ? varint_get_distance(&p, e->ts_val) : e->ts_val;
    if (head & SIDE_HAS_SYN) {
        p = get_raw(p, &s->syn_print, sizeof s->syn_print);
        s->syn_ttl = *p++;
        s->system = *p++;
        s->wscale = *p++;
    }
    s->ttl = head & SIDE_HAS_TTL ? *p++ : e->ttl;
    if (head & SIDE_HAS_COPIES) {
        s->retransmissions = (uint32_t)varint_get(&p);
        s->rexmit_run = (uint16_t)varint_get(&p);
        s->rexmit_gap_us = (uint32_t)varint_get(&p);
    }
    if (head & SIDE_HAS_PROBES) {
        s->probes = (uint32_t)varint_get(&p);
        s->unanswered = (uint16_t)varint_get(&p);
    }
    if (head & SIDE_HAS_DATA) {
        s->bytes = varint_get(&p);
        s->last_data_t = s->last_t - varint_get_signed(&p) * x->unit;
    }
    if (head & SIDE_HAS_RECENT)
        p = get_raw(p, &s->recent, sizeof s->recent);
    return p;
}

/* --- the steps -------------------------------------------------------------------------------- */

static uint8_t *put_steps(uint8_t *p, const struct steps *log, struct step_context *x)
{
    size_t n = steplog_kept(log);

    if (log->most != STEPS_USUAL)
        p = varint_put(p, log->most);
    p = varint_put(p, log->total);
    p = varint_put(p, log->open_fold[0]);
    p = varint_put(p, log->open_fold[1]);
    for (size_t i = 0; i < n; i++)
        p = freeze_step(p, &log->at[i], x);
    return p;
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool whole_microseconds(const struct connection *c)
{
    const struct flow *f = &c->flow;
    size_t n = steplog_kept(&c->steps);
    bool odd = f->last_t % 1000 != 0;

    for (int dir = 0; dir < 2; dir++)
        odd |= f->side[dir].last_t % 1000 != 0 || f->side[dir].last_data_t % 1000 != 0;
    for (size_t i = 0; i < n && !odd; i++) {
        const struct step *s = &c->steps.at[i];

        odd |= s->t % 1000 != 0 || (s->kind == STEP_FOLD && s->last_t % 1000 != 0);
    }
    return !odd && (!c->before || tail_fits(c->before, 1000));
}

/* The first step is expected to be the only one. */
static struct step_context context_of(const struct flow *f, int64_t unit)
{
    return (struct step_context){
        .t = f->last_t, .packet = f->last_packet, .file = f->last_file, .unit = unit};
}

size_t freeze(const struct connection *c, bool recent, uint8_t *to)
{
    const struct flow *f = &c->flow;
    bool v6 = !addr_is_v4(&f->key.addr[0]) || !addr_is_v4(&f->key.addr[1]);
    bool micro = whole_microseconds(c);
    struct step_context x = context_of(f, micro ? 1000 : 1);
    uint8_t *p = to;

    *p++ = (uint8_t)((v6 ? FROZEN_V6 : 0) | (micro ? FROZEN_MICRO : 0) |
                     (c->steps.most != STEPS_USUAL ? FROZEN_MOST : 0) |
                     (f->extra ? FROZEN_EXTRA : 0) | (c->before ? FROZEN_BEFORE : 0));
    p = put_key(p, &f->key, v6);
    p = put_flow(p, f, x.unit);
    p = varint_put(p, c->clock_steps);
    p = varint_put(p, c->losses);
    p = put_steps(p, &c->steps, &x);
    for (int dir = 0; dir < 2; dir++)
        p = put_side(p, &f->side[dir], &x, dir, f, recent);
    if (f->extra)
        p = put_sparse(p, f->extra, sizeof *f->extra);
    if (c->before)
        p = freeze_tail(p, c->before, f, x.unit);
    return (size_t)(p - to);
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
    p = get_key(p, &f->key, head & FROZEN_V6);
    p = get_flow(p, f, unit);
    c->clock_steps = (uint16_t)varint_get(&p);
    c->losses = (uint16_t)varint_get(&p);
    c->steps.most = head & FROZEN_MOST ? (uint16_t)varint_get(&p) : STEPS_USUAL;
    c->steps.total = varint_get(&p);
    c->steps.open_fold[0] = (uint16_t)varint_get(&p);
    c->steps.open_fold[1] = (uint16_t)varint_get(&p);
    struct step_context x = context_of(f, unit);
    size_t n = steplog_kept(&c->steps);
    if (arena)
        c->steps.at = arena_alloc(arena, (n + 1) * sizeof *c->steps.at);
    else
        steplog_make_room(&c->steps, chunks);
    for (size_t i = 0; i < n; i++)
        p = thaw_step(p, &c->steps.at[i], &x);
    for (int dir = 0; dir < 2; dir++)
        p = get_side(p, &f->side[dir], &x, dir, f);
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
    struct connection *c = arena_alloc(arena, sizeof *c);

    unpack(packed, c, arena, NULL);
    return c;
}

void thaw_alive(const uint8_t *packed, struct connection *c, struct pool *chunks)
{
    unpack(packed, c, NULL, chunks);
}
