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
static struct expected *expectation(struct step_context *x, const struct step *s)
{
    return s->of_other ? x->other : x->of;
}

/* What a fold that ended at t says about the next step of its direction. */
static PACKING_INLINE void learn_fold(struct step_context *x, const struct step *s, int64_t t)
{
    struct expected *e = &expectation(x, s)[s->dir];

    x->t = e->t = t;
    x->packet = s->last_packet;
    x->file = s->file;
    e->nxt += (uint32_t)s->bytes;
    e->bytes += s->bytes;
    if (s->segments)
        e->data_t = t;
}

/* ... and another step, e being what was expected of it. */
static PACKING_INLINE void learn(struct step_context *x, struct expected *e, const struct step *s,
                                 int64_t t)
{
    x->t = e->t = t;
    x->packet = s->packet;
    x->file = s->file;
    if (!e->any)
        e->isn = s->seq;
    e->any = true;
    e->nxt = s->seq + s->len + (s->flags & TCP_SYN ? 1u : 0) + (s->flags & TCP_FIN ? 1u : 0);
    if (s->len) {
        e->data_t = t;
        e->bytes += s->len;
    }
    if (s->has_ts)
        e->ts_val = s->ts_val;
    e->window = s->window;
    e->ip_id = (uint16_t)(s->ip_id + 1);
    e->ttl = (uint8_t)s->ttl;
}

/* --- packing ---------------------------------------------------------------------------------- */

static uint8_t *put_fold(uint8_t *p, const struct step *s, unsigned head, struct step_context *x)
{
    struct packing k = pack_begin(p, WIDTHS_OF_FOLD, head, HEAD_BITS);
    int64_t t = in_units(x, s->t), last_t = in_units(x, s->last_t);

    pack_span(&k, t - x->t);
    pack_span(&k, (int64_t)s->packet - (int64_t)x->packet);
    pack_32(&k, s->file ^ x->file);
    pack_span(&k, last_t - t);
    pack_span(&k, (int64_t)s->last_packet - (int64_t)s->packet);
    pack_64(&k, s->bytes);
    pack_32(&k, s->segments);
    pack_32(&k, s->acks);
    learn_fold(x, s, last_t);
    return pack_end(&k);
}

static uint8_t *put_segment(uint8_t *p, const struct step *s, unsigned head, struct step_context *x)
{
    struct expected *of = expectation(x, s), *e = &of[s->dir];
    struct packing k = pack_begin(p, WIDTHS_OF_SEGMENT, head, HEAD_BITS);
    int64_t t = in_units(x, s->t);

    pack_span(&k, t - x->t);
    pack_span(&k, (int64_t)s->packet - (int64_t)x->packet);
    pack_32(&k, (s->file ^ x->file) << 8 | (s->ttl ^ e->ttl));
    pack_distance(&k, s->seq, e->nxt);
    pack_distance(&k, s->ack, of[!s->dir].nxt);
    pack_32(&k, s->len);
    pack_distance(&k, s->ts_val, s->has_ts ? e->ts_val : 0); /* without any: `of`, or 0 */
    pack_32(&k, (uint16_t)(s->window - e->window));
    pack_32(&k, (uint16_t)(s->ip_id - e->ip_id));
    pack_32(&k, head >> HEAD_SHAPE ? 0 : s->icmp); /* flags and seen, too */
    learn(x, e, s, t);
    return pack_end(&k);
}

uint8_t *freeze_step(uint8_t *p, const struct step *s, struct step_context *x)
{
    unsigned head = (s->has_ts ? KIND_TIMED : s->kind) | (s->dir ? HEAD_DIR : 0) |
                    (s->of_other ? HEAD_OF_OTHER : 0);

    if (s->kind == STEP_FOLD)
        return put_fold(p, s, head, x);
    if (s->kind == STEP_SEGMENT)
        head |= shape_of(s->icmp) << HEAD_SHAPE;
    return put_segment(p, s, head, x);
}

/* --- unpacking -------------------------------------------------------------------------------- */

/* Where the step is; returns its time in units. */
static PACKING_INLINE int64_t get_place(struct unpacking *u, struct step *s,
                                        const struct step_context *x)
{
    int64_t t = x->t + unpack_span(u);

    s->t = t * x->unit;
    s->packet = (x->packet + (uint64_t)unpack_span(u)) & 0xffffffffffu;
    return t;
}

static const uint8_t *get_fold(const uint8_t *p, struct step *s, struct step_context *x)
{
    struct unpacking u = unpack_begin(p, WIDTHS_OF_FOLD, HEAD_BITS);
    int64_t t = get_place(&u, s, x);

    s->file = (x->file ^ unpack_32(&u)) & 0xffffu;
    t += unpack_span(&u);
    s->last_t = t * x->unit;
    s->last_packet = (s->packet + (uint64_t)unpack_span(&u)) & 0xffffffffffu;
    s->bytes = unpack_64(&u) & 0xffffffffffu;
    s->segments = unpack_32(&u) & 0xffffffu;
    s->acks = unpack_32(&u) & 0xffffffu;
    learn_fold(x, s, t);
    return u.p;
}

static const uint8_t *get_segment(const uint8_t *p, struct step *s, struct step_context *x)
{
    struct expected *of = expectation(x, s), *e = &of[s->dir], *answered = &of[!s->dir];
    unsigned shape = *p >> HEAD_SHAPE;
    struct unpacking u = unpack_begin(p, WIDTHS_OF_SEGMENT, HEAD_BITS);
    int64_t t = get_place(&u, s, x);
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
    learn(x, e, s, t);
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
    return kind == STEP_FOLD ? get_fold(p, s, x) : get_segment(p, s, x);
}
