/* SPDX-License-Identifier: BSD-2-Clause */
#include "pipeline.h"

#include "base/ahead.h"
#include "base/xalloc.h"
#include "flow/taps.h"

#include <stdlib.h>
#include <string.h>

enum {
    BATCH = 32, /* records that the tracker takes at once */
    LOAD = 512, /* and that one thread hands to the other */
    LOADS = 8,  /* of these, a megabyte: more would take the caches from the connections */
};

/* Directories stand for more files than were named. */
static void find_taps(struct pipeline *p, const struct input *in)
{
    size_t n = input_n_files(in);
    const char **paths = xcalloc(n, sizeof *paths);

    for (size_t i = 0; i < n; i++)
        paths[i] = input_file(in, i)->path;
    p->tap_of = xcalloc(n, sizeof *p->tap_of);
    p->n_taps = taps_find(paths, n, p->tap_of);
    free(paths);
}

bool pipeline_open(struct pipeline *p, const struct options *o, struct bpf *filter,
                   struct spool *spool, struct error *err)
{
    struct input *in = input_open_kept(o->files, o->n_files, filter, spool, err);

    *p = (struct pipeline){0};
    if (!in)
        return false;
    find_taps(p, in);
    intake_open(&p->intake, in);
    return true;
}

bool pipeline_readable(const struct pipeline *p)
{
    for (size_t i = 0; i < input_n_files(p->intake.input); i++)
        if (input_file(p->intake.input, i)->status != INPUT_UNREADABLE)
            return true;
    return false;
}

bool pipeline_open_again(struct pipeline *p, const struct pipeline *first, struct error *err)
{
    size_t n_files = input_n_files(first->intake.input);
    struct input *in = input_again(first->intake.input, err);

    *p = (struct pipeline){.n_taps = first->n_taps};
    if (!in)
        return false;
    p->tap_of = xcalloc(n_files, sizeof *p->tap_of);
    memcpy(p->tap_of, first->tap_of, n_files * sizeof *p->tap_of);
    intake_open(&p->intake, in);
    return true;
}

void pipeline_connect(struct pipeline *p, const struct options *o, tracker_finished *finished,
                      void *context, struct model_summary *summary)
{
    p->summary = summary;
    p->intake.shard = o->shard;
    tracker_init(&p->tracker, &o->settings, p->tap_of, p->n_taps, finished, context);
    p->intake.keying = p->tracker.flows.keying;
}

/* The tracker is about to take all that these count. */
static void tell_counts(struct pipeline *p, const struct intake_counts *c)
{
    struct model_summary *s = p->summary;

    p->counts = *c;
    if (!s->records)
        s->first_t = c->first_t; /* who judges looks at it, in another thread too */
    s->records = c->records;
    s->octets = c->octets;
    s->filtered = c->filtered;
    s->segments = c->segments;
    s->icmp_errors = c->icmp_errors;
    s->last_t = c->last_t;
}

/* --- by one thread ---------------------------------------------------------------------------- */

static void show_packet(const struct pipeline *p, const struct record *r)
{
    const struct packet packet = packet_of(r);

    p->saw(p->saw_context, p, &packet, &p->tracker.owner);
}

static bool read_now(struct pipeline *p)
{
    size_t n = 0;
    const struct record *r = intake_next(&p->intake, &n);
    const size_t most = p->saw ? 1 : BATCH; /* who looks at packets sees one by one */

    for (size_t done = 0, taken; r && done < n; done += taken) {
        struct tracker_record batch[BATCH * INTAKE_MOST];

        taken = n - done < most ? n - done : most;
        size_t m = intake_decode(&p->intake, r + done, taken, batch);
        tell_counts(p, &p->intake.counts);
        tracker_take(&p->tracker, batch, m);
        if (p->saw && !r[done].filtered)
            show_packet(p, &r[done]);
    }
    return r != NULL;
}

/* --- by two ----------------------------------------------------------------------------------- */

/* What the thread that reads hands over. */
struct load {
    size_t n;
    struct tracker_record record[LOAD];
    struct intake_counts counts; /* up to here */
};

/* An ahead_fill. */
static bool fill(void *context, const struct ahead *a, void *block)
{
    struct intake *in = context;
    struct load *l = block;
    const struct record *r;
    size_t n;

    l->n = 0;
    do
        if ((r = intake_next(in, &n)))
            l->n += intake_decode(in, r, n, l->record + l->n);
    while (r && l->n + (size_t)INPUT_BATCH * INTAKE_MOST <= LOAD && !ahead_is_awaited(a));
    l->counts = in->counts;
    return l->n > 0;
}

void pipeline_read_ahead(struct pipeline *p)
{
    p->ahead = ahead_start(fill, &p->intake, LOADS, sizeof(struct load));
}

static bool take_load(struct pipeline *p)
{
    struct load *l = ahead_next(p->ahead);

    if (!l)
        return false;
    tell_counts(p, &l->counts);
    for (size_t done = 0; done < l->n; done += BATCH)
        tracker_take(&p->tracker, l->record + done, l->n - done < BATCH ? l->n - done : BATCH);
    return true;
}

bool pipeline_read(struct pipeline *p)
{
    return p->ahead ? take_load(p) : read_now(p);
}

/* The intake is the caller's again. */
static void stop_reading(struct pipeline *p)
{
    ahead_stop(p->ahead);
    p->ahead = NULL;
}

bool pipeline_end(struct pipeline *p, size_t n)
{
    if (!p->ended) {
        size_t n_losses;

        p->ended = true;
        stop_reading(p);
        decoder_finish(p->intake.decoder);
        p->summary->duplicates = p->tracker.duplicates;
        input_losses(p->intake.input, &n_losses);
        p->tracker.losses = (uint16_t)n_losses; /* those told at the very end too */
    }
    bool more = tracker_end_some(&p->tracker, n);
    p->summary->evicted = p->tracker.evicted;
    return more;
}

void pipeline_shrink(struct pipeline *p)
{
    tracker_done(&p->tracker);
    translations_done(&p->intake.translations);
    xalloc_trim();
}

void pipeline_close(struct pipeline *p)
{
    stop_reading(p);
    if (p->summary)
        tracker_done(&p->tracker);
    intake_close(&p->intake);
    free(p->tap_of);
    *p = (struct pipeline){0};
}
