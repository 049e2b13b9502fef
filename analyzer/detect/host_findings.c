/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/host_findings.h"

#include "base/timetext.h"
#include "detect/findings_across.h"

#include <inttypes.h>

enum { LEAK_SAMPLES = 10 };

static const char *host_name(const struct host *h, struct arena *arena)
{
    char text[ENDPOINT_TEXT];

    if (h->role == END_SERVER)
        return arena_printf(arena, "%s", endpoint_text(&h->addr, h->service, text));
    return arena_printf(arena, "%s", addr_text(&h->addr, text));
}

/* --- P2 --------------------------------------------------------------------------------------- */

/* The population at ten points of the capture never falls by more than 5 % and ends higher than it
 * began (9.9). */
static bool rises(const struct series *s, int64_t least, struct arena *arena,
                  int64_t sample[LEAK_SAMPLES])
{
    int64_t *count = arena_alloc(arena, (s->n + 1) * sizeof *count), at;
    size_t n = s->n ? s->n - 1 : 0; /* the last point is where the capture ends */

    if (n < 2)
        return false;
    series_counts(s, count, &at);
    for (int i = 0; i < LEAK_SAMPLES; i++) {
        sample[i] = count[(n - 1) * (size_t)i / (LEAK_SAMPLES - 1)];
        if (i && sample[i] * 100 < sample[i - 1] * 95)
            return false;
    }
    return sample[LEAK_SAMPLES - 1] >= least && sample[LEAK_SAMPLES - 1] >= sample[0];
}

static bool leak(const struct host *h, const struct settings *settings, struct arena *arena,
                 struct cross_finding *out)
{
    int64_t sample[LEAK_SAMPLES];
    char median[TIME_TEXT];

    if ((int64_t)h->never_closed < settings_count(settings, TH_LEAK_COUNT) ||
        h->never_closed * 100 <
            h->peer_closed * (uint64_t)settings_count(settings, TH_LEAK_PERCENT) ||
        !rises(&h->population[HOST_CLOSE_WAIT], settings_count(settings, TH_LEAK_COUNT), arena,
               sample))
        return false;
    struct across_draft d =
        across_draft(arena, FINDING_CLOSE_WAIT_LEAK, SEVERITY_ERROR, 0.8, host_name(h, arena));
    across_blame(&d, h->role, &h->addr, LAYER_APPLICATION);
    across_count(&d, "left", (int64_t)h->never_closed);
    across_count(&d, "closed_by_peer", (int64_t)h->peer_closed);
    across_seconds(&d, "median_held", dwell_percentile(&h->open[HOST_CLOSE_WAIT], 50));
    across_count(&d, "population_first", sample[0]);
    across_count(&d, "population_last", sample[LEAK_SAMPLES - 1]);
    across_member(&d, h->leak_stream);
    d.out.n_members = h->never_closed;
    across_supersede(&d, FINDING_CLOSE_WAIT_HELD);
    across_text(&d,
                "%s leaves %" PRIu64 " of %" PRIu64
                " connections that the peer closed in CLOSE_WAIT, median %s, and their "
                "number rises (%" PRId64 " to %" PRId64 "): a leak of sockets.%s",
                host_name(h, arena), h->never_closed, h->peer_closed,
                time_human(dwell_percentile(&h->open[HOST_CLOSE_WAIT], 50), median), sample[0],
                sample[LEAK_SAMPLES - 1],
                h->has_answer ? arena_printf(arena, " Stream %" PRIu64 " shows that it can close.",
                                             h->answer_stream)
                              : "");
    *out = across_done(&d);
    return true;
}

/* --- T8 --------------------------------------------------------------------------------------- */

static bool accumulation(const struct host *h, const struct settings *settings, struct arena *arena,
                         struct cross_finding *out)
{
    const struct series *s = &h->population[HOST_TIME_WAIT];
    int64_t at, most = series_counts(s, NULL, &at);
    uint64_t held = h->held[HOST_TIME_WAIT].n + h->open[HOST_TIME_WAIT].n;
    int64_t span = (int64_t)s->n * series_step(s);
    char length[TIME_TEXT], rate[TIME_TEXT];

    if (most < settings_count(settings, TH_TIME_WAIT_NOTICE))
        return false;
    bool many = most >= settings_count(settings, TH_TIME_WAIT_WARNING) ||
                (h->role == END_CLIENT && most >= settings_count(settings, TH_PORTS) / 2);
    struct across_draft d =
        across_draft(arena, FINDING_TW_ACCUMULATION, many ? SEVERITY_WARNING : SEVERITY_NOTICE, 0.8,
                     host_name(h, arena));
    across_blame(&d, h->role, &h->addr, LAYER_HOST);
    int64_t per_1000_s =
        span ? (int64_t)held * (1000 * NS_PER_S / 1000000) / (span / 1000000 ? span / 1000000 : 1)
             : 0;
    across_count(&d, "peak", most);
    across_count(&d, "closes", (int64_t)held);
    across_count(&d, "closed_first", (int64_t)h->closed_first);
    across_seconds(&d, "time_wait", settings->time_wait.ns);
    across_count(&d, "projection", per_1000_s * (settings->time_wait.ns / NS_PER_S) / 1000);
    across_member(&d, h->stream);
    d.out.n_members = held;
    across_text(&d,
                "%s closes first and held up to %" PRId64
                " sockets in TIME_WAIT at once (%s/s over the capture; at that rate "
                "about %" PRId64 " with %s of TIME_WAIT).",
                host_name(h, arena), most, time_seconds(per_1000_s * (NS_PER_S / 1000), 1, rate),
                (int64_t)(per_1000_s * (settings->time_wait.ns / NS_PER_S) / 1000),
                time_human(settings->time_wait.ns, length));
    *out = across_done(&d);
    return true;
}

size_t host_findings(const struct host *h, const struct settings *settings, struct arena *arena,
                     struct cross_finding out[2])
{
    size_t n = 0;

    n += leak(h, settings, arena, &out[n]);
    n += accumulation(h, settings, arena, &out[n]);
    return n;
}
