/* SPDX-License-Identifier: BSD-2-Clause */
#include "pipeline.h"

#include "base/xalloc.h"
#include "capture/bpf.h"
#include "flow/taps.h"

#include <stdlib.h>

bool pipeline_open(struct pipeline *p, const struct options *o, struct bpf *filter,
                   struct error *err)
{
    *p = (struct pipeline){.input = input_open(o->files, o->n_files, filter, err)};
    if (!p->input)
        return false;
    p->tap_of = xcalloc(o->n_files, sizeof *p->tap_of);
    p->n_taps = taps_find(o->files, o->n_files, p->tap_of);
    p->decoder = decoder_new();
    return true;
}

void pipeline_connect(struct pipeline *p, const struct options *o, tracker_finished *finished,
                      void *context, struct model_summary *summary)
{
    p->summary = summary;
    p->shard = o->shard;
    tracker_init(&p->tracker, &o->settings, p->tap_of, p->n_taps, finished, context);
}

static void count_record(struct model_summary *s, const struct record *r)
{
    if (!s->records || r->t > s->last_t)
        s->last_t = r->t;
    if (!s->records++)
        s->first_t = r->t;
    s->octets += r->caplen;
}

/* Whether a five-tuple is in the shard that is asked for. In a shard a connection's number is the
 * ordinal of its first record, which every shard counts alike: `lastack merge` ranks them. */
static bool in_shard(struct pipeline *p, const struct addr *a, uint16_t a_port,
                     const struct addr *b, uint16_t b_port)
{
    if (p->shard.of < 2)
        return true;
    p->tracker.flows.next_stream = p->summary->records;
    return flow_shard(a, a_port, b, b_port, p->shard.of) == p->shard.index - 1;
}

static void take_packet(struct pipeline *p, const struct packet *packet)
{
    struct segment segment;
    struct icmp_error icmp;

    switch (decode_packet(p->decoder, packet, &segment, &icmp)) {
    case DECODE_SEGMENT:
        p->summary->segments++;
        if (in_shard(p, &segment.src, segment.src_port, &segment.dst, segment.dst_port))
            tracker_segment(&p->tracker, &segment);
        break;
    case DECODE_ICMP_ERROR:
        p->summary->icmp_errors++;
        if (in_shard(p, &icmp.src, icmp.src_port, &icmp.dst, icmp.dst_port))
            tracker_icmp(&p->tracker, &icmp);
        break;
    case DECODE_NOTHING:
        break;
    }
}

bool pipeline_read(struct pipeline *p)
{
    struct record r;

    if (!input_next(p->input, &r))
        return false;
    count_record(p->summary, &r);
    tracker_clock(&p->tracker, r.file, r.t);
    if (r.filtered) {
        p->summary->filtered++;
        return true;
    }
    const struct packet packet = {.at = {.t = r.t, .packet = r.number, .file = r.file},
                                  .data = r.data,
                                  .caplen = r.caplen,
                                  .wirelen = r.wirelen,
                                  .link_type = r.link_type};
    take_packet(p, &packet);
    return true;
}

bool pipeline_end(struct pipeline *p, size_t n)
{
    if (!p->ended) {
        p->ended = true;
        decoder_finish(p->decoder);
        p->summary->duplicates = p->tracker.duplicates;
    }
    bool more = tracker_end_some(&p->tracker, n);
    p->summary->evicted = p->tracker.evicted;
    return more;
}

void pipeline_close(struct pipeline *p)
{
    if (p->summary)
        tracker_done(&p->tracker);
    if (p->decoder)
        decoder_free(p->decoder);
    free(p->tap_of);
    if (p->input)
        input_close(p->input);
    *p = (struct pipeline){0};
}
