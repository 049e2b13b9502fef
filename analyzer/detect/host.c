/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/host.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static const enum tcp_state states[HOST_STATES] = {
    [HOST_TIME_WAIT] = ST_TIME_WAIT,
    [HOST_CLOSE_WAIT] = ST_CLOSE_WAIT,
    [HOST_FIN_WAIT_2] = ST_FIN_WAIT_2,
    [HOST_LAST_ACK] = ST_LAST_ACK,
};

const char *host_state_name(enum host_state s)
{
    return tcp_state_name(states[s]);
}

enum tcp_state host_state(enum host_state s)
{
    return states[s];
}

static struct keyed_place place(struct keyed *t, const struct facts *f, int role)
{
    struct host_key key = {
        .addr = f->end[role].addr, .service = f->end[END_SERVER].port, .role = (uint16_t)role};

    return keyed_place(t, &key, sizeof key);
}

static void count_stay(struct host *h, const struct host_stay *s)
{
    if (s->state != ST_CLOSED && s->state != ST_NONE)
        dwell_add(s->ended ? &h->held[s->state] : &h->open[s->state], s->to - s->from);
    for (int k = 0; k < HOST_STATES; k++)
        if (states[k] == s->state) /* what lasts to the end is there at the first grid point after
                                      it, too */
            series_add(&h->population[k], s->from, s->ended ? s->to : s->to + NS_PER_S);
}

static void count_stays(struct host *h)
{
    for (unsigned i = 0; i < h->n_stays; i++)
        count_stay(h, &h->stays[i]);
    h->n_stays = 0;
}

static void add_stays(struct host *h, const struct fact_end *e)
{
    if (!h->stays)
        h->stays = xcalloc(HOST_STAYS, sizeof *h->stays);
    for (size_t i = 0; i < e->n_stays; i++) {
        const struct fact_stay *s = &e->stays[i];

        if (h->n_stays == HOST_STAYS)
            count_stays(h);
        h->stays[h->n_stays++] = (struct host_stay){
            .from = s->from, .to = s->to, .state = (uint8_t)s->state, .ended = i + 1 < e->n_stays};
    }
}

void hosts_settle(struct host_table *t)
{
    for (size_t i = 0; i < t->of.n; i++) {
        struct host *h = t->of.entry[i];

        count_stays(h);
        for (int k = 0; k < HOST_STATES; k++)
            series_settle(&h->population[k]);
    }
}

static bool entered_close_wait(const struct fact_end *e)
{
    for (size_t i = 0; i < e->n_stays; i++)
        if (e->stays[i].state == ST_CLOSE_WAIT)
            return true;
    return false;
}

static void add_leak(struct host *h, const struct fact_end *e, uint64_t stream)
{
    if (!entered_close_wait(e))
        return;
    h->peer_closed++;
    if (e->waits) {
        dwell_add(&h->waiting, e->waits);
        if (!h->has_leak || stream < h->leak_stream)
            h->leak_stream = stream;
        h->has_leak = true;
    } else if (e->fin) {
        if (!h->has_answer || stream < h->answer_stream)
            h->answer_stream = stream;
        h->has_answer = true;
    }
}

int64_t host_patience(const struct host *h, const struct settings *settings)
{
    int64_t notice = settings_ns(settings, TH_CLOSE_WAIT_NOTICE), usual;

    if (!h->held[ST_CLOSE_WAIT].n)
        return notice;
    usual = dwell_percentile(&h->held[ST_CLOSE_WAIT], 50);
    if (usual > notice / 10)
        return notice;
    usual = usual < NS_PER_S / 10 ? NS_PER_S : 10 * usual;
    return usual < notice ? usual : notice;
}

uint64_t host_left(const struct host *h, int64_t patience)
{
    return h->waiting.max >= patience ? dwell_between(&h->waiting, patience, h->waiting.max) : 0;
}

static void fetch(const void *entry)
{
    const struct host *h = entry;

    if (h->stays) {
        __builtin_prefetch(h->stays + h->n_stays, 1);
        __builtin_prefetch(h->stays + h->n_stays + 4, 1);
    }
}

static void add(void *entry, const struct facts *f, int role)
{
    struct host *h = entry;
    const struct fact_end *e = &f->end[role];

    if (!h->known || f->stream < h->stream)
        h->stream = f->stream;
    h->known = true;
    h->connections++;
    h->by_kind[f->kind]++;
    if (f->both_closed_first || (int)f->first_closer == role)
        h->closed_first++;
    else if (f->first_closer != END_NONE)
        h->closed_second++;
    add_stays(h, e);
    add_leak(h, e, f->stream);
}

const struct tally host_tally = {.size = sizeof(struct host),
                                 .common = offsetof(struct host, held),
                                 .place = place,
                                 .fetch = fetch,
                                 .add = add};

void hosts_done(struct host_table *t)
{
    for (size_t i = 0; i < t->of.n; i++) {
        struct host *h = t->of.entry[i];

        free(h->stays);
        for (int k = 0; k < ST_COUNT; k++) {
            dwell_done(&h->held[k]);
            dwell_done(&h->open[k]);
        }
        dwell_done(&h->waiting);
        for (int k = 0; k < HOST_STATES; k++)
            series_done(&h->population[k]);
    }
    keyed_done(&t->of);
}
