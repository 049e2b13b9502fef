/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/frozen_steps.h"

#include "base/varint.h"
#include "flow/observe.h"

/* The first 16 bits of a packed step. */
enum step_head {
    HEAD_DIR = 0x0001,
    HEAD_KIND = 0x0006, /* enum step_kind << 1 */
    HEAD_OF_OTHER = 0x0008,
    HEAD_HAS_TS = 0x0010,
    HEAD_FILE = 0x0020, /* these say that something is as expected: */
    HEAD_SEQ = 0x0040,
    HEAD_ACK = 0x0080,
    HEAD_TTL = 0x0100,
    HEAD_WINDOW = 0x0200,
    HEAD_IP_ID = 0x0400,
    HEAD_NO_LEN = 0x0800,
    HEAD_SHAPE = 12, /* shift: 1 + index into shapes; 0: none of them */
};

/* What nearly all steps are. */
static const struct {
    uint16_t flags;
    uint32_t seen;
} shapes[15] = {
    {TCP_SYN, SEEN_SYN_FIRST},
    {TCP_SYN | TCP_ACK, SEEN_SYN_FIRST | SEEN_ACKS_SYN},
    {TCP_ACK, SEEN_ACKS_SYN},
    {TCP_PSH | TCP_ACK, SEEN_NEW_DATA},
    {TCP_ACK, SEEN_NEW_DATA},
    {TCP_ACK, 0},
    {TCP_FIN | TCP_ACK, SEEN_FIN_FIRST},
    {TCP_ACK, SEEN_ACKS_FIN},
    {TCP_FIN | TCP_ACK, SEEN_FIN_FIRST | SEEN_ACKS_FIN},
    {TCP_ACK, SEEN_ACK_AGAIN},
    {TCP_FIN | TCP_ACK, SEEN_FIN_FIRST | SEEN_ACK_AGAIN},
    {TCP_FIN | TCP_PSH | TCP_ACK, SEEN_FIN_FIRST | SEEN_NEW_DATA},
    {TCP_RST | TCP_ACK, SEEN_RST_ACCEPTABLE},
    {TCP_RST, SEEN_RST_ACCEPTABLE},
    {TCP_FIN | TCP_ACK, SEEN_FIN_COPY},
};

static unsigned shape_of(const struct step *s)
{
    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].flags == s->flags && shapes[i].seen == s->seen)
            return i + 1;
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

    x->t = s->t;
    x->packet = s->packet;
    x->file = s->file;
    if (s->kind == STEP_FOLD) {
        e->nxt += (uint32_t)s->bytes;
        x->t = s->last_t;
        x->packet = s->last_packet;
        return;
    }
    if (!e->any)
        e->isn = s->seq;
    e->any = true;
    e->nxt = s->seq + s->len;
    if (s->kind == STEP_SEGMENT)
        e->nxt += ((s->flags & TCP_SYN) != 0) + ((s->flags & TCP_FIN) != 0);
    if (s->has_ts)
        e->ts_val = s->ts_val;
    e->window = s->window;
    e->ip_id = (uint16_t)(s->ip_id + 1);
    e->ttl = (uint8_t)s->ttl;
}

/* --- packing ---------------------------------------------------------------------------------- */

static uint8_t *put_fold(uint8_t *p, const struct step *s, int64_t unit)
{
    p = varint_put_signed(p, in_units(s->last_t - s->t, unit));
    p = varint_put_signed(p, (int64_t)s->last_packet - (int64_t)s->packet);
    p = varint_put(p, s->segments);
    p = varint_put(p, s->bytes);
    return varint_put(p, s->acks);
}

static uint8_t *put_segment(uint8_t *p, const struct step *s, unsigned head,
                            const struct step_context *x)
{
    const struct expected *of = expectation(x, s), *e = &of[s->dir];

    if (!(head >> HEAD_SHAPE))
        p = varint_put(p, s->icmp); /* flags and seen, too */
    if (!(head & HEAD_SEQ))
        p = varint_put_distance(p, s->seq, e->nxt);
    if (!(head & HEAD_ACK))
        p = varint_put_distance(p, s->ack, of[!s->dir].nxt);
    if (!(head & HEAD_NO_LEN))
        p = varint_put(p, s->len);
    if (head & HEAD_HAS_TS)
        p = varint_put_distance(p, s->ts_val, e->ts_val);
    else
        p = varint_put(p, s->ts_val); /* `of`, or 0 */
    if (!(head & HEAD_TTL))
        *p++ = (uint8_t)s->ttl;
    if (!(head & HEAD_WINDOW)) {
        memcpy(p, &s->window, sizeof s->window);
        p += sizeof s->window;
    }
    if (!(head & HEAD_IP_ID)) {
        memcpy(p, &s->ip_id, sizeof s->ip_id);
        p += sizeof s->ip_id;
    }
    return p;
}

static unsigned head_of(const struct step *s, const struct step_context *x)
{
    const struct expected *of = expectation(x, s), *e = &of[s->dir];
    unsigned head = s->dir | (unsigned)s->kind << 1;

    head |= (s->of_other ? HEAD_OF_OTHER : 0) | (s->has_ts ? HEAD_HAS_TS : 0) |
            (s->file == x->file ? HEAD_FILE : 0);
    if (s->kind == STEP_FOLD)
        return head;
    head |= (s->seq == e->nxt ? HEAD_SEQ : 0) | (s->ack == of[!s->dir].nxt ? HEAD_ACK : 0) |
            (s->ttl == e->ttl ? HEAD_TTL : 0) | (s->window == e->window ? HEAD_WINDOW : 0) |
            (s->ip_id == e->ip_id ? HEAD_IP_ID : 0) | (s->len ? 0 : HEAD_NO_LEN);
    return head | (s->kind == STEP_SEGMENT ? shape_of(s) : 0) << HEAD_SHAPE;
}

uint8_t *freeze_step(uint8_t *p, const struct step *s, struct step_context *x)
{
    unsigned head = head_of(s, x);

    *p++ = (uint8_t)head;
    *p++ = (uint8_t)(head >> 8);
    p = varint_put_signed(p, in_units(s->t - x->t, x->unit));
    p = varint_put_signed(p, (int64_t)s->packet - (int64_t)x->packet);
    if (!(head & HEAD_FILE))
        p = varint_put(p, s->file);
    p = s->kind == STEP_FOLD ? put_fold(p, s, x->unit) : put_segment(p, s, head, x);
    learn(x, s);
    return p;
}

/* --- unpacking -------------------------------------------------------------------------------- */

static const uint8_t *get_fold(const uint8_t *p, struct step *s, int64_t unit)
{
    s->last_t = s->t + varint_get_signed(&p) * unit;
    s->last_packet = ((uint64_t)s->packet + (uint64_t)varint_get_signed(&p)) & 0xffffffffffu;
    s->segments = (uint32_t)varint_get(&p) & 0xffffffu;
    s->bytes = varint_get(&p) & 0xffffffffffu;
    s->acks = (uint32_t)varint_get(&p) & 0xffffffu;
    return p;
}

static const uint8_t *get_segment(const uint8_t *p, struct step *s, unsigned head,
                                  const struct step_context *x)
{
    const struct expected *of = expectation(x, s), *e = &of[s->dir];
    unsigned shape = head >> HEAD_SHAPE;

    if (shape) {
        s->flags = shapes[shape - 1].flags & 0x1ffu;
        s->seen = shapes[shape - 1].seen & 0x3fffffu;
    } else {
        s->icmp = (uint32_t)varint_get(&p);
    }
    s->seq = head & HEAD_SEQ ? e->nxt : varint_get_distance(&p, e->nxt);
    s->ack = head & HEAD_ACK ? of[!s->dir].nxt : varint_get_distance(&p, of[!s->dir].nxt);
    s->len = head & HEAD_NO_LEN ? 0 : (uint32_t)varint_get(&p) & 0xffffffu;
    s->ts_val = head & HEAD_HAS_TS ? varint_get_distance(&p, e->ts_val) : (uint32_t)varint_get(&p);
    s->ttl = head & HEAD_TTL ? e->ttl : *p++;
    s->window = e->window;
    if (!(head & HEAD_WINDOW)) {
        memcpy(&s->window, p, sizeof s->window);
        p += sizeof s->window;
    }
    s->ip_id = e->ip_id;
    if (!(head & HEAD_IP_ID)) {
        memcpy(&s->ip_id, p, sizeof s->ip_id);
        p += sizeof s->ip_id;
    }
    return p;
}

const uint8_t *thaw_step(const uint8_t *p, struct step *s, struct step_context *x)
{
    unsigned head = p[0] | (unsigned)p[1] << 8;

    p += 2;
    memset(s, 0, sizeof *s);
    s->t = x->t + varint_get_signed(&p) * x->unit;
    s->packet = (x->packet + (uint64_t)varint_get_signed(&p)) & 0xffffffffffu;
    s->file = (head & HEAD_FILE ? x->file : (uint32_t)varint_get(&p)) & 0xffffu;
    s->dir = head & HEAD_DIR;
    s->kind = (head & HEAD_KIND) >> 1;
    s->of_other = (head & HEAD_OF_OTHER) != 0;
    s->has_ts = (head & HEAD_HAS_TS) != 0;
    p = s->kind == STEP_FOLD ? get_fold(p, s, x->unit) : get_segment(p, s, head, x);
    learn(x, s);
    return p;
}
