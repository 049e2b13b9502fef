/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/storm.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static struct storm *find(struct storms *t, enum storm_scope scope, const struct addr *addr,
                          uint16_t port)
{
    struct storm_key key = {.addr = *addr, .port = port, .scope = (uint16_t)scope};

    return keyed_find(&t->of, &key, sizeof key, sizeof(struct storm));
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

static void add(struct storm *k, const struct facts *f, const struct addr *peer)
{
    const struct fact_end *server = &f->end[END_SERVER];
    bool failed = f->kind == CLOSE_REFUSED || f->kind == CLOSE_NO_ANSWER || f->half_way;
    int64_t t = f->has_reset ? f->reset.t : f->first.t;

    if (!k)
        return;
    k->connections++;
    series_event(&k->ended, f->last.t);
    if (!failed && !f->has_reset)
        return;
    if (failed)
        add_attempt(k, f);
    if (f->has_reset)
        add_reset(k, f);
    peers_add(&k->peers, peer, 0, t);
    peers_add(&k->targets, &server->addr, server->port, t);
    cross_member(k->member, k->n_named, f->stream);
    k->n_named += k->n_named < CROSS_MEMBERS;
}

void storms_add(struct storms *t, const struct facts *f)
{
    const struct addr *client = &f->end[END_CLIENT].addr, *server = &f->end[END_SERVER].addr;

    add(find(t, STORM_SERVICE, server, f->end[END_SERVER].port), f, client);
    add(find(t, STORM_SERVER, server, 0), f, client);
    add(find(t, STORM_CLIENT, client, 0), f, server);
}

void storms_done(struct storms *t)
{
    for (size_t i = 0; i < t->of.n; i++) {
        struct storm *k = t->of.entry[i];

        series_done(&k->ended);
        series_done(&k->tried);
        series_done(&k->half_open);
        series_done(&k->resets);
        for (size_t c = 0; c < k->n_causes; c++)
            series_done(&k->cause[c].at);
        free(k->cause);
        free(k->second);
        peers_done(&k->peers);
        peers_done(&k->targets);
        dwell_done(&k->idle);
    }
    keyed_done(&t->of);
}
