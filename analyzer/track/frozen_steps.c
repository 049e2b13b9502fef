/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/frozen_steps.h"

#include "base/packing.h"
#include "flow/observe.h"

#include <string.h>

/* The first octet of a packed step; widths of its numbers follow (base/packing.h). */
enum step_head {
    HEAD_KIND = 0x03, /* enum step_kind, or */
    KIND_TIMED = 3,   /* ... a segment with timestamps */
    HEAD_DIR = 0x04,
    HEAD_OF_OTHER = 0x08,
    HEAD_SHAPE = 4, /* shift: 1 + index into shapes; 0: none of them */
    HEAD_BITS = 8,
    WIDTHS_OF_FOLD = 3, /* octets, the first one included */
    WIDTHS_OF_SEGMENT = 4,
};

/* Flags and what was seen, as they lie in a step. */
#define SHAPE(flags, seen) ((uint32_t)(seen) | (uint32_t)(flags) << 22)

/* What nearly all steps are; the first one is no shape. */
static const uint32_t shapes[16] = {
    UINT32_MAX,
    SHAPE(TCP_ACK, SEEN_ACKS_SYN),
    SHAPE(TCP_SYN, SEEN_SYN_FIRST),
    SHAPE(TCP_SYN | TCP_ACK, SEEN_SYN_FIRST | SEEN_ACKS_SYN),
    SHAPE(TCP_FIN | TCP_ACK, SEEN_FIN_FIRST),
    SHAPE(TCP_ACK, SEEN_ACKS_FIN),
    SHAPE(TCP_PSH | TCP_ACK, SEEN_NEW_DATA),
    SHAPE(TCP_ACK, SEEN_NEW_DATA),
    SHAPE(TCP_ACK, 0),
    SHAPE(TCP_FIN | TCP_ACK, SEEN_FIN_FIRST | SEEN_ACKS_FIN),
    SHAPE(TCP_ACK, SEEN_ACK_AGAIN),
    SHAPE(TCP_FIN | TCP_ACK, SEEN_FIN_FIRST | SEEN_ACK_AGAIN),
    SHAPE(TCP_FIN | TCP_PSH | TCP_ACK, SEEN_FIN_FIRST | SEEN_NEW_DATA),
    SHAPE(TCP_RST | TCP_ACK, SEEN_RST_ACCEPTABLE),
    SHAPE(TCP_RST, SEEN_RST_ACCEPTABLE),
    SHAPE(TCP_FIN | TCP_ACK, SEEN_FIN_COPY),
};

static unsigned shape_of(uint32_t word)
{
    for (unsigned i = 1; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i] == word)
            return i;
    return 0;
}

/* What is expected of the incarnation that s belongs to. */
static const struct expected *expectation(const struct step_context *x, const struct step *s)
{
    return s->of_other ? x->other : x->of;
}

/* What s says about the next step of its direction. */
static void learn(struct step_context *x, const struct step *s)
{
    struct expected *e = &(s->of_other ? x->other : x->of)[s->dir];

    x->file = s->file;
    if (s->kind == STEP_FOLD) {
        e->nxt += (uint32_t)s->bytes;
        e->bytes += s->bytes;
        e->t = x->t = s->last_t;
        if (s->segments)
            e->data_t = s->last_t;
        x->packet = s->last_packet;
        return;
    }
    x->t = s->t;
    x->packet = s->packet;
    e->t = s->t;
    if (!e->any)
        e->isn = s->seq;
    e->any = true;
    e->nxt = s->seq + s->len + (s->flags & TCP_SYN ? 1u : 0) + (s->flags & TCP_FIN ? 1u : 0);
    if (s->len) {
        e->data_t = s->t;
        e->bytes += s->len;
    }
    if (s->has_ts)
        e->ts_val = s->ts_val;
    e->window = s->window;
    e->ip_id = (uint16_t)(s->ip_id + 1);
    e->ttl = (uint8_t)s->ttl;
}

/* --- packing ---------------------------------------------------------------------------------- */

static PACKING_INLINE void put_place(struct packing *k, const struct step *s,
                                     const struct step_context *x)
{
    pack_span(k, in_units(s->t - x->t, x->unit));
    pack_span(k, (int64_t)s->packet - (int64_t)x->packet);
}

static uint8_t *put_fold(uint8_t *p, const struct step *s, unsigned head,
                         const struct step_context *x)
{
    struct packing k = pack_begin(p, WIDTHS_OF_FOLD, head, HEAD_BITS);

    put_place(&k, s, x);
    pack_32(&k, s->file ^ x->file);
    pack_span(&k, in_units(s->last_t - s->t, x->unit));
    pack_span(&k, (int64_t)s->last_packet - (int64_t)s->packet);
    pack_64(&k, s->bytes);
    pack_32(&k, s->segments);
    pack_32(&k, s->acks);
    return pack_end(&k);
}

static uint8_t *put_segment(uint8_t *p, const struct step *s, unsigned head,
                            const struct step_context *x)
{
    const struct expected *of = expectation(x, s), *e = &of[s->dir];
    struct packing k = pack_begin(p, WIDTHS_OF_SEGMENT, head, HEAD_BITS);

    put_place(&k, s, x);
    pack_32(&k, (s->file ^ x->file) << 8 | (s->ttl ^ e->ttl));
    pack_distance(&k, s->seq, e->nxt);
    pack_distance(&k, s->ack, of[!s->dir].nxt);
    pack_32(&k, s->len);
    pack_distance(&k, s->ts_val, s->has_ts ? e->ts_val : 0); /* without any: `of`, or 0 */
    pack_32(&k, (uint16_t)(s->window - e->window));
    pack_32(&k, (uint16_t)(s->ip_id - e->ip_id));
    pack_32(&k, head >> HEAD_SHAPE ? 0 : s->icmp); /* flags and seen, too */
    return pack_end(&k);
}

uint8_t *freeze_step(uint8_t *p, const struct step *s, struct step_context *x)
{
    unsigned head = (s->has_ts ? KIND_TIMED : s->kind) | (s->dir ? HEAD_DIR : 0) |
                    (s->of_other ? HEAD_OF_OTHER : 0);

    if (s->kind == STEP_SEGMENT)
        head |= shape_of(s->icmp) << HEAD_SHAPE;
    p = s->kind == STEP_FOLD ? put_fold(p, s, head, x) : put_segment(p, s, head, x);
    learn(x, s);
    return p;
}

/* --- unpacking -------------------------------------------------------------------------------- */

static PACKING_INLINE void get_place(struct unpacking *u, struct step *s,
                                     const struct step_context *x)
{
    s->t = x->t + unpack_span(u) * x->unit;
    s->packet = (x->packet + (uint64_t)unpack_span(u)) & 0xffffffffffu;
}

static const uint8_t *get_fold(const uint8_t *p, struct step *s, const struct step_context *x)
{
    struct unpacking u = unpack_begin(p, WIDTHS_OF_FOLD, HEAD_BITS);

    get_place(&u, s, x);
    s->file = (x->file ^ unpack_32(&u)) & 0xffffu;
    s->last_t = s->t + unpack_span(&u) * x->unit;
    s->last_packet = (s->packet + (uint64_t)unpack_span(&u)) & 0xffffffffffu;
    s->bytes = unpack_64(&u) & 0xffffffffffu;
    s->segments = unpack_32(&u) & 0xffffffu;
    s->acks = unpack_32(&u) & 0xffffffu;
    return u.p;
}

static const uint8_t *get_segment(const uint8_t *p, struct step *s, const struct step_context *x)
{
    const struct expected *of = expectation(x, s), *e = &of[s->dir], *answered = &of[!s->dir];
    unsigned shape = *p >> HEAD_SHAPE;
    struct unpacking u = unpack_begin(p, WIDTHS_OF_SEGMENT, HEAD_BITS);

    get_place(&u, s, x);
    uint32_t file_and_ttl = unpack_32(&u);
    s->file = (x->file ^ file_and_ttl >> 8) & 0xffffu;
    s->seq = unpack_distance(&u, e->nxt);
    s->ack = unpack_distance(&u, answered->nxt);
    s->len = unpack_32(&u) & 0xffffffu;
    s->ttl = (e->ttl ^ file_and_ttl) & 0xffu;
    s->ts_val = unpack_distance(&u, s->has_ts ? e->ts_val : 0);
    s->window = (uint16_t)(e->window + unpack_32(&u));
    s->ip_id = (uint16_t)(e->ip_id + unpack_32(&u));
    uint32_t icmp = unpack_32(&u);
    s->icmp = shape ? shapes[shape] : icmp;
    return u.p;
}

const uint8_t *thaw_step(const uint8_t *p, struct step *s, struct step_context *x)
{
    unsigned kind = *p & HEAD_KIND;

    memset(s, 0, sizeof *s);
    s->has_ts = kind == KIND_TIMED;
    s->kind = kind == KIND_TIMED ? STEP_SEGMENT : kind;
    s->dir = (*p & HEAD_DIR) != 0;
    s->of_other = (*p & HEAD_OF_OTHER) != 0;
    p = kind == STEP_FOLD ? get_fold(p, s, x) : get_segment(p, s, x);
    learn(x, s);
    return p;
}
