/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/report.h"

#include "base/crew.h"
#include "base/xalloc.h"
#include "report/batch.h"
#include "report/collect.h"
#include "report/examine.h"
#include "report/kept.h"

#include <stdlib.h>
#include <string.h>

struct report {
    struct report_setup setup;
    struct model_summary summary;
    struct collector *collector;
    struct writer *writer;
    enum writer_wants wants;
    struct examiner examiner;
    struct crew *crew;   /* NULL: one thread does everything */
    struct batch *batch; /* the next job of the crew */
    struct arena arena;  /* of the connection at hand */
    struct kept kept;    /* until their turn in the output comes */
    uint64_t written;
    struct limits evicted; /* of connections that came packed */
    uint64_t *dropped;     /* see struct model_shard */
    size_t n_dropped, cap_dropped;
};

static const struct writer_ops *const writers[] = {&writer_text, &writer_json, &writer_ndjson,
                                                   &writer_wireshark};

const struct writer_ops *writer_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (strcmp(name, writers[i]->name) == 0)
            return writers[i];
    return NULL;
}

struct model_summary *report_summary(struct report *r)
{
    return &r->summary;
}

/* Whether the connection belongs in the report. */
static bool admit(struct report *r, const struct model_connection *m)
{
    r->summary.connections_in_all += m->close != CLOSE_STRAY;
    return !r->setup.gate || r->setup.gate(r->setup.gate_context, m, r->summary.first_t);
}

/* A kept_taker. */
static void write_connection(void *context, const struct model_connection *m)
{
    struct report *r = context;
    bool wanted = r->setup.write.verbose || r->wants == WANTS_ONE || r->setup.shard.of > 1;

    if (m->close == CLOSE_STRAY && !wanted && !m->n_findings)
        return;
    r->setup.writer->connection(r->writer, m);
    r->written++;
}

/* What a brief look leaves out is needed after all when the connection becomes an example. */
static const struct model_connection *whole(const struct report *r, const struct connection *c,
                                            int64_t judged_at, struct arena *arena)
{
    struct examiner x = r->examiner;

    x.brief = false;
    return examine(&x, c, judged_at, arena);
}

static bool is_quoted(const struct report *r, const struct model_connection *m)
{
    return r->examiner.brief && collector_quotes(r->collector, m);
}

/* Count a connection that was examined, and write it now or put it aside until its turn. */
static void take(struct report *r, const struct connection *c, const struct model_connection *m,
                 int64_t judged_at, struct arena *arena)
{
    if (is_quoted(r, m))
        m = whole(r, c, judged_at, arena);
    if (!admit(r, m))
        return;
    collector_add(r->collector, m);
    if (r->wants == WANTS_STREAMED)
        write_connection(r, m);
    if (r->wants == WANTS_SORTED || (r->wants == WANTS_ONE && m->stream == r->setup.write.stream))
        kept_add(&r->kept, c, judged_at);
}

/* What its limits took of a connection that the tracker did not look at. */
static void count_evicted(struct report *r, const struct connection *c)
{
    r->evicted.of[LIMIT_STEPS] += c->steps.total > c->steps.most;
    r->evicted.of[LIMIT_RANGES] += c->flow.extra ? c->flow.extra->holes_given_up : 0;
}

/* --- judged by several threads ---------------------------------------------------------------- */

static void work(void *context, void *job)
{
    const struct report *r = context;

    batch_examine(job, &r->examiner);
}

static void deliver(void *context, void *job)
{
    struct report *r = context;
    struct batch *b = job;

    for (size_t i = 0; i < b->n; i++) {
        const struct batch_item *item = &b->item[i];

        if (item->came_rested)
            count_evicted(r, item->c);
        take(r, item->c, item->m, item->rest.judged_at, &b->arena);
    }
    batch_reset(b);
}

static struct batch *open_batch(struct report *r)
{
    if (!r->batch)
        r->batch = crew_spare(r->crew);
    if (!r->batch)
        r->batch = batch_new();
    return r->batch;
}

static void hand_in(struct report *r)
{
    crew_put(r->crew, r->batch);
    r->batch = NULL;
}

static void wait_for_crew(struct report *r)
{
    if (r->batch)
        hand_in(r);
    if (r->crew)
        crew_end(r->crew);
    r->crew = NULL;
}

struct report *report_open(const struct report_setup *setup)
{
    struct report *r = xcalloc(1, sizeof *r);

    r->setup = *setup;
    r->setup.write.capture = &r->summary;
    r->setup.write.n_files = input_n_files(setup->input);
    r->summary.options = setup->echo;
    r->summary.shard = setup->shard;
    r->summary.input = setup->input;
    r->summary.tap_of = setup->tap_of;
    r->summary.notes = decoder_notes(setup->decoder);
    r->collector = collector_new(&setup->what_if, false);
    r->wants = setup->writer->wants(&r->setup.write);
    r->writer = setup->writer->open(setup->out, &r->setup.write);
    /* One that is written later is examined again. */
    r->examiner = (struct examiner){.settings = setup->settings,
                                    .input = setup->input,
                                    .decoder = setup->decoder,
                                    .brief = r->wants != WANTS_STREAMED && !setup->gate};
    if (setup->threads > 1)
        r->crew = crew_new(setup->threads - 1, work, deliver, batch_free, r);
    return r;
}

/* --- from the tracker ------------------------------------------------------------------------- */

static void judge_now(struct report *r, const struct connection *c, int64_t judged_at)
{
    take(r, c, examine(&r->examiner, c, judged_at, &r->arena), judged_at, &r->arena);
}

void report_take(void *context, struct connection *c, int64_t judged_at)
{
    struct report *r = context;

    if (!r->crew) {
        arena_reset(&r->arena);
        judge_now(r, c, judged_at);
    } else if (batch_add(open_batch(r), c, judged_at)) {
        hand_in(r);
    }
    tracker_release(r->setup.tracker, c);
}

void report_take_rested(void *context, const struct rested *rested)
{
    struct report *r = context;

    if (r->crew) {
        if (batch_add_rested(open_batch(r), rested))
            hand_in(r);
        return;
    }
    arena_reset(&r->arena);
    const struct connection *c = rested_thaw(rested, &r->arena);
    count_evicted(r, c);
    judge_now(r, c, rested->judged_at);
}

void report_dropped(void *context, uint64_t stream)
{
    struct report *r = context;

    if (r->setup.shard.of < 2)
        return;
    if (r->n_dropped == r->cap_dropped) {
        r->cap_dropped = r->cap_dropped ? r->cap_dropped * 2 : 64;
        r->dropped = xreallocarray(r->dropped, r->cap_dropped, sizeof *r->dropped);
    }
    r->dropped[r->n_dropped++] = stream;
}

uint64_t report_finish(struct report *r)
{
    wait_for_crew(r);
    for (int i = 0; i < LIMIT_COUNT; i++)
        r->summary.evicted.of[i] += r->evicted.of[i];
    collector_finish(r->collector, r->setup.input, r->setup.settings, &r->summary);
    r->summary.streams = r->setup.tracker->flows.next_stream;
    r->summary.shard.dropped = r->dropped;
    r->summary.shard.n_dropped = r->n_dropped;
    r->setup.writer->summary(r->writer, &r->summary);
    r->examiner.brief = false;
    kept_tell(&r->kept, &r->examiner, r->setup.threads, write_connection, r);
    r->setup.writer->close(r->writer);
    r->writer = NULL;
    return r->written;
}

void report_free(struct report *r)
{
    wait_for_crew(r);
    collector_free(r->collector);
    arena_done(&r->arena);
    kept_done(&r->kept);
    free(r->dropped);
    free(r);
}
