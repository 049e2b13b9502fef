/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/finish.h"

#include "base/xalloc.h"
#include "track/frozen.h"
#include "track/keep.h"

#include <stdlib.h>

enum { AHEAD = 2 }; /* connections whose memory is on its way while one is finished */

bool finish_is_over(const struct flow *f)
{
    unsigned bits = f->side[0].bits | f->side[1].bits;
    const unsigned fins = SIDE_FIN | SIDE_FIN_MISSED | SIDE_FIN_MAYBE;
    bool two_fins = (f->side[0].bits & fins) && (f->side[flow_peer(f, 0)].bits & fins);

    return (bits & SIDE_RST) || two_fins ||
           ((bits & SIDE_SYN) && !(bits & fins) && !(f->bits & FLOW_ESTABLISHED));
}

/* The end of its silence: of the capture, or of what is worth waiting for. */
static int64_t judged_at(const struct tracker *t, const struct flow_entry *e)
{
    int64_t end = keep_last_activity(e) + t->linger,
            eoc = t->clock[flow_entry_key(&t->flows, e).tap];

    return e->list == FLOW_OVER && end < eoc ? end : eoc;
}

struct connection *rested_thaw(const struct rested *r, struct arena *arena)
{
    struct connection *c = thaw(r->octets, arena);

    c->clock_steps = r->clock_steps;
    c->losses = r->losses;
    return c;
}

static void hand_on_rested(struct tracker *t, struct flow_entry *e)
{
    const struct rested r = {.octets = flow_octets(e),
                             .size = (size_t)e->packed * FLOW_OCTETS,
                             .clock_steps = t->clock_steps,
                             .losses = t->losses,
                             .judged_at = judged_at(t, e)};

    t->due_of = NULL;
    flow_remove(&t->flows, e);
    t->rested(t->context, &r);
    flow_release(&t->flows, e);
}

void finish_now(struct tracker *t, struct flow_entry *e)
{
    if (e->packed && t->rested) {
        hand_on_rested(t, e);
        return;
    }
    int64_t until = judged_at(t, e);
    struct connection *c = keep_take_out(t, e);

    c->clock_steps = t->clock_steps;
    c->losses = t->losses;
    t->evicted.of[LIMIT_STEPS] += c->steps.total > c->steps.most;
    if (c->flow.extra)
        t->evicted.of[LIMIT_RANGES] += c->flow.extra->holes_given_up;
    t->finished(t->context, c, until);
}

/* --- while the capture is read ---------------------------------------------------------------- */

/* Until when the first that is over is waited for. */
static void look_at_first(struct tracker *t, const struct flow_entry *e)
{
    t->due = keep_last_activity(e) + t->linger;
    t->due_tap = flow_entry_key(&t->flows, e).tap;
    t->due_of = e;
}

/* Ask for the memory of those that come after e. */
static void prefetch_next(const struct tracker *t, const struct flow_entry *e)
{
    if (!e->next)
        return;
    flow_prefetch_removal(&t->flows, e->next);
    if (e->next->next)
        flow_prefetch_octets(e->next->next);
}

void finish_due(struct tracker *t, uint32_t file, int64_t now)
{
    int64_t *clock = &t->clock[t->tap_of[file]];
    struct flow_entry *e;

    if (now > *clock)
        *clock = now;
    while ((e = t->flows.list[FLOW_OVER].first)) {
        if (e != t->due_of)
            look_at_first(t, e);
        if (t->clock[t->due_tap] <= t->due)
            break;
        prefetch_next(t, e);
        finish_now(t, e);
    }
}

/* --- at its end ------------------------------------------------------------------------------- */

static uint64_t stream_of(const struct flow_entry *e)
{
    return e->packed ? frozen_head(flow_octets(e)).stream : ((const struct flow *)e)->stream;
}

struct numbered {
    uint64_t stream;
    struct flow_entry *entry;
};

static int by_stream(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;

    return x->stream < y->stream ? -1 : x->stream > y->stream;
}

/* Numbers with wide gaps, as in a shard. */
static void sort_the_rest(struct tracker *t)
{
    struct numbered *list = xcalloc(t->n_ending, sizeof *list);

    for (size_t i = 0; i < t->n_ending; i++)
        list[i] = (struct numbered){.stream = stream_of(t->ending[i]), .entry = t->ending[i]};
    qsort(list, t->n_ending, sizeof *list, by_stream);
    for (size_t i = 0; i < t->n_ending; i++)
        t->ending[i] = list[i].entry;
    free(list);
}

/* Most numbers of the last ones are taken: each entry has its place. */
static void place_the_rest(struct tracker *t, uint64_t first, uint64_t last)
{
    size_t n = (size_t)(last - first) + 1, to = 0;
    struct flow_entry **place = xcalloc(n, sizeof(struct flow_entry *));

    for (size_t i = 0; i < t->n_ending; i++)
        place[stream_of(t->ending[i]) - first] = t->ending[i];
    for (size_t i = 0; i < n; i++)
        if (place[i])
            t->ending[to++] = place[i];
    free(place);
}

/* What is released one after the other makes room for what is counted of the connections. */
static void drain(struct tracker *t)
{
    flow_table_drain(&t->flows);
    pool_forget(&t->chunks);
}

static void hold(struct tracker *t, struct flow_entry *e)
{
    slabs_hold(&t->flows.slabs, e);
    if (!e->packed && connection_of(flow_of_entry(e))->steps.cap)
        slabs_hold(&t->flows.slabs, connection_of(flow_of_entry(e))->steps.at);
}

static void collect_the_rest(struct tracker *t)
{
    uint64_t first = UINT64_MAX, last = 0;

    drain(t);
    t->ending = xcalloc(t->flows.n_entries + 1, sizeof(struct flow_entry *));
    for (size_t i = 0; i < t->flows.n_slots; i++)
        for (struct flow_entry *e = t->flows.slots[i].newest; e; e = flow_older_of(e)) {
            uint64_t stream = stream_of(e);

            first = stream < first ? stream : first;
            last = stream > last ? stream : last;
            t->ending[t->n_ending++] = e;
            hold(t, e);
        }
    if (t->n_ending && last - first < 2 * t->n_ending)
        place_the_rest(t, first, last);
    else if (t->n_ending)
        sort_the_rest(t);
}

bool tracker_end_some(struct tracker *t, size_t n)
{
    if (!t->ending)
        collect_the_rest(t);
    for (; n && t->ended < t->n_ending; n--) {
        if (t->ended + 2 * AHEAD < t->n_ending)
            flow_prefetch_octets(t->ending[t->ended + 2 * AHEAD]);
        if (t->ended + AHEAD < t->n_ending)
            flow_prefetch_removal(&t->flows, t->ending[t->ended + AHEAD]);
        finish_now(t, t->ending[t->ended++]);
    }
    if (t->ended < t->n_ending)
        return true;
    tracker_done(t); /* what comes after needs the memory */
    return false;
}

void tracker_end(struct tracker *t)
{
    tracker_end_some(t, SIZE_MAX);
}

/* --- in between ------------------------------------------------------------------------------- */

const struct connection *tracker_find(struct tracker *t, const struct flow_key *key,
                                      uint64_t stream, int64_t *until)
{
    struct flow_entry *e = t->flows.n_slots ? flow_find_key(&t->flows, key) : NULL;
    struct connection *c = NULL;

    arena_reset(&t->found);
    for (; e && !c; e = flow_older_of(e)) {
        *until = judged_at(t, e);
        if (!e->packed && flow_of_entry(e)->stream == stream)
            c = connection_of(flow_of_entry(e));
        else if (e->packed && frozen_head(flow_octets(e)).stream == stream)
            c = thaw(flow_octets(e), &t->found);
    }
    if (!c)
        return NULL;
    c->clock_steps = t->clock_steps;
    c->losses = t->losses;
    return c;
}
