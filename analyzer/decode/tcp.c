/* SPDX-License-Identifier: BSD-2-Clause
 *
 * To add an option: a function and a row in option_rows. */
#include "decode/tcp.h"

enum { OPTION_END = 0, OPTION_NOP = 1 };

/* --- options ---------------------------------------------------------------------------------- */

static void mss(struct segment *s, const uint8_t *p, unsigned len)
{
    (void)len;
    s->mss = (uint16_t)(p[0] << 8 | p[1]);
    s->options |= OPT_MSS;
}

static void wscale(struct segment *s, const uint8_t *p, unsigned len)
{
    (void)len;
    s->wscale = p[0] > 14 ? 14 : p[0];
    s->options |= OPT_WSCALE;
}

static void sack_permitted(struct segment *s, const uint8_t *p, unsigned len)
{
    (void)p;
    (void)len;
    s->options |= OPT_SACK_OK;
}

static void sack(struct segment *s, const uint8_t *p, unsigned len)
{
    s->options |= OPT_SACK;
    for (; len >= 8 && s->n_sack < SEGMENT_SACK_BLOCKS; len -= 8, p += 8) {
        s->sack[s->n_sack].left = layer_be32(p);
        s->sack[s->n_sack++].right = layer_be32(p + 4);
    }
}

static void timestamps(struct segment *s, const uint8_t *p, unsigned len)
{
    (void)len;
    s->ts_val = layer_be32(p);
    s->ts_ecr = layer_be32(p + 4);
    s->options |= OPT_TIMESTAMPS;
}

static void auth(struct segment *s, const uint8_t *p, unsigned len)
{
    (void)p;
    (void)len;
    s->options |= OPT_AUTH;
}

static void mptcp(struct segment *s, const uint8_t *p, unsigned len)
{
    (void)p;
    (void)len;
    s->options |= OPT_MPTCP;
}

static void fast_open(struct segment *s, const uint8_t *p, unsigned len)
{
    (void)p;
    (void)len;
    s->options |= OPT_FAST_OPEN;
}

/* RFC 6994 experiments start with a magic number; 0xf989 was Fast Open before RFC 7413. */
static void experiment(struct segment *s, const uint8_t *p, unsigned len)
{
    if (len >= 2 && p[0] == 0xf9 && p[1] == 0x89)
        s->options |= OPT_FAST_OPEN;
}

/* kind, least and most octets of its value, what it means */
static const struct option_row {
    uint8_t kind, least, most;
    void (*take)(struct segment *s, const uint8_t *p, unsigned len);
} option_rows[] = {
    {8, 8, 8, timestamps},     {5, 8, 32, sack},       {2, 2, 2, mss},           {3, 1, 1, wscale},
    {4, 0, 0, sack_permitted}, {34, 0, 16, fast_open}, {254, 0, 38, experiment}, {30, 1, 38, mptcp},
    {19, 16, 16, auth},        {29, 2, 38, auth},
};

static void take_option(struct segment *s, uint8_t kind, const uint8_t *p, unsigned len)
{
    if ((s->flags & TCP_SYN) && s->n_option_order < SEGMENT_OPTION_ORDER)
        s->option_order[s->n_option_order++] = kind;
    for (size_t i = 0; i < sizeof option_rows / sizeof *option_rows; i++) {
        const struct option_row *r = &option_rows[i];

        if (r->kind == kind) {
            if (len >= r->least && len <= r->most)
                r->take(s, p, len);
            return;
        }
    }
}

/* The layout of nearly all segments: NOP NOP timestamps. */
static bool common_layout(struct segment *s, const uint8_t *p, uint32_t len)
{
    if (len != 12 || p[0] != OPTION_NOP || p[1] != OPTION_NOP || p[2] != 8 || p[3] != 10 ||
        (s->flags & TCP_SYN))
        return false;
    timestamps(s, p + 4, 8);
    return true;
}

/* `len` octets of options, of which `captured` are at p. */
static void decode_options(const struct layer *y, struct segment *s, const uint8_t *p, uint32_t len,
                           uint32_t captured)
{
    if (captured == len && common_layout(s, p, len))
        return;
    for (uint32_t i = 0; i < captured;) {
        if (p[i] == OPTION_END)
            return;
        if (p[i] == OPTION_NOP) {
            if ((s->flags & TCP_SYN) && s->n_option_order < SEGMENT_OPTION_ORDER)
                s->option_order[s->n_option_order++] = OPTION_NOP;
            i++;
            continue;
        }
        if (i + 1 >= captured)
            break;
        uint32_t n = p[i + 1];
        if (n < 2 || n > len - i) {
            s->doubts |= DOUBT_OPTIONS_BAD;
            layer_note(y, NOTE_TCP_OPTIONS_MALFORMED);
            return;
        }
        if (n > captured - i)
            break;
        take_option(s, p[i], p + i + 2, n - 2);
        i += n;
    }
    if (captured < len) {
        s->doubts |= DOUBT_OPTIONS_CUT;
        layer_note(y, NOTE_TCP_OPTIONS_TRUNCATED);
    }
}

/* --- header ----------------------------------------------------------------------------------- */

enum decode_kind tcp_decode(struct layer *y, const struct datagram *d)
{
    const uint8_t *h = y->in.p;
    struct segment *s = y->segment;

    if (y->in.len < 20)
        return layer_note(y, d->len < 20 ? NOTE_TCP_MALFORMED : NOTE_TCP_TRUNCATED);
    uint32_t header = (uint32_t)(h[12] >> 4) * 4;
    if (header < 20 || header > d->len)
        return layer_note(y, NOTE_TCP_MALFORMED);
    y->decoder->tcp = h;
    s->at.t = y->packet->at.t;
    s->at.packet = y->packet->at.packet;
    s->at.file = y->packet->at.file;
    addr_copy(&s->src, &d->src);
    addr_copy(&s->dst, &d->dst);
    s->src_port = layer_be16(h);
    s->dst_port = layer_be16(h + 2);
    s->seq = layer_be32(h + 4);
    s->ack = layer_be32(h + 8);
    s->len = d->len - header;
    s->flags = (uint16_t)((h[12] & 1) << 8 | h[13]);
    s->window = layer_be16(h + 14);
    s->checksum = layer_be16(h + 16);
    s->ip_id = d->id;
    s->path = layer_path(y);
    s->tenant = path_tenant(y->decoder->paths, s->path);
    s->ttl = d->ttl;
    s->options = 0;
    s->doubts = d->doubts;
    s->wscale = 0;
    s->mss = 0;
    s->ts_val = s->ts_ecr = 0;
    s->via = y->via;
    s->n_sack = s->n_option_order = 0;
    uint32_t captured = (uint32_t)y->in.len < header ? (uint32_t)y->in.len : header;
    if (header > 20)
        decode_options(y, s, h + 20, header - 20, captured - 20);
    return DECODE_SEGMENT;
}
