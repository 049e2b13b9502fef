/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/host_findings.h"

#include "base/digits.h"
#include "base/timetext.h"
#include "detect/findings_across.h"

#include <inttypes.h>

enum { LEAK_SAMPLES = 10 };

static const char *host_name(const struct host_key *key, struct arena *arena)
{
    char text[ENDPOINT_TEXT];

    if (key->role == END_SERVER)
        return arena_printf(arena, "%s", endpoint_text(&key->addr, key->service, text));
    return arena_printf(arena, "%s", addr_text(&key->addr, text));
}

/* --- P2 --------------------------------------------------------------------------------------- */

/* The population at ten points of the capture, the first of them at *since, never falls by more
 * than 5 % and ends higher than it began (9.9). */
static bool rises(const struct series *s, int64_t least, struct arena *arena,
                  int64_t sample[LEAK_SAMPLES], int64_t *since)
{
    struct series_grid grid = series_grid(s, SERIES_SHOWN);
    int64_t *count = arena_alloc(arena, (grid.n + 1) * sizeof *count);
    size_t n = grid.n ? grid.n - 1 : 0; /* the last point is where the capture ends */

    if (n < 2)
        return false;
    *since = grid.start;
    series_sample(s, &grid, count);
    for (int i = 0; i < LEAK_SAMPLES; i++) {
        sample[i] = count[(n - 1) * (size_t)i / (LEAK_SAMPLES - 1)];
        if (i && sample[i] * 100 < sample[i - 1] * 95)
            return false;
    }
    return sample[LEAK_SAMPLES - 1] >= least && sample[LEAK_SAMPLES - 1] >= sample[0];
}

static void leak(const struct host *h, const struct settings *settings, struct cross_list *out)
{
    int64_t sample[LEAK_SAMPLES], since, median = dwell_percentile(&h->waiting, 50);
    uint64_t left = host_left(h, host_patience(h, settings));
    char text[TIME_TEXT], begin[TIME_TEXT];

    if ((int64_t)left < settings_count(settings, TH_LEAK_COUNT) ||
        left * 100 < h->peer_closed * (uint64_t)settings_count(settings, TH_LEAK_PERCENT) ||
        !rises(&h->population[HOST_CLOSE_WAIT], settings_count(settings, TH_LEAK_COUNT), out->arena,
               sample, &since))
        return;
    const char *name = host_name(&h->key, out->arena);
    struct across_draft d =
        across_draft(out->arena, FINDING_CLOSE_WAIT_LEAK, SEVERITY_ERROR, 0.8, name);
    across_blame(&d, (enum end)h->key.role, &h->key.addr, LAYER_APPLICATION);
    across_count(&d, "left", (int64_t)left);
    across_count(&d, "closed_by_peer", (int64_t)h->peer_closed);
    across_seconds(&d, "median_held", median);
    across_seconds(&d, "median_of_closes", dwell_percentile(&h->held[ST_CLOSE_WAIT], 50));
    across_count(&d, "population_first", sample[0]);
    across_count(&d, "population_last", sample[LEAK_SAMPLES - 1]);
    across_member(&d, h->leak_stream);
    d.out.n_members = left;
    across_supersede(&d, FINDING_CLOSE_WAIT_HELD);
    across_text(&d,
                "%s leaves %" PRIu64 " of %" PRIu64
                " connections that the peer closed in CLOSE_WAIT, median %s. Their number "
                "rises from %" PRId64 " at %.19sZ to %" PRId64 ": a leak of sockets.%s",
                name, left, h->peer_closed, time_human(median, text), sample[0],
                time_rfc3339(since, begin), sample[LEAK_SAMPLES - 1],
                h->has_answer
                    ? arena_printf(out->arena, " Stream %" PRIu64 " shows that it can close.",
                                   h->answer_stream)
                    : "");
    cross_list_add(out, &d);
}

/* --- T8 --------------------------------------------------------------------------------------- */

/* All that one address holds, whatever the service. */
struct holder {
    struct addr addr; /* the key: first member */
    struct series population;
    uint64_t held, closed_first, stream;
    size_t n;             /* hosts of that address */
    struct host_key most; /* the one with most TIME_WAITs: */
    uint64_t most_held;
    bool client; /* it opens connections: each TIME_WAIT costs a port */
};

static void add_holder(struct keyed *holders, const struct host *h)
{
    uint64_t held = h->held[ST_TIME_WAIT].n + h->open[ST_TIME_WAIT].n;
    struct holder *a =
        held ? keyed_find(holders, &h->key.addr, sizeof h->key.addr, sizeof *a) : NULL;

    if (!a)
        return;
    series_merge(&a->population, &h->population[HOST_TIME_WAIT]);
    a->held += held;
    a->closed_first += h->closed_first;
    a->stream = a->n && a->stream < h->stream ? a->stream : h->stream;
    a->client |= h->key.role == END_CLIENT;
    if (held > a->most_held) {
        a->most = h->key;
        a->most_held = held;
    }
    a->n++;
}

static void accumulation(const struct holder *h, const struct settings *settings,
                         struct cross_list *out)
{
    int64_t at, most = series_peak(&h->population, &at);
    struct series_grid grid = series_grid(&h->population, SERIES_SHOWN);
    int64_t span = (int64_t)grid.n * grid.step;
    char length[TIME_TEXT], rate[TIME_TEXT], text[ADDR_TEXT];
    bool assumed;

    if (most < settings_count(settings, TH_TIME_WAIT_NOTICE))
        return;
    bool many = most >= settings_count(settings, TH_TIME_WAIT_WARNING) ||
                (h->client && most >= settings_count(settings, TH_PORTS) / 2);
    const char *name = h->n == 1 ? host_name(&h->most, out->arena)
                                 : arena_printf(out->arena, "%s", addr_text(&h->addr, text));
    struct time_wait tw = settings_time_wait_of(settings, &h->addr, NULL, &assumed);
    int64_t per_1000_s = span ? (int64_t)h->held * (1000 * NS_PER_S / 1000000) /
                                    (span / 1000000 ? span / 1000000 : 1)
                              : 0;
    int64_t projection = per_1000_s * (tw.ns / 1000000) / 1000000;
    struct across_draft d = across_draft(out->arena, FINDING_TW_ACCUMULATION,
                                         many ? SEVERITY_WARNING : SEVERITY_NOTICE, 0.8, name);
    across_blame(&d, (enum end)h->most.role, &h->addr, LAYER_HOST);
    across_count(&d, "peak", most);
    across_count(&d, "closes", (int64_t)h->held);
    across_count(&d, "closed_first", (int64_t)h->closed_first);
    across_count(&d, "closes_per_1000_s", per_1000_s);
    across_seconds(&d, "time_wait", tw.ns);
    across_count(&d, "projection", projection);
    across_member(&d, h->stream);
    d.out.n_members = h->held;
    across_text(&d,
                "%s closes first and held up to %" PRId64
                " sockets in TIME_WAIT at once (%s closes/s over the capture; at that rate "
                "about %" PRId64 " with %s of TIME_WAIT).%s",
                name, most, time_seconds(per_1000_s * (NS_PER_S / 1000), 1, rate),
                digits_rough(projection), time_human(tw.ns, length),
                h->client ? " Each takes a local port from the connections it opens."
                          : " On a listening port they cost a little memory, and no ports.");
    cross_list_add(out, &d);
}

void hosts_finish(const struct host_table *t, const struct settings *settings,
                  struct cross_list *out)
{
    struct keyed holders = {0};

    for (size_t i = 0; i < t->of.n; i++) {
        leak(t->of.entry[i], settings, out);
        add_holder(&holders, t->of.entry[i]);
    }
    for (size_t i = 0; i < holders.n; i++) {
        struct holder *h = holders.entry[i];

        series_settle(&h->population);
        accumulation(h, settings, out);
        series_done(&h->population);
    }
    keyed_done(&holders);
}
