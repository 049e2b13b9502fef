/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is found in the events that storm.c adds up. */
#include "base/timetext.h"
#include "detect/storm.h"
#include "detect/storm_episodes.h"

#include <inttypes.h>

enum { STORM_CONNECTIONS = 10, NAMED_STORMS = 64 };

static const char *key_name(const struct storm *k, struct arena *arena)
{
    char text[ENDPOINT_TEXT];

    return arena_printf(arena, "%s",
                        k->key.scope == STORM_SERVICE
                            ? endpoint_text(&k->key.addr, k->key.port, text)
                            : addr_text(&k->key.addr, text));
}

static enum end key_end(const struct storm *k)
{
    return k->key.scope == STORM_CLIENT ? END_CLIENT : END_SERVER;
}

static void name_members(struct across_draft *d, const struct storm *k, uint64_t n)
{
    for (size_t i = 0; i < k->n_named; i++)
        across_member(d, k->member[i]);
    d->out.n_members = n;
}

/* --- R14 -------------------------------------------------------------------------------------- */

/* What a crowd of resets with one cause is called. */
static const char *storm_name(enum finding_id cause, bool idle)
{
    switch (cause) {
    case FINDING_RST_REFUSED:
        return "refused connections, the service is down";
    case FINDING_RST_HALF_OPEN_PEER:
        return idle ? "a firewall or balancer that purged idle connections"
                    : "a reboot, a restart or a fail-over";
    case FINDING_RST_NO_SOCKET:
        return idle ? "a firewall or balancer that purged idle connections"
                    : "packets for connections that are gone";
    case FINDING_ACCEPT_ABORT:
        return "a full or closed accept queue";
    case FINDING_RST_ABORT_APP:
    case FINDING_RST_ABORT_UNREAD:
        return "a killed process or an aborting application";
    case FINDING_HALF_CLOSE_DATA_RESET:
        return "a killed process, or an application that closes early";
    case FINDING_RST_INJECTION_SUSPECTED:
        return "forged resets";
    case FINDING_FIN_ANSWERED_BY_RST:
    case FINDING_TW_TRUNCATED:
        return "a host that skips TIME_WAIT";
    case FINDING_RST_AFTER_FIN:
        return "connections that are disposed of quickly";
    default:
        return "resets";
    }
}

/* Resets after much the same silence, of half a minute and more. */
static bool after_idle(const struct storm *k)
{
    int64_t median = dwell_percentile(&k->idle, 50);

    return median >= 30 * NS_PER_S &&
           dwell_between(&k->idle, median - median / 10, median + median / 10) * 10 >=
               k->idle.n * 8;
}

static enum finding_id main_cause(const struct storm *k, const struct episode *e, int64_t *of_it)
{
    enum finding_id cause = FINDING_RST_ABORT_APP;

    *of_it = 0;
    for (size_t i = 0; i < k->n_causes; i++) {
        int64_t n = series_between(&k->cause[i].at, e->from, e->to);

        if (n > *of_it || (n == *of_it && n && k->cause[i].cause < cause)) {
            *of_it = n;
            cause = k->cause[i].cause;
        }
    }
    return cause;
}

/* First, at the peak, and last; seconds are kept with their first and last reset. */
static void cite_episode(struct across_draft *d, const struct storm *k, const struct episode *e)
{
    for (size_t i = 0; i < k->n_seconds; i++) {
        const struct storm_second *s = &k->second[i];
        int64_t t = s->second * NS_PER_S;

        if (t < e->from || t >= e->to)
            continue;
        if (!d->out.first.packet)
            d->out.first = s->first;
        if (!d->out.peak.packet && t >= e->peak)
            d->out.peak = s->first;
        d->out.last = s->last;
    }
    across_evidence(d, &d->out.first, "first reset");
    across_evidence(d, &d->out.peak, "begin of the peak");
    across_evidence(d, &d->out.last, "last reset");
}

static int64_t busiest_second(const struct storm *k, const struct episode *e)
{
    int64_t most = 0;

    for (size_t i = 0; i < k->resets.n; i++) {
        int64_t t = series_time(&k->resets, &k->resets.point[i]);

        if (t >= e->from && t < e->to && k->resets.point[i].change > most)
            most = k->resets.point[i].change;
    }
    return most;
}

static void say_storm(const struct storm *k, const struct episode *e,
                      const struct settings *settings, struct cross_list *out)
{
    int64_t of_cause, resets = series_between(&k->resets, e->from, e->to),
                      ended = series_between(&k->ended, e->from, e->to),
                      window = settings_ns(settings, TH_STORM_WINDOW);
    enum finding_id cause = main_cause(k, e, &of_cause);
    uint64_t peers = peers_between(&k->peers, e->from, e->to),
             targets = peers_between(&k->targets, e->from, e->to);
    const char *name = key_name(k, out->arena);
    char span[TIME_TEXT], length[TIME_TEXT];
    struct across_draft d = across_draft(out->arena, FINDING_RST_STORM, SEVERITY_ERROR, 0.9, name);

    cite_episode(&d, k, e);
    ended = ended < resets ? resets : ended;
    int64_t lasted = d.out.last.t - d.out.first.t, fastest = busiest_second(k, e);
    across_blame(&d, key_end(k), &k->key.addr, finding_info(cause)->layer);
    across_count(&d, "resets", resets);
    across_count(&d, "connections", ended);
    across_count(&d, "percent_reset", resets * 100 / ended);
    across_count(&d, "peak_in_10_s", e->most);
    across_count(&d, "peak_in_1_s", fastest);
    across_seconds(&d, "lasted", lasted);
    across_count(&d, "fan_in", (int64_t)(k->key.scope == STORM_CLIENT ? 1 : peers));
    across_count(&d, "fan_out", (int64_t)targets);
    across_count(&d, "peers", (int64_t)peers);
    across_text_value(&d, "cause", finding_info(cause)->id);
    across_count(&d, "of_that_cause", of_cause);
    across_text_value(&d, "name", storm_name(cause, after_idle(k)));
    across_supersede(&d, cause);
    name_members(&d, k, (uint64_t)resets);
    across_text(&d,
                "%" PRId64 " resets in %s around %s: %" PRId64 " in the worst %s, up to %" PRId64
                " in a second, %" PRId64 " %% of the connections that ended then, %" PRIu64
                " peer%s, %" PRIu64 " service%s. %" PRId64 " of them are %s: %s. What helps: %s",
                resets, time_human(lasted, span), name, e->most, time_human(window, length),
                fastest, resets * 100 / ended, peers, peers == 1 ? "" : "s", targets,
                targets == 1 ? "" : "s", of_cause, finding_info(cause)->id,
                storm_name(cause, after_idle(k)), finding_info(cause)->remedy);
    cross_list_add(out, &d);
}

/* Whether resets are what happened to most, and not what always happens. */
static bool is_storm(const struct storm *k, const struct episode *e,
                     const struct settings *settings)
{
    int64_t window = settings_ns(settings, TH_STORM_WINDOW), of_cause;
    int64_t ended = series_between(&k->ended, e->peak, e->peak + window);
    bool refusals = main_cause(k, e, &of_cause) == FINDING_RST_REFUSED;

    if (e->most * 2 < ended || series_between(&k->resets, e->from, e->to) < STORM_CONNECTIONS ||
        !episode_stands_out(e, &k->resets, &k->ended, window))
        return false;
    return !refusals || (int64_t)peers_between(&k->targets, e->from, e->to) <
                            settings_count(settings, TH_SCAN_PORTS); /* else a scan */
}

/* A storm that was told. */
struct told {
    const struct storm *of;
    struct episode e;
};

/* One service, or another key, has most of the same resets. */
static bool told_already(const struct told *told, size_t n, const struct storm *k,
                         const struct episode *e)
{
    for (size_t i = 0; i < n; i++) {
        bool together = told[i].e.from < e->to && e->from < told[i].e.to;
        bool related =
            k->key.scope == STORM_CLIENT || addr_compare(&k->key.addr, &told[i].of->key.addr) == 0;

        if (together && related && told[i].e.most * 10 >= e->most * 8)
            return true;
    }
    return false;
}

static void find_storms(const struct storms *t, const struct settings *settings,
                        struct cross_list *out)
{
    struct told told[NAMED_STORMS];
    size_t n = 0;

    for (int scope = STORM_SERVICE; scope <= STORM_CLIENT; scope++) {
        for (size_t i = 0; i < t->of.n; i++) {
            const struct storm *k = t->of.entry[i];
            struct episode e = {0};

            while (k->key.scope == scope &&
                   episode_next(&k->resets, settings_ns(settings, TH_STORM_WINDOW),
                                settings_count(settings, TH_STORM_COUNT), &e)) {
                if (!is_storm(k, &e, settings) || told_already(told, n, k, &e))
                    continue;
                say_storm(k, &e, settings, out);
                if (n < NAMED_STORMS)
                    told[n++] = (struct told){.of = k, .e = e};
            }
        }
    }
}

/* --- R16 -------------------------------------------------------------------------------------- */

static void scan(const struct storm *k, const struct settings *settings, struct cross_list *out)
{
    int64_t window = settings_ns(settings, TH_SCAN_WINDOW),
            least = settings_count(settings, TH_SCAN_PORTS);
    struct episode e = {0};
    char span[TIME_TEXT];

    if (k->key.scope != STORM_CLIENT || !episode_next(&k->tried, window, least, &e))
        return;
    int64_t failed = series_between(&k->tried, e.from, e.to),
            ended = series_between(&k->ended, e.from, e.to);
    uint64_t targets = peers_between(&k->targets, e.from, e.to);
    if ((int64_t)targets < least || failed * 10 < ended * 8)
        return;
    const char *name = key_name(k, out->arena);
    struct across_draft d = across_draft(out->arena, FINDING_PORT_SCAN, SEVERITY_NOTICE, 0.8, name);
    across_blame(&d, END_CLIENT, &k->key.addr, LAYER_APPLICATION);
    across_count(&d, "attempts", failed);
    across_count(&d, "targets", (int64_t)targets);
    across_supersede(&d, FINDING_RST_REFUSED);
    across_supersede(&d, FINDING_SYN_UNANSWERED);
    across_supersede(&d, FINDING_HALF_OPEN_PROBE);
    name_members(&d, k, (uint64_t)failed);
    d.out.first = k->try_first;
    d.out.last = k->try_last;
    across_evidence(&d, &k->try_first, "first attempt");
    across_evidence(&d, &k->try_last, "last attempt");
    across_text(
        &d,
        "%s tried %s%" PRIu64 " different ports or hosts in %s and got nowhere with %" PRId64
        " of %" PRId64 " attempts: a scan.",
        name, k->targets.more ? "about " : "", targets,
        time_human(k->try_last.t - k->try_first.t, span), failed, ended > failed ? ended : failed);
    cross_list_add(out, &d);
}

/* --- S4 --------------------------------------------------------------------------------------- */

static void flood(const struct storm *k, const struct settings *settings, struct cross_list *out)
{
    int64_t window = settings_ns(settings, TH_STORM_WINDOW),
            least = settings_count(settings, TH_FLOOD_COUNT);
    struct episode e = {0};

    if (k->key.scope != STORM_SERVICE || !episode_next(&k->half_open, window, least, &e))
        return;
    int64_t all = series_total(&k->half_open);
    uint64_t sources = peers_between(&k->peers, e.from, e.to);
    if (all * 10 < (int64_t)k->connections * 8 || sources < STORM_CONNECTIONS)
        return;
    const char *name = key_name(k, out->arena);
    struct across_draft d = across_draft(out->arena, FINDING_SYN_FLOOD, SEVERITY_ERROR, 0.8, name);
    across_count(&d, "half_open", all);
    across_count(&d, "connections", (int64_t)k->connections);
    across_count(&d, "peak_in_10_s", e.most);
    across_count(&d, "sources", (int64_t)sources);
    across_supersede(&d, FINDING_SYN_UNANSWERED);
    name_members(&d, k, (uint64_t)all);
    d.out.first = k->try_first;
    d.out.last = k->try_last;
    across_evidence(&d, &k->try_first, "first attempt");
    across_evidence(&d, &k->try_last, "last attempt");
    across_text(&d,
                "%" PRId64 " of %" PRIu64 " attempts on %s were never completed, %" PRId64
                " of them in the worst 10 s, from %s%" PRIu64 " sources: a SYN flood.",
                all, k->connections, name, e.most, k->peers.more ? "about " : "", sources);
    cross_list_add(out, &d);
}

void storms_finish(const struct storms *t, const struct settings *settings, struct cross_list *out)
{
    find_storms(t, settings, out);
    for (size_t i = 0; i < t->of.n; i++) {
        scan(t->of.entry[i], settings, out);
        flood(t->of.entry[i], settings, out);
    }
}
