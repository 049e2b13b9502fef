/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Whole flows stand in two queues. A live one that comes to the front and had packets since it was
 * put there goes back to the end, so that a packet costs no work on the queue. */
#include "track/keep.h"

#include "track/finish.h"
#include "track/frozen.h"
#include "track/steplog.h"

#include <stdlib.h>

enum {
    WHOLE_SHARE = 32,   /* one connection in so many may be whole, or tracker.whole_least */
    OVER_SHARE = 16,    /* and this part of the latter may be whole though they are over */
    SECOND_CHANCES = 4, /* put back at a time */
};

static void enqueue(struct tracker *t, struct flow *f)
{
    f->whole_list = f->entry.list == FLOW_OVER ? WHOLE_OVER : WHOLE_LIVE;
    struct whole_queue *q = &t->whole[f->whole_list];

    f->whole_since = f->last_packet;
    f->whole_next = NULL;
    f->whole_prev = q->last;
    *(q->last ? &q->last->whole_next : &q->first) = f;
    q->last = f;
    q->n++;
}

void keep_leave(struct tracker *t, struct flow *f)
{
    struct whole_queue *q = &t->whole[f->whole_list];

    *(f->whole_prev ? &f->whole_prev->whole_next : &q->first) = f->whole_next;
    *(f->whole_next ? &f->whole_next->whole_prev : &q->last) = f->whole_prev;
    f->whole_prev = f->whole_next = NULL;
    q->n--;
}

void keep_regroup(struct tracker *t, struct flow *f)
{
    keep_leave(t, f);
    enqueue(t, f);
}

void keep_new(struct tracker *t, struct flow *f)
{
    uint64_t incarnations = 1;
    struct flow_entry *e = &f->entry;

    connection_of(f)->steps.most = (uint16_t)t->settings->limits.of[LIMIT_STEPS];
    enqueue(t, f);
    for (struct flow_entry *older; (older = flow_older_of(e)); e = older)
        incarnations++;
    if (incarnations <= t->settings->limits.of[LIMIT_INCARNATIONS])
        return;
    t->evicted.of[LIMIT_INCARNATIONS]++;
    finish_now(t, e);
}

/* The list in which a connection waits that is not over. */
static enum flow_list_name waits_in(const struct flow *f)
{
    return (f->side[0].bits | f->side[1].bits) & (SIDE_FIN | SIDE_FIN_MISSED | SIDE_FIN_MAYBE)
               ? FLOW_CLOSING
               : FLOW_QUIET;
}

int64_t keep_last_activity(const struct flow_entry *e)
{
    return e->packed ? frozen_head(flow_octets(e)).last_t : ((const struct flow *)e)->last_t;
}

/* Ask for the memory of those that will be packed after f. */
static void prefetch_next(const struct tracker *t, const struct flow *f)
{
    struct flow *next = f->whole_next;

    if (!next)
        return;
    flow_prefetch_removal(&t->flows, &next->entry);
    steplog_prefetch_all(&connection_of(next)->steps);
    if (next->whole_next)
        flow_prefetch_flow(&t->flows, next->whole_next);
}

static void pack(struct tracker *t, struct flow *f)
{
    struct connection *c = connection_of(f);
    uint8_t octets[FROZEN_MAX];

    prefetch_next(t, f);
    size_t n = freeze(c, true, octets);
    keep_leave(t, f);
    if (t->due_of == &f->entry)
        t->due_of = NULL;
    struct flow_entry *e = flow_pack(&t->flows, f, octets, n);
    if (e->list == FLOW_UNLISTED)
        flow_enlist(&t->flows, e, waits_in(f));
    tracker_release(t, c);
}

/* The older of two by their latest activity; either may be NULL. */
static struct flow_entry *older(struct flow_entry *a, struct flow_entry *b)
{
    if (!a || !b)
        return a ? a : b;
    return keep_last_activity(b) < keep_last_activity(a) ? b : a;
}

/* Hand on who has been quiet for longest, those in the middle of a close last. */
static void evict(struct tracker *t)
{
    const struct flow_list *list = t->flows.list;
    struct flow_entry *e = older(list[FLOW_OVER].first, list[FLOW_QUIET].first);

    if (!e && t->whole[WHOLE_LIVE].first)
        e = &t->whole[WHOLE_LIVE].first->entry;
    t->evicted.of[LIMIT_CONNECTIONS]++;
    finish_now(t, e ? e : list[FLOW_CLOSING].first);
}

void keep_trim(struct tracker *t)
{
    size_t most = t->flows.n_entries / WHOLE_SHARE;

    while (t->flows.n_entries > t->settings->limits.of[LIMIT_CONNECTIONS])
        evict(t);
    if (most < t->whole_least)
        most = t->whole_least;
    while (t->whole[WHOLE_OVER].n > t->whole_least / OVER_SHARE)
        pack(t, t->whole[WHOLE_OVER].first);
    for (int chances = SECOND_CHANCES; t->whole[WHOLE_LIVE].n > most;) {
        struct flow *f = t->whole[WHOLE_LIVE].first;

        if (chances && f->whole_since != f->last_packet) {
            keep_regroup(t, f);
            chances--;
        } else {
            pack(t, f);
        }
    }
}

static struct flow *unpack(struct tracker *t, struct flow_entry *e)
{
    struct flow *f = flow_take(&t->flows);

    thaw_alive(flow_octets(e), connection_of(f), &t->chunks);
    return f;
}

static struct flow *wake(struct tracker *t, struct flow_entry *e)
{
    struct flow *f = unpack(t, e);

    flow_unpack(&t->flows, e, f);
    if (f->entry.list != FLOW_OVER)
        flow_enlist(&t->flows, &f->entry, FLOW_UNLISTED);
    t->due_of = NULL;
    flow_release(&t->flows, e);
    enqueue(t, f);
    return f;
}

struct flow *keep_wake(struct tracker *t, const struct flow_lookup *l)
{
    struct flow_entry *e = flow_find(&t->flows, l), *newest;

    if (!e)
        return NULL;
    newest = e->packed ? &wake(t, e)->entry : e;
    for (e = newest; (e = flow_older_of(e));)
        if (e->packed)
            e = &wake(t, e)->entry;
    return flow_of_entry(newest);
}

struct connection *keep_take_out(struct tracker *t, struct flow_entry *e)
{
    struct flow *f = flow_of_entry(e);

    t->due_of = NULL;
    if (!e->packed)
        keep_leave(t, f);
    else
        f = unpack(t, e);
    flow_remove(&t->flows, e);
    if (e->packed)
        flow_release(&t->flows, e);
    return connection_of(f);
}
