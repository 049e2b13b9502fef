/* SPDX-License-Identifier: BSD-2-Clause */
#include "pipeline.h"

#include "base/xalloc.h"
#include "capture/bpf.h"
#include "flow/taps.h"

#include <stdlib.h>
#include <string.h>

enum { PIPELINE_BATCH = 32 }; /* records that are decoded before the tracker takes them */

/* Directories stand for more files than were named. */
static void find_taps(struct pipeline *p)
{
    size_t n = input_n_files(p->input);
    const char **paths = xcalloc(n, sizeof *paths);

    for (size_t i = 0; i < n; i++)
        paths[i] = input_file(p->input, i)->path;
    p->tap_of = xcalloc(n, sizeof *p->tap_of);
    p->n_taps = taps_find(paths, n, p->tap_of);
    free(paths);
}

bool pipeline_open(struct pipeline *p, const struct options *o, struct bpf *filter,
                   struct spool *spool, struct error *err)
{
    *p = (struct pipeline){.input = input_open_kept(o->files, o->n_files, filter, spool, err)};
    if (!p->input)
        return false;
    find_taps(p);
    p->decoder = decoder_new();
    return true;
}

bool pipeline_readable(const struct pipeline *p)
{
    for (size_t i = 0; i < input_n_files(p->input); i++)
        if (input_file(p->input, i)->status != INPUT_UNREADABLE)
            return true;
    return false;
}

bool pipeline_open_again(struct pipeline *p, const struct pipeline *first, struct error *err)
{
    size_t n_files = input_n_files(first->input);

    *p = (struct pipeline){.input = input_again(first->input, err), .n_taps = first->n_taps};
    if (!p->input)
        return false;
    p->tap_of = xcalloc(n_files, sizeof *p->tap_of);
    memcpy(p->tap_of, first->tap_of, n_files * sizeof *p->tap_of);
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

/* Whether a five-tuple is in the shard that is asked for. */
static bool in_shard(const struct pipeline *p, const struct addr *a, uint16_t a_port,
                     const struct addr *b, uint16_t b_port)
{
    return p->shard.of < 2 || flow_shard(a, a_port, b, b_port, p->shard.of) == p->shard.index - 1;
}

/* Connections that turned out to be copies while a batch was decoded. */
struct copies {
    size_t n;
    struct segment synack[PIPELINE_BATCH];
};

/* Copies are found in what every shard decodes, and so by all of them alike. */
static void look_for_copy(struct pipeline *p, const struct segment *s, struct copies *copies)
{
    struct segment *copy = &copies->synack[copies->n];

    if ((s->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == (TCP_SYN | TCP_ACK) &&
        translation_seen(&p->translations, s, copy) &&
        in_shard(p, &copy->src, copy->src_port, &copy->dst, copy->dst_port))
        copies->n++;
}

static void decode_record(struct pipeline *p, const struct record *r, struct tracker_record *to,
                          struct copies *copies)
{
    const struct packet packet = packet_of(r);

    count_record(p->summary, r);
    to->t = r->t;
    to->file = r->file;
    to->clock_steps = r->clock_steps;
    to->losses = r->losses;
    to->ordinal = 0;
    to->kind =
        r->filtered ? DECODE_NOTHING : decode_packet(p->decoder, &packet, &to->segment, &to->icmp);
    p->summary->filtered += r->filtered;
    p->summary->segments += to->kind == DECODE_SEGMENT;
    p->summary->icmp_errors += to->kind == DECODE_ICMP_ERROR;
    if (to->kind == DECODE_SEGMENT && (to->segment.flags & TCP_SYN))
        look_for_copy(p, &to->segment, copies);
    if (p->shard.of < 2 || to->kind == DECODE_NOTHING)
        return;
    /* In a shard a connection's number is the ordinal of its first record, which every shard counts
     * alike: `lastack merge` ranks them. */
    to->ordinal = p->summary->records;
    const struct segment *s = &to->segment;
    const struct icmp_error *e = &to->icmp;
    if (!(to->kind == DECODE_SEGMENT ? in_shard(p, &s->src, s->src_port, &s->dst, s->dst_port)
                                     : in_shard(p, &e->src, e->src_port, &e->dst, e->dst_port)))
        to->kind = DECODE_NOTHING;
}

static void show_packet(const struct pipeline *p, const struct record *r)
{
    const struct packet packet = packet_of(r);

    p->saw(p->saw_context, p, &packet, &p->tracker.owner);
}

bool pipeline_read(struct pipeline *p)
{
    size_t n = 0;
    const struct record *r = input_next_batch(p->input, &n);
    const size_t most = p->saw ? 1 : PIPELINE_BATCH; /* who looks at packets sees one by one */

    for (size_t done = 0; r && done < n;) {
        struct tracker_record batch[PIPELINE_BATCH];
        struct copies copies;
        size_t taken = 0;

        copies.n = 0;
        for (; taken < most && done < n; done++)
            decode_record(p, &r[done], &batch[taken++], &copies);
        tracker_take(&p->tracker, batch, taken);
        for (size_t i = 0; i < copies.n; i++)
            tracker_translated(&p->tracker, &copies.synack[i]);
        if (p->saw && !r[done - 1].filtered)
            show_packet(p, &r[done - 1]);
    }
    return r != NULL;
}

bool pipeline_end(struct pipeline *p, size_t n)
{
    if (!p->ended) {
        size_t n_losses;

        p->ended = true;
        decoder_finish(p->decoder);
        p->summary->duplicates = p->tracker.duplicates;
        input_losses(p->input, &n_losses);
        p->tracker.losses = (uint16_t)n_losses; /* those told at the very end too */
    }
    bool more = tracker_end_some(&p->tracker, n);
    p->summary->evicted = p->tracker.evicted;
    return more;
}

void pipeline_shrink(struct pipeline *p)
{
    tracker_done(&p->tracker);
    translations_done(&p->translations);
    xalloc_trim();
}

void pipeline_close(struct pipeline *p)
{
    if (p->summary)
        tracker_done(&p->tracker);
    if (p->decoder)
        decoder_free(p->decoder);
    translations_done(&p->translations);
    free(p->tap_of);
    if (p->input)
        input_close(p->input);
    *p = (struct pipeline){0};
}
