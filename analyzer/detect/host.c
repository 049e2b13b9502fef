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

static void add_states(struct host *h, const struct life *l, int dir)
{
    const struct machine *m = &l->machine[dir];

    for (unsigned i = 0; i < m->n; i++) {
        int64_t from = m->path[i].t, to = i + 1 < m->n ? m->path[i + 1].t : l->eoc;

        for (int k = 0; k < HOST_STATES; k++) {
            if (states[k] != m->path[i].state)
                continue;
            dwell_add(i + 1 < m->n ? &h->held[k] : &h->open[k], to - from);
            /* What lasts to the end is there at the first grid point after it, too. */
            series_add(&h->population[k], from, i + 1 < m->n ? to : to + NS_PER_S);
        }
    }
}

static void add_leak(struct host *h, const struct scene *s, int dir)
{
    const struct life *l = s->life;
    uint64_t stream = s->flow->stream;
    bool leaks = false;

    if (!life_entered(l, dir, ST_CLOSE_WAIT))
        return;
    h->peer_closed++;
    for (size_t i = 0; i < s->n_findings; i++)
        leaks |= s->findings[i].id == FINDING_CLOSE_WAIT_HELD && !l->fin[dir].known && l->reset < 0;
    if (leaks) {
        h->never_closed++;
        if (!h->has_leak || stream < h->leak_stream)
            h->leak_stream = stream;
        h->has_leak = true;
    } else if (l->fin[dir].known) {
        if (!h->has_answer || stream < h->answer_stream)
            h->answer_stream = stream;
        h->has_answer = true;
    }
}

static void add_end(struct host_table *t, const struct scene *s, int dir)
{
    const struct flow *f = s->flow;
    enum end role = dir == f->client ? END_CLIENT : END_SERVER;
    struct host *h = find(t, &f->key.addr[dir], f->key.port[!f->client], role);
    const struct verdict *v = s->verdict;

    if (!h) {
        t->omitted++;
        return;
    }
    if (f->stream < h->stream)
        h->stream = f->stream;
    h->connections++;
    h->by_kind[v->kind]++;
    if (v->both_closed_first || v->first_closer == dir)
        h->closed_first++;
    else if (v->first_closer >= 0)
        h->closed_second++;
    add_states(h, s->life, dir);
    add_leak(h, s, dir);
}

void hosts_add(struct host_table *t, const struct scene *s)
{
    if (s->verdict->kind == CLOSE_STRAY || (s->flow->bits & FLOW_SELF))
        return;
    add_end(t, s, s->flow->client);
    add_end(t, s, !s->flow->client);
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
