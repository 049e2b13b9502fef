/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/what_if.h"

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

/* NULL: not asked for, or no room. */
static struct what_if_holder *holder(struct what_if *w, const struct addr *addr, bool wanted)
{
    return wanted ? keyed_find(&w->holders, addr, sizeof *addr, sizeof(struct what_if_holder))
                  : NULL;
}

static void add_close(struct what_if *w, const struct fact_end *e, uint64_t stream)
{
    struct what_if_holder *h = holder(w, &e->addr, e->time_wait);

    if (!h)
        return;
    if (!h->closes++ || stream < h->stream)
        h->stream = stream;
    for (size_t i = 0; i < w->n; i++)
        series_add(&h->held[i], e->time_wait_since, facts_time_wait_end(e, w->length[i]));
}

/* A port is taken from the SYN to the end, and by its TIME_WAIT when the client holds it. */
static void add_port(struct what_if *w, const struct facts *f)
{
    const struct fact_end *client = &f->end[END_CLIENT];
    int64_t end = client->closed ? f->last.t : f->eoc;
    struct pair_key key = pair_key(f);
    struct what_if_pair *p = keyed_find(&w->pairs, &key, sizeof key, sizeof *p);

    if (!p)
        return;
    if (!p->connections++ || f->stream < p->stream)
        p->stream = f->stream;
    for (size_t i = 0; i < w->n; i++)
        series_add(&p->used[i], f->first.t,
                   (client->time_wait ? facts_time_wait_end(client, w->length[i]) : end) + 1);
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

/* A TIME_WAIT that had run out when its ports were used again would still have been there: from
 * then on it is not counted beside its successor. */
static void take_back(struct what_if *w, const struct facts *f)
{
    const struct fact_reuse *r = &f->reuse;
    int64_t syn = f->first.t;
    struct pair_key key = pair_key(f);
    struct what_if_pair *p = keyed_find(&w->pairs, &key, sizeof key, sizeof *p);
    struct what_if_holder *opener = holder(w, &f->end[END_CLIENT].addr, r->opener_over),
                          *other = holder(w, &f->end[END_SERVER].addr, r->other_over);

    for (size_t i = 0; i < w->n; i++) {
        if (opener)
            series_take_back(&opener->held[i], syn, syn - r->opener_gap + w->length[i]);
        if (p && r->opener_over)
            series_take_back(&p->used[i], syn, syn - r->opener_gap + w->length[i]);
        if (other)
            series_take_back(&other->held[i], syn, syn - r->other_gap + w->length[i]);
    }
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
    take_back(w, f);
    for (size_t i = 0; i < w->n; i++)
        w->reuse[i][fate_of(&f->reuse, w->length[i])]++;
}

static int by_holder_stream(const void *a, const void *b)
{
    const struct what_if_holder *x = *(void *const *)a, *y = *(void *const *)b;

    if (x->stream != y->stream)
        return x->stream < y->stream ? -1 : 1;
    return addr_compare(&x->addr, &y->addr);
}

static int by_pair_stream(const void *a, const void *b)
{
    const struct what_if_pair *x = *(void *const *)a, *y = *(void *const *)b;

    return x->stream < y->stream ? -1 : x->stream > y->stream;
}

/* Everything in w that is counted over time. */
static void for_each_series(struct what_if *w, void (*act)(struct series *))
{
    for (size_t i = 0; i < w->holders.n; i++)
        for (size_t k = 0; k < w->n; k++)
            act(&((struct what_if_holder *)w->holders.entry[i])->held[k]);
    for (size_t i = 0; i < w->pairs.n; i++)
        for (size_t k = 0; k < w->n; k++)
            act(&((struct what_if_pair *)w->pairs.entry[i])->used[k]);
}

void what_if_settle(struct what_if *w)
{
    for_each_series(w, series_settle);
    keyed_sort(&w->holders, sizeof(struct addr), by_holder_stream);
    keyed_sort(&w->pairs, sizeof(struct pair_key), by_pair_stream);
}

void what_if_done(struct what_if *w)
{
    for_each_series(w, series_done);
    keyed_done(&w->holders);
    keyed_done(&w->pairs);
}
