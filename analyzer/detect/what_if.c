/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/what_if.h"

#include "base/xalloc.h"
#include "detect/reuse_view.h"
#include "track/timers.h"

#include <stdlib.h>
#include <string.h>

bool what_if_parse(struct what_if *w, const char *text)
{
    w->n = 0;
    while (*text && w->n < WHAT_IF_LENGTHS) {
        char *end;
        double s = strtod(text, &end);

        if (end == text || !(s > 0 && s <= 86400) || (*end && *end != ','))
            return false;
        w->length[w->n++] = seconds(s);
        if (*end == ',' && !end[1])
            return false;
        text = *end ? end + 1 : end;
    }
    return w->n > 0 && !*text;
}

const char *reuse_fate_name(enum reuse_fate f)
{
    static const char *const names[REUSE_FATES] = {
        [REUSE_FREE] = "after-time-wait", [REUSE_LEGAL] = "legal",     [REUSE_RISKY] = "risky",
        [REUSE_VIOLATION] = "violation",  [REUSE_REFUSED] = "refused",
    };

    return names[f];
}

/* --- who holds what --------------------------------------------------------------------------- */

static struct what_if_holder *holder_of(struct what_if *w, const struct addr *addr)
{
    for (size_t i = 0; i < w->n_holders; i++)
        if (addr_compare(&w->holder[i].addr, addr) == 0)
            return &w->holder[i];
    if (w->n_holders == WHAT_IF_HOLDERS)
        return NULL;
    if (!w->holder)
        w->holder = xcalloc(WHAT_IF_HOLDERS, sizeof *w->holder);
    w->holder[w->n_holders].addr = *addr;
    return &w->holder[w->n_holders++];
}

static struct what_if_pair *pair_of(struct what_if *w, const struct flow *f)
{
    const struct addr *client = &f->key.addr[f->client], *server = &f->key.addr[!f->client];
    uint16_t port = f->key.port[!f->client];

    for (size_t i = 0; i < w->n_pairs; i++)
        if (w->pair[i].port == port && addr_compare(&w->pair[i].client, client) == 0 &&
            addr_compare(&w->pair[i].server, server) == 0)
            return &w->pair[i];
    if (w->n_pairs == WHAT_IF_PAIRS)
        return NULL;
    if (!w->pair)
        w->pair = xcalloc(WHAT_IF_PAIRS, sizeof *w->pair);
    w->pair[w->n_pairs].client = *client;
    w->pair[w->n_pairs].server = *server;
    w->pair[w->n_pairs].port = port;
    return &w->pair[w->n_pairs++];
}

static void add_close(struct what_if *w, const struct scene *s, int dir)
{
    const struct life *l = s->life;
    const struct transition *entered = life_entered(l, dir, ST_TIME_WAIT);
    struct what_if_holder *h = entered ? holder_of(w, &s->flow->key.addr[dir]) : NULL;

    if (!entered)
        return;
    if (!h) {
        w->omitted++;
        return;
    }
    int64_t from = timers_time_wait_start(l, dir, entered, NULL);
    h->closes++;
    for (size_t i = 0; i < w->n; i++)
        series_add(&h->held[i], from, from + w->length[i]);
}

/* A port is taken from the SYN to the end, and by its TIME_WAIT when the client holds it. */
static void add_port(struct what_if *w, const struct scene *s)
{
    const struct life *l = s->life;
    int client = s->flow->client;
    const struct transition *entered = life_entered(l, client, ST_TIME_WAIT);
    struct what_if_pair *p = pair_of(w, s->flow);
    bool ended = l->machine[client].state == ST_CLOSED || entered;
    int64_t from = step_time(s, 0), end = ended ? s->flow->last_t : l->eoc;

    if (!p) {
        w->omitted++;
        return;
    }
    p->connections++;
    for (size_t i = 0; i < w->n; i++)
        series_add(
            &p->used[i], from,
            (entered ? timers_time_wait_start(l, client, entered, NULL) + w->length[i] : end) + 1);
}

/* --- reuse ------------------------------------------------------------------------------------ */

static enum reuse_fate fate_of(const struct reuse_view *v, int64_t length)
{
    bool x_holds = v->old->held[v->x] && v->syn->t - v->old->time_wait_since[v->x] < length;
    bool z_holds = v->old->held[v->z] && v->syn->t - v->old->time_wait_since[v->z] < length;
    bool acceptable = v->ts_old ? v->ts_newer || ((v->ts_equal || !v->ts_new) && v->seq_ok)
                                : v->ts_new || v->seq_ok;

    if (z_holds) {
        if (!acceptable)
            return REUSE_REFUSED;
        return v->seq_ok && (v->ts_newer || v->far) ? REUSE_LEGAL : REUSE_RISKY;
    }
    if (!x_holds)
        return REUSE_FREE;
    if (v->ts_newer && v->seq_ok)
        return REUSE_LEGAL;
    return v->seq_ok && v->far ? REUSE_RISKY : REUSE_VIOLATION;
}

void what_if_add(struct what_if *w, const struct scene *s)
{
    struct reuse_view v;

    if (!w->n || s->verdict->kind == CLOSE_STRAY || (s->flow->bits & FLOW_SELF) ||
        !s->life->n_steps)
        return;
    add_close(w, s, 0);
    add_close(w, s, 1);
    add_port(w, s);
    if (!reuse_view(s, &v) || !v.old->both_acked)
        return;
    for (size_t i = 0; i < w->n; i++)
        w->reuse[i][fate_of(&v, w->length[i])]++;
}

void what_if_done(struct what_if *w)
{
    for (size_t i = 0; i < w->n_holders; i++)
        for (size_t k = 0; k < w->n; k++)
            series_done(&w->holder[i].held[k]);
    for (size_t i = 0; i < w->n_pairs; i++)
        for (size_t k = 0; k < w->n; k++)
            series_done(&w->pair[i].used[k]);
    free(w->holder);
    free(w->pair);
}
