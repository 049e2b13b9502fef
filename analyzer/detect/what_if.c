/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/what_if.h"

#include "base/xalloc.h"

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
    w->holder[w->n_holders].stream = UINT64_MAX;
    return &w->holder[w->n_holders++];
}

static struct what_if_pair *pair_of(struct what_if *w, const struct facts *f)
{
    const struct addr *client = &f->end[END_CLIENT].addr, *server = &f->end[END_SERVER].addr;
    uint16_t port = f->end[END_SERVER].port;

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
    w->pair[w->n_pairs].stream = UINT64_MAX;
    return &w->pair[w->n_pairs++];
}

static void add_close(struct what_if *w, const struct fact_end *e, uint64_t stream)
{
    struct what_if_holder *h = e->time_wait ? holder_of(w, &e->addr) : NULL;

    if (!e->time_wait)
        return;
    if (!h) {
        w->omitted++;
        return;
    }
    h->closes++;
    if (stream < h->stream)
        h->stream = stream;
    for (size_t i = 0; i < w->n; i++)
        series_add(&h->held[i], e->time_wait_since, e->time_wait_since + w->length[i]);
}

/* A port is taken from the SYN to the end, and by its TIME_WAIT when the client holds it. */
static void add_port(struct what_if *w, const struct facts *f)
{
    const struct fact_end *client = &f->end[END_CLIENT];
    struct what_if_pair *p = pair_of(w, f);
    int64_t end = client->closed ? f->last.t : f->eoc;

    if (!p) {
        w->omitted++;
        return;
    }
    p->connections++;
    if (f->stream < p->stream)
        p->stream = f->stream;
    for (size_t i = 0; i < w->n; i++)
        series_add(&p->used[i], f->first.t,
                   (client->time_wait ? client->time_wait_since + w->length[i] : end) + 1);
}

/* --- reuse ------------------------------------------------------------------------------------ */

static enum reuse_fate fate_of(const struct fact_reuse *r, int64_t length)
{
    bool opener_holds = r->held_by_opener && r->opener_gap < length;
    bool other_holds = r->held_by_other && r->other_gap < length;
    bool acceptable = r->ts_old ? r->ts_newer || ((r->ts_equal || !r->ts_new) && r->seq_ok)
                                : r->ts_new || r->seq_ok;

    if (other_holds) {
        if (!acceptable)
            return REUSE_REFUSED;
        return r->seq_ok && (r->ts_newer || r->far) ? REUSE_LEGAL : REUSE_RISKY;
    }
    if (!opener_holds)
        return REUSE_FREE;
    if (r->ts_newer && r->seq_ok)
        return REUSE_LEGAL;
    return r->seq_ok && r->far ? REUSE_RISKY : REUSE_VIOLATION;
}

void what_if_add(struct what_if *w, const struct facts *f)
{
    if (!w->n)
        return;
    add_close(w, &f->end[END_CLIENT], f->stream);
    add_close(w, &f->end[END_SERVER], f->stream);
    add_port(w, f);
    if (!f->has_reuse || !f->reuse.both_acked)
        return;
    for (size_t i = 0; i < w->n; i++)
        w->reuse[i][fate_of(&f->reuse, w->length[i])]++;
}

static int by_holder_stream(const void *a, const void *b)
{
    const struct what_if_holder *x = a, *y = b;

    if (x->stream != y->stream)
        return x->stream < y->stream ? -1 : 1;
    return addr_compare(&x->addr, &y->addr);
}

static int by_pair_stream(const void *a, const void *b)
{
    const struct what_if_pair *x = a, *y = b;

    return x->stream < y->stream ? -1 : x->stream > y->stream;
}

void what_if_sort(struct what_if *w)
{
    if (w->n_holders)
        qsort(w->holder, w->n_holders, sizeof *w->holder, by_holder_stream);
    if (w->n_pairs)
        qsort(w->pair, w->n_pairs, sizeof *w->pair, by_pair_stream);
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
