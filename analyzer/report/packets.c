/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/packets.h"

#include "base/xalloc.h"
#include "capture/reread.h"
#include "decode/decode.h"

#include <inttypes.h>
#include <stdlib.h>

enum { RECORDS_OF_FOLD = 200000, DUMP_OCTETS = 16384 };

struct packets {
    struct reread *reread;
};

struct packets *packets_new(const struct input *input)
{
    struct packets *p = xcalloc(1, sizeof *p);

    p->reread = reread_new(input);
    return p;
}

void packets_free(struct packets *p)
{
    reread_free(p->reread);
    free(p);
}

/* --- octets ----------------------------------------------------------------------------------- */

static void dump_line(const uint8_t *data, uint32_t from, uint32_t end, int columns,
                      struct strbuf *out)
{
    strbuf_printf(out, "%04" PRIx32 " ", from);
    for (uint32_t i = from; i < from + (uint32_t)columns; i++) {
        if (i < end)
            strbuf_printf(out, "%s%02x", i > from && (i - from) % 8 == 0 ? "  " : " ", data[i]);
        else
            strbuf_puts(out, i > from && (i - from) % 8 == 0 ? "    " : "   ");
    }
    strbuf_puts(out, "  ");
    for (uint32_t i = from; i < from + (uint32_t)columns && i < end; i++)
        strbuf_putc(out, data[i] >= 0x20 && data[i] < 0x7f ? (char)data[i] : '.');
    strbuf_putc(out, '\n');
}

/* Where the payload of a record lies: [*from, *end), *from == *end when it has none. False when it
 * can't be told. */
static bool payload_of(const struct record *r, uint32_t *from, uint32_t *end)
{
    struct decoder *decoder = decoder_new(); /* its own: fragments of the past are no news */
    const struct packet packet = packet_of(r);
    struct segment s;
    struct icmp_error icmp;
    bool known = decode_packet(decoder, &packet, &s, &icmp) == DECODE_SEGMENT &&
                 decoder_payload(decoder, &packet, from);

    if (known)
        *end = *from + s.len;
    decoder_free(decoder);
    return known;
}

/* The octets from *at up to `end`, as far as they are shown. */
static void dump_part(const struct record *r, uint32_t *at, uint32_t end, int columns,
                      struct strbuf *out)
{
    uint32_t shown = r->caplen < DUMP_OCTETS ? r->caplen : DUMP_OCTETS;

    for (end = end < shown ? end : shown; *at < end; *at += (uint32_t)columns)
        dump_line(r->data, *at, end, columns, out);
    *at = end;
}

static void dump(const struct record *r, int columns, struct strbuf *out)
{
    uint32_t from, end, at = 0;
    bool known = payload_of(r, &from, &end);

    strbuf_printf(out, "packet %" PRIu64 ": %" PRIu32 " octets, %" PRIu32 " of them captured",
                  r->number, r->wirelen, r->caplen);
    if (known && end > from)
        strbuf_printf(out, "; payload: %" PRIu32 " from %04" PRIx32 " on", end - from, from);
    strbuf_puts(out, known && end == from ? "; no payload\n" : "\n");
    if (known) {
        dump_part(r, &at, from, columns, out);
        if (end > from && at == from && from < r->caplen)
            strbuf_puts(out, "payload:\n");
        dump_part(r, &at, end, columns, out);
        if (at == end && end < r->caplen)
            strbuf_puts(out, "behind it:\n");
    }
    dump_part(r, &at, UINT32_MAX, columns, out);
    if (at < r->caplen)
        strbuf_printf(out, "and %" PRIu32 " more\n", r->caplen - at);
}

void packets_dump(struct packets *p, const struct ref *at, int columns, struct strbuf *out)
{
    struct record r;
    struct error err;

    switch (reread_record(p->reread, at->file, at->packet, &r, &err)) {
    case REREAD_GONE:
        strbuf_printf(out, "packet %" PRIu64 " came through a pipe and is gone", at->packet);
        return;
    case REREAD_FAILED:
        strbuf_puts(out, err.text);
        return;
    case REREAD_RECORD:
        break;
    }
    dump(&r, columns, out);
}

/* --- what is folded --------------------------------------------------------------------------- */

/* What is subtracted from raw numbers of that end to make relative ones; false: unknown. */
static bool base_of(const struct model_connection *c, enum end e, uint32_t *base)
{
    for (size_t i = 0; i < c->n_steps; i++) {
        const struct model_step *s = &c->steps[i];

        if (s->fold || s->icmp || s->from != e || s->of_other)
            continue;
        *base = s->seq_raw - (uint32_t)s->seq;
        return true;
    }
    *base = c->end[e].isn;
    return c->end[e].isn_known;
}

static bool is_of(const struct model_connection *c, enum end from, const struct segment *s)
{
    const struct model_endpoint *a = &c->end[from], *b = &c->end[end_other(from)];

    return s->src_port == a->port && s->dst_port == b->port &&
           addr_compare(&s->src, &a->addr) == 0 && addr_compare(&s->dst, &b->addr) == 0;
}

static struct model_step step_of(const struct model_connection *c, const struct model_step *fold,
                                 const struct segment *s)
{
    struct model_step m = {
        .from = fold->from,
        .at = s->at,
        .flags = s->flags,
        .seq_raw = s->seq,
        .ack_raw = s->ack,
        .len = s->len,
        .state = {fold->state[END_CLIENT], fold->state[END_SERVER]},
    };
    uint32_t base;

    m.seq = base_of(c, fold->from, &base) ? (int64_t)(s->seq - base) : s->seq;
    m.ack = base_of(c, end_other(fold->from), &base) ? (int64_t)(s->ack - base) : s->ack;
    return m;
}

struct model_step *packets_of_fold(struct packets *p, const struct model_connection *c,
                                   const struct model_step *fold, struct arena *arena, size_t *n,
                                   uint64_t *rest)
{
    struct decoder *decoder = decoder_new(); /* its own: fragments of the past are no news */
    struct model_step *out = arena_alloc(arena, PACKETS_OF_FOLD * sizeof *out);
    uint64_t number = fold->at.packet, last = fold->last.packet;
    struct segment s;
    struct icmp_error icmp;
    struct record r;

    *n = 0;
    if (last - number >= RECORDS_OF_FOLD)
        last = number + RECORDS_OF_FOLD - 1;
    for (; number <= last && *n < PACKETS_OF_FOLD; number++) {
        if (reread_record(p->reread, fold->at.file, number, &r, NULL) != REREAD_RECORD)
            break;
        const struct packet packet = packet_of(&r);
        if (decode_packet(decoder, &packet, &s, &icmp) == DECODE_SEGMENT &&
            is_of(c, fold->from, &s))
            out[(*n)++] = step_of(c, fold, &s);
    }
    *rest = fold->last.packet + 1 - number;
    decoder_free(decoder);
    return out;
}
