/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/frozen_tail.h"

#include "base/varint.h"

enum tail_bit {
    TAIL_BOTH_ACKED = 0x0001,
    TAIL_BY_RESET = 0x0002,
    TAIL_WHOLE = 0x0004,
    TAIL_HELD = 0x0008, /* this and the following: of direction 0; of the other one bit higher */
    TAIL_SINCE = 0x0020,
    TAIL_KILLED = 0x0080,
    TAIL_NUMBERED = 0x0200,
    TAIL_TS = 0x0800,
    TAIL_MAYBE_CLOSED = 0x2000,
};

_Static_assert(ST_COUNT <= 16, "a state is packed into four bits");

static bool fits(const struct ref *r, int64_t unit)
{
    return r->t % unit == 0;
}

bool tail_fits(const struct tail *t, int64_t unit)
{
    bool fit = fits(&t->first, unit) && fits(&t->last, unit);

    for (int dir = 0; dir < 2; dir++)
        fit = fit && t->time_wait_since[dir] % unit == 0 && fits(&t->killed[dir], unit);
    return fit;
}

/* --- packing ---------------------------------------------------------------------------------- */

static unsigned bits_of(const struct tail *t)
{
    unsigned bits = (t->both_acked ? TAIL_BOTH_ACKED : 0) | (t->by_reset ? TAIL_BY_RESET : 0) |
                    (t->whole ? TAIL_WHOLE : 0);

    for (int dir = 0; dir < 2; dir++)
        bits |=
            ((t->held[dir] ? TAIL_HELD : 0u) | (t->time_wait_since[dir] ? TAIL_SINCE : 0u) |
             (t->killed[dir].packet ? TAIL_KILLED : 0u) | (t->numbered[dir] ? TAIL_NUMBERED : 0u) |
             (t->ts[dir] ? TAIL_TS : 0u) | (t->maybe_closed[dir] ? TAIL_MAYBE_CLOSED : 0u))
            << dir;
    return bits;
}

static uint8_t *put_ref(uint8_t *p, const struct ref *r, const struct ref *from, int64_t unit)
{
    p = varint_put_signed(p, (r->t - from->t) / unit);
    p = varint_put_signed(p, (int64_t)(r->packet - from->packet));
    return varint_put_distance(p, r->file, from->file);
}

static struct ref latest(const struct flow *f)
{
    return (struct ref){.t = f->last_t, .packet = f->last_packet, .file = f->last_file};
}

uint8_t *freeze_tail(uint8_t *p, const struct tail *t, const struct flow *f, int64_t unit)
{
    const struct ref last = latest(f);
    unsigned bits = bits_of(t);

    p = varint_put(p, bits);
    p = varint_put_signed(p, (int64_t)(f->stream - t->stream));
    p = put_ref(p, &t->first, &last, unit);
    p = put_ref(p, &t->last, &t->first, unit);
    for (int dir = 0; dir < 2; dir++) {
        const struct side *s = &f->side[dir];

        *p++ = (uint8_t)(t->state[dir] | t->proven[dir] << 4);
        if (bits & TAIL_SINCE << dir)
            p = varint_put_signed(p, (t->time_wait_since[dir] - t->last.t) / unit);
        if (bits & TAIL_KILLED << dir)
            p = put_ref(p, &t->killed[dir], &t->last, unit);
        p = varint_put_distance(p, t->isn[dir], s->isn);
        p = varint_put_distance(p, t->last_seq[dir], t->isn[dir]);
        p = varint_put_distance(p, t->max_window[dir], s->max_window);
        p = varint_put_distance(p, t->ts_last[dir], s->ts_last);
        p = varint_put_distance(p, t->syn_print[dir], s->syn_print);
        *p++ = t->syn_ttl[dir];
    }
    return p;
}

/* --- unpacking -------------------------------------------------------------------------------- */

static void set_bits(struct tail *t, unsigned bits)
{
    t->both_acked = (bits & TAIL_BOTH_ACKED) != 0;
    t->by_reset = (bits & TAIL_BY_RESET) != 0;
    t->whole = (bits & TAIL_WHOLE) != 0;
    for (int dir = 0; dir < 2; dir++) {
        t->held[dir] = (bits & TAIL_HELD << dir) != 0;
        t->numbered[dir] = (bits & TAIL_NUMBERED << dir) != 0;
        t->ts[dir] = (bits & TAIL_TS << dir) != 0;
        t->maybe_closed[dir] = (bits & TAIL_MAYBE_CLOSED << dir) != 0;
    }
}

static const uint8_t *get_ref(const uint8_t *p, struct ref *r, const struct ref *from, int64_t unit)
{
    r->t = from->t + varint_get_signed(&p) * unit;
    r->packet = from->packet + (uint64_t)varint_get_signed(&p);
    r->file = varint_get_distance(&p, from->file);
    return p;
}

const uint8_t *thaw_tail(const uint8_t *p, struct tail *t, const struct flow *f, int64_t unit)
{
    const struct ref last = latest(f);
    unsigned bits = (unsigned)varint_get(&p);

    memset(t, 0, sizeof *t);
    set_bits(t, bits);
    t->stream = f->stream - (uint64_t)varint_get_signed(&p);
    p = get_ref(p, &t->first, &last, unit);
    p = get_ref(p, &t->last, &t->first, unit);
    for (int dir = 0; dir < 2; dir++) {
        const struct side *s = &f->side[dir];

        t->state[dir] = (enum tcp_state)(*p & 15);
        t->proven[dir] = (enum tcp_state)(*p++ >> 4);
        if (bits & TAIL_SINCE << dir)
            t->time_wait_since[dir] = t->last.t + varint_get_signed(&p) * unit;
        if (bits & TAIL_KILLED << dir)
            p = get_ref(p, &t->killed[dir], &t->last, unit);
        t->isn[dir] = varint_get_distance(&p, s->isn);
        t->last_seq[dir] = varint_get_distance(&p, t->isn[dir]);
        t->max_window[dir] = varint_get_distance(&p, s->max_window);
        t->ts_last[dir] = varint_get_distance(&p, s->ts_last);
        t->syn_print[dir] = varint_get_distance(&p, s->syn_print);
        t->syn_ttl[dir] = *p++;
    }
    return p;
}
