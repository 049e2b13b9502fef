/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/storm.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static enum end end_of(enum storm_scope scope)
{
    return scope == STORM_CLIENT ? END_CLIENT : END_SERVER;
}

static struct keyed_place place(struct keyed *t, const struct facts *f, int scope)
{
    struct storm_key key = {.addr = f->end[end_of((enum storm_scope)scope)].addr,
                            .port = scope == STORM_SERVICE ? f->end[END_SERVER].port : 0,
                            .scope = (uint16_t)scope};

    return keyed_place(t, &key, sizeof key);
}

static void fetch(const void *entry)
{
    series_fetch(&((const struct storm *)entry)->ended);
}

static struct series *cause_of(struct storm *k, enum finding_id cause)
{
    for (size_t i = 0; i < k->n_causes; i++)
        if (k->cause[i].cause == cause)
            return &k->cause[i].at;
    k->cause = xreallocarray(k->cause, k->n_causes + 1, sizeof *k->cause);
    k->cause[k->n_causes] = (struct storm_cause){.cause = cause};
    return &k->cause[k->n_causes++].at;
}

static bool before(const struct ref *a, const struct ref *b)
{
    if (a->t != b->t)
        return a->t < b->t;
    return a->file != b->file ? a->file < b->file : a->packet < b->packet;
}

static void add_second(struct storm *k, const struct ref *at)
{
    int64_t second = at->t / NS_PER_S;
    size_t i = k->n_seconds;

    while (i > 0 && k->second[i - 1].second > second)
        i--;
    if (i > 0 && k->second[i - 1].second == second) {
        struct storm_second *s = &k->second[i - 1];

        s->first = before(at, &s->first) ? *at : s->first;
        s->last = before(&s->last, at) ? *at : s->last;
        return;
    }
    if (k->n_seconds == SERIES_POINTS)
        return;
    if (k->n_seconds == k->cap_seconds) {
        k->cap_seconds = k->cap_seconds ? 2 * k->cap_seconds : 4;
        k->second = xreallocarray(k->second, k->cap_seconds, sizeof *k->second);
    }
    memmove(&k->second[i + 1], &k->second[i], (k->n_seconds - i) * sizeof *k->second);
    k->second[i] = (struct storm_second){.second = second, .first = *at, .last = *at};
    k->n_seconds++;
}

static void add_attempt(struct storm *k, const struct facts *f)
{
    k->failed++;
    series_event(&k->tried, f->first.t);
    if (f->kind != CLOSE_REFUSED)
        series_event(&k->half_open, f->first.t);
    if (!k->try_first.packet || before(&f->first, &k->try_first))
        k->try_first = f->first;
    if (!k->try_last.packet || before(&k->try_last, &f->first))
        k->try_last = f->first;
}

static void add_reset(struct storm *k, const struct facts *f)
{
    series_event(&k->resets, f->reset.t);
    series_event(cause_of(k, f->reset_cause), f->reset.t);
    add_second(k, &f->reset);
    dwell_add(&k->idle, f->reset_idle);
}

static void add(void *entry, const struct facts *f, int scope)
{
    struct storm *k = entry;
    const struct fact_end *server = &f->end[END_SERVER];
    const struct fact_end *peer =
        &f->end[end_of((enum storm_scope)scope) == END_SERVER ? END_CLIENT : END_SERVER];
    bool failed = f->kind == CLOSE_REFUSED || f->kind == CLOSE_NO_ANSWER || f->half_way;
    int64_t t = f->has_reset ? f->reset.t : f->first.t;

    k->connections++;
    series_event(&k->ended, f->last.t);
    if (!failed && !f->has_reset)
        return;
    if (failed)
        add_attempt(k, f);
    if (f->has_reset)
        add_reset(k, f);
    peers_add(&k->peers, &peer->addr, 0, t);
    peers_add(&k->targets, &server->addr, server->port, t);
    cross_member(k->member, k->n_named, f->stream);
    k->n_named += k->n_named < CROSS_MEMBERS;
}

const struct tally storm_tally = {.size = sizeof(struct storm),
                                  .common = offsetof(struct storm, tried),
                                  .place = place,
                                  .fetch = fetch,
                                  .add = add};

/* Everything in k that is counted over time. */
static void for_each_series(struct storm *k, void (*act)(struct series *))
{
    act(&k->ended);
    act(&k->tried);
    act(&k->half_open);
    act(&k->resets);
    for (size_t c = 0; c < k->n_causes; c++)
        act(&k->cause[c].at);
}

void storms_settle(struct storms *t)
{
    for (size_t i = 0; i < t->of.n; i++)
        for_each_series(t->of.entry[i], series_settle);
}

void storms_done(struct storms *t)
{
    for (size_t i = 0; i < t->of.n; i++) {
        struct storm *k = t->of.entry[i];

        for_each_series(k, series_done);
        free(k->cause);
        free(k->second);
        peers_done(&k->peers);
        peers_done(&k->targets);
        dwell_done(&k->idle);
    }
    keyed_done(&t->of);
}
