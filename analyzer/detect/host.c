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

static bool is_host(const struct host *h, const struct addr *addr, uint16_t service, enum end role)
{
    return h->service == service && h->role == role && addr_compare(&h->addr, addr) == 0;
}

static struct host *find(struct host_table *t, const struct addr *addr, uint16_t service,
                         enum end role)
{
    uint32_t hash = 2166136261u ^ service ^ (uint32_t)role << 20;

    for (size_t i = 0; i < sizeof addr->octets; i++)
        hash = (hash ^ addr->octets[i]) * 16777619u;
    size_t i = (hash ^ hash >> 15) % (2 * HOSTS_MAX);
    for (; t->slot[i]; i = (i + 1) % (2 * HOSTS_MAX))
        if (is_host(t->host[t->slot[i] - 1], addr, service, role))
            return t->host[t->slot[i] - 1];
    if (t->n == HOSTS_MAX)
        return NULL;
    if (!t->host)
        t->host = xcalloc(HOSTS_MAX, sizeof *t->host);
    struct host *h = xcalloc(1, sizeof *h);
    *h = (struct host){.addr = *addr, .service = service, .role = role, .stream = UINT64_MAX};
    t->host[t->n++] = h;
    t->slot[i] = (uint32_t)t->n;
    return h;
}

static void add_states(struct host *h, const struct fact_end *e)
{
    for (size_t i = 0; i < e->n_stays; i++) {
        const struct fact_stay *stay = &e->stays[i];
        bool ended = i + 1 < e->n_stays;

        for (int k = 0; k < HOST_STATES; k++) {
            if (states[k] != stay->state)
                continue;
            dwell_add(ended ? &h->held[k] : &h->open[k], stay->to - stay->from);
            /* What lasts to the end is there at the first grid point after it, too. */
            series_add(&h->population[k], stay->from, ended ? stay->to : stay->to + NS_PER_S);
        }
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
    if (e->leaks) {
        h->never_closed++;
        if (!h->has_leak || stream < h->leak_stream)
            h->leak_stream = stream;
        h->has_leak = true;
    } else if (e->fin) {
        if (!h->has_answer || stream < h->answer_stream)
            h->answer_stream = stream;
        h->has_answer = true;
    }
}

static void add_end(struct host_table *t, const struct facts *f, enum end role)
{
    const struct fact_end *e = &f->end[role];
    struct host *h = find(t, &e->addr, f->end[END_SERVER].port, role);

    if (!h) {
        t->omitted++;
        return;
    }
    if (f->stream < h->stream)
        h->stream = f->stream;
    h->connections++;
    h->by_kind[f->kind]++;
    if (f->both_closed_first || f->first_closer == role)
        h->closed_first++;
    else if (f->first_closer != END_NONE)
        h->closed_second++;
    add_states(h, e);
    add_leak(h, e, f->stream);
}

void hosts_add(struct host_table *t, const struct facts *f)
{
    add_end(t, f, END_CLIENT);
    add_end(t, f, END_SERVER);
}

void hosts_done(struct host_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        for (int k = 0; k < HOST_STATES; k++) {
            dwell_done(&t->host[i]->held[k]);
            dwell_done(&t->host[i]->open[k]);
            series_done(&t->host[i]->population[k]);
        }
        free(t->host[i]);
    }
    free(t->host);
}
