/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake.h"

enum { LOOK = 1 << 16 }; /* records between two looks at how far the input is */

void intake_open(struct intake *in, struct input *input)
{
    *in = (struct intake){.input = input, .decoder = decoder_new(), .shard = {.index = 1, .of = 1}};
}

const struct record *intake_next(struct intake *in, size_t *n)
{
    if (in->counts.records >= in->next_look) {
        in->next_look = in->counts.records + LOOK;
        input_progress(in->input, &in->counts.done, &in->counts.total);
    }
    return input_next_batch(in->input, n);
}

static void count_record(struct intake_counts *c, const struct record *r)
{
    if (!c->records || r->t > c->last_t)
        c->last_t = r->t;
    if (!c->records++)
        c->first_t = r->t;
    c->octets += r->caplen;
    c->filtered += r->filtered;
}

/* Whether a five-tuple is in the shard that is asked for. */
static bool in_shard(const struct intake *in, const struct addr *a, uint16_t a_port,
                     const struct addr *b, uint16_t b_port)
{
    return in->shard.of < 2 ||
           flow_shard(a, a_port, b, b_port, in->shard.of) == in->shard.index - 1;
}

/* Whether a SYN-ACK tells that a connection is a copy: then *to becomes that news. Copies are found
 * in what every shard decodes, and so by all of them alike. */
static bool tells_copy(struct intake *in, const struct segment *s, struct tracker_record *to)
{
    struct segment *copy = &to->segment;

    if ((s->flags & (TCP_SYN | TCP_ACK | TCP_RST)) != (TCP_SYN | TCP_ACK) ||
        !translation_seen(&in->translations, s, copy) ||
        !in_shard(in, &copy->src, copy->src_port, &copy->dst, copy->dst_port))
        return false;
    to->kind = DECODE_NOTHING;
    to->translated = true;
    return true;
}

/* Returns how many it became. */
static size_t decode_record(struct intake *in, const struct record *r, struct tracker_record *to)
{
    const struct packet packet = packet_of(r);
    size_t n = 1;

    count_record(&in->counts, r);
    to->t = r->t;
    to->file = r->file;
    to->clock_steps = r->clock_steps;
    to->losses = r->losses;
    to->translated = false;
    to->ordinal = 0;
    to->kind =
        r->filtered ? DECODE_NOTHING : decode_packet(in->decoder, &packet, &to->segment, &to->icmp);
    in->counts.segments += to->kind == DECODE_SEGMENT;
    in->counts.icmp_errors += to->kind == DECODE_ICMP_ERROR;
    if (to->kind == DECODE_SEGMENT && (to->segment.flags & TCP_SYN))
        n += tells_copy(in, &to->segment, to + 1);
    if (in->shard.of < 2 || to->kind == DECODE_NOTHING)
        return n;
    /* In a shard a connection's number is the ordinal of its first record, which every shard counts
     * alike: `lastack merge` ranks them. */
    to->ordinal = in->counts.records;
    const struct segment *s = &to->segment;
    const struct icmp_error *e = &to->icmp;
    if (!(to->kind == DECODE_SEGMENT ? in_shard(in, &s->src, s->src_port, &s->dst, s->dst_port)
                                     : in_shard(in, &e->src, e->src_port, &e->dst, e->dst_port)))
        to->kind = DECODE_NOTHING;
    return n;
}

size_t intake_decode(struct intake *in, const struct record *r, size_t n, struct tracker_record *to)
{
    size_t taken = 0;

    for (size_t i = 0; i < n; i++)
        taken += decode_record(in, &r[i], &to[taken]);
    for (size_t i = 0; i < taken; i++) /* not at once: see addr_copy() */
        if (to[i].kind == DECODE_SEGMENT)
            flow_lookup(&in->keying, &to[i].segment, &to[i].lookup);
    return taken;
}

void intake_close(struct intake *in)
{
    if (in->decoder)
        decoder_free(in->decoder);
    translations_done(&in->translations);
    if (in->input)
        input_close(in->input);
    *in = (struct intake){0};
}
