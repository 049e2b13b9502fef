/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/pair.h"

#include "base/seq.h"
#include "base/timetext.h"
#include "base/xalloc.h"
#include "detect/findings_across.h"

#include <inttypes.h>
#include <stdlib.h>

enum { REUSES_LEAST = 20, PORTS_LEAST = 100, DROPS_LEAST = 5 };

/* --- adding ----------------------------------------------------------------------------------- */

static uint32_t hash_addr(uint32_t h, const struct addr *a)
{
    for (size_t i = 0; i < sizeof a->octets; i++)
        h = (h ^ a->octets[i]) * 16777619u;
    return h;
}

static struct pair *find(struct pairs *t, const struct addr *client, const struct addr *server,
                         uint16_t port)
{
    uint32_t hash = hash_addr(hash_addr(2166136261u ^ port, client), server);
    size_t i = (hash ^ hash >> 15) % (2 * PAIRS_MAX);

    for (; t->slot[i]; i = (i + 1) % (2 * PAIRS_MAX)) {
        struct pair *p = t->pair[t->slot[i] - 1];
        if (p->port == port && addr_compare(&p->client, client) == 0 &&
            addr_compare(&p->server, server) == 0)
            return p;
    }
    if (t->n == PAIRS_MAX) {
        t->omitted++;
        return NULL;
    }
    if (!t->pair)
        t->pair = xcalloc(PAIRS_MAX, sizeof *t->pair);
    struct pair *p = xcalloc(1, sizeof *p);
    *p = (struct pair){.client = *client, .server = *server, .port = port, .stream = UINT64_MAX};
    t->pair[t->n++] = p;
    t->slot[i] = (uint32_t)t->n;
    return p;
}

/* From the SYN to the end, and through the client's TIME_WAIT. */
static void add_port(struct pair *p, const struct facts *f)
{
    const struct fact_end *client = &f->end[END_CLIENT];
    int64_t to = client->time_wait ? client->time_wait_since + client->time_wait_length
                 : client->closed  ? f->last.t
                                   : f->eoc;

    series_add(&p->used, f->first.t, to + 1);
}

static void add_syn(struct pair *p, const struct facts *f)
{
    if (!f->syn_ts || p->n_syns == PAIR_SYNS)
        return;
    if (p->n_syns == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 4;
        p->syn = xreallocarray(p->syn, p->cap, sizeof *p->syn);
    }
    p->syn[p->n_syns++] =
        (struct pair_syn){.t = f->first.t,
                          .ts_val = f->syn_ts_val,
                          .answered = f->answered,
                          .dropped = f->kind == CLOSE_NO_ANSWER && f->syn_copies >= 1,
                          .stream = f->stream};
}

void pairs_add(struct pairs *t, const struct facts *f)
{
    const struct fact_end *client = &f->end[END_CLIENT], *server = &f->end[END_SERVER];
    struct pair *p = find(t, &client->addr, &server->addr, server->port);

    if (!p)
        return;
    p->connections++;
    if (f->stream < p->stream)
        p->stream = f->stream;
    add_port(p, f);
    add_syn(p, f);
    if (f->has_reuse) {
        p->reuses++;
        if (f->reuse.held_by_opener)
            dwell_add(&p->reuse_gap, f->reuse.opener_gap);
    }
}

/* --- T9 --------------------------------------------------------------------------------------- */

static const char *pair_name(const struct pair *p, struct arena *arena)
{
    char client[ADDR_TEXT], server[ENDPOINT_TEXT];

    return arena_printf(arena, "%s -> %s", addr_text(&p->client, client),
                        endpoint_text(&p->server, p->port, server));
}

static bool pressure(const struct pair *p, const struct settings *settings, struct arena *arena,
                     struct cross_finding *out)
{
    int64_t at, most = series_counts(&p->used, NULL, &at),
                ports = settings_count(settings, TH_PORTS);
    int64_t gap = dwell_percentile(&p->reuse_gap, 50);
    bool assumed, many_ports = p->connections - p->reuses >= PORTS_LEAST || most * 2 >= ports;
    struct time_wait tw = settings_time_wait_of(settings, &p->client, NULL, &assumed);
    bool tight = many_ports && p->reuse_gap.n >= REUSES_LEAST && gap * 10 < tw.ns * 11;
    char text[TIME_TEXT];

    if (ports <= 0 || (most * 10 < ports * 8 && !tight))
        return false;
    struct across_draft d =
        across_draft(arena, FINDING_EPHEMERAL_PORT_PRESSURE,
                     most * 100 >= ports * 95 || tight ? SEVERITY_ERROR : SEVERITY_WARNING, 0.7,
                     pair_name(p, arena));
    across_blame(&d, END_CLIENT, &p->client, LAYER_HOST);
    across_count(&d, "ports_taken", most);
    across_count(&d, "ports", ports);
    across_count(&d, "percent", most * 100 / ports);
    across_count(&d, "reuses", (int64_t)p->reuses);
    if (p->reuse_gap.n)
        across_seconds(&d, "median_reuse_gap", gap);
    across_member(&d, p->stream);
    d.out.n_members = p->connections;
    across_text(
        &d, "%s has taken %" PRId64 " of about %" PRId64 " local ports at once (%" PRId64 " %%)%s.",
        pair_name(p, arena), most, ports, most * 100 / ports,
        tight ? arena_printf(arena, "; ports come back as soon as TIME_WAIT lets them, after %s",
                             time_human(gap, text))
              : "");
    *out = across_done(&d);
    return true;
}

/* --- T10 -------------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const struct pair_syn *x = a, *y = b;

    return x->t != y->t            ? (x->t < y->t ? -1 : 1)
           : x->stream < y->stream ? -1
                                   : x->stream > y->stream;
}

/* SYNs whose timestamp lies below that of an earlier success are swallowed, those above are
 * answered. */
static bool by_timestamp(const struct pair *p, struct arena *arena, struct cross_finding *out)
{
    unsigned low_dropped = 0, high_dropped = 0, answered = 0, low_answered = 0;
    uint64_t first = UINT64_MAX;
    bool seen = false;
    uint32_t high = 0;

    if (p->n_syns)
        qsort(p->syn, p->n_syns, sizeof *p->syn, by_time);
    for (size_t i = 0; i < p->n_syns; i++) {
        const struct pair_syn *s = &p->syn[i];
        bool low = seen && seq_lt(s->ts_val, high);

        if (s->dropped) {
            *(low ? &low_dropped : &high_dropped) += 1;
            first = low && s->stream < first ? s->stream : first;
        }
        if (s->answered) {
            *(low ? &low_answered : &answered) += 1;
            high = seen ? seq_max(high, s->ts_val) : s->ts_val;
            seen = true;
        }
    }
    if (low_dropped < DROPS_LEAST || answered < DROPS_LEAST || high_dropped || low_answered)
        return false;
    struct across_draft d = across_draft(arena, FINDING_SYN_DROPPED_BY_TIMESTAMP, SEVERITY_WARNING,
                                         0.6, pair_name(p, arena));
    across_blame(&d, END_SERVER, &p->server, LAYER_HOST);
    across_count(&d, "dropped", low_dropped);
    across_count(&d, "answered", answered);
    across_member(&d, first);
    across_supersede(&d, FINDING_SYN_UNANSWERED);
    d.out.n_members = low_dropped;
    across_text(&d,
                "%s: %u SYNs with a clock value below an earlier one were ignored, %u with a "
                "higher one were answered: a per-host "
                "timestamp check, which breaks clients behind one address.",
                pair_name(p, arena), low_dropped, answered);
    *out = across_done(&d);
    return true;
}

size_t pairs_finish(const struct pairs *t, const struct settings *settings, struct arena *arena,
                    struct cross_finding out[PAIR_FINDINGS])
{
    size_t n = 0;

    for (size_t i = 0; i < t->n && n + 1 < PAIR_FINDINGS; i++) {
        n += pressure(t->pair[i], settings, arena, &out[n]);
        n += by_timestamp(t->pair[i], arena, &out[n]);
    }
    return n;
}

void pairs_done(struct pairs *t)
{
    for (size_t i = 0; i < t->n; i++) {
        series_done(&t->pair[i]->used);
        dwell_done(&t->pair[i]->reuse_gap);
        free(t->pair[i]->syn);
        free(t->pair[i]);
    }
    free(t->pair);
}
