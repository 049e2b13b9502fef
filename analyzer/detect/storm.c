/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/storm.h"

#include "base/timetext.h"
#include "base/xalloc.h"
#include "detect/findings_across.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { STORM_CONNECTIONS = 10 };

/* --- keys ------------------------------------------------------------------------------------- */

static struct storm_key *find(struct storms *t, const struct addr *addr, uint16_t port)
{
    uint32_t hash = 2166136261u ^ port;

    for (size_t i = 0; i < sizeof addr->octets; i++)
        hash = (hash ^ addr->octets[i]) * 16777619u;
    size_t i = (hash ^ hash >> 15) % (2 * STORM_KEYS);
    for (; t->slot[i]; i = (i + 1) % (2 * STORM_KEYS)) {
        struct storm_key *k = t->key[t->slot[i] - 1];
        if (k->port == port && addr_compare(&k->addr, addr) == 0)
            return k;
    }
    if (t->n == STORM_KEYS) {
        t->omitted++;
        return NULL;
    }
    if (!t->key)
        t->key = xcalloc(STORM_KEYS, sizeof *t->key);
    struct storm_key *k = xcalloc(1, sizeof *k);
    k->addr = *addr;
    k->port = port;
    k->stream = UINT64_MAX;
    t->key[t->n++] = k;
    t->slot[i] = (uint32_t)t->n;
    return k;
}

static void add_peer(struct storm_key *k, const struct addr *addr, uint16_t port)
{
    uint64_t hash = 1469598103934665603u ^ port;

    for (size_t i = 0; i < sizeof addr->octets; i++)
        hash = (hash ^ addr->octets[i]) * 1099511628211u;
    for (size_t i = 0; i < k->n_peers; i++)
        if (k->peer[i] == hash)
            return;
    if (k->n_peers < STORM_PEERS)
        k->peer[k->n_peers++] = hash;
}

static void span_to(struct storm_key *k, const struct ref *at)
{
    if (!k->first.packet || at->t < k->first.t)
        k->first = *at;
    if (!k->last.packet || at->t > k->last.t)
        k->last = *at;
}

/* Idle times before resets, and how SYNs were answered, for what only many connections can tell. */
static void add_samples(struct storm_key *k, const struct facts *f)
{
    if (f->end[END_SERVER].syn_ttl && !k->answer_ttl)
        k->answer_ttl = f->end[END_SERVER].syn_ttl;
    if (!f->has_reset || f->reset_by_icmp)
        return;
    if (f->kind == CLOSE_REFUSED && k->n_refusals < STORM_IDLE) {
        k->refusal_stream[k->n_refusals] = f->stream;
        k->refusal_ttl[k->n_refusals++] = f->reset_ttl;
    }
    if (f->kind == CLOSE_RESET && f->reset_idle >= 30 * NS_PER_S && k->n_idle < STORM_IDLE)
        k->idle[k->n_idle++] = f->reset_idle;
}

static void add(struct storm_key *k, const struct facts *f, const struct addr *peer,
                uint16_t peer_port)
{
    bool failed = f->kind == CLOSE_REFUSED || f->kind == CLOSE_NO_ANSWER;

    k->connections++;
    series_event(&k->end_rate, f->last.t);
    if (failed || f->half_way) {
        k->failed++;
        add_peer(k, peer, peer_port);
        series_event(&k->attempt_rate, f->first.t);
        if (k->port == 0)
            span_to(k, &f->first);
    }
    if (f->has_reset) {
        k->resets++;
        k->by_cause[f->reset_cause]++;
        series_event(&k->reset_rate, f->reset.t);
        if (!failed)
            add_peer(k, peer, peer_port);
        if (k->port != 0)
            span_to(k, &f->reset);
    }
    if (!f->has_reset && !failed && !f->half_way)
        return;
    if (f->stream < k->stream)
        k->stream = f->stream;
    cross_member(k->member, k->n_named, f->stream);
    if (k->n_named < CROSS_MEMBERS)
        k->n_named++;
}

void storms_add(struct storms *t, const struct facts *f)
{
    const struct fact_end *client = &f->end[END_CLIENT], *server = &f->end[END_SERVER];
    struct storm_key *service = find(t, &server->addr, server->port),
                     *source = find(t, &client->addr, 0);

    if (service) {
        add(service, f, &client->addr, 0);
        add_samples(service, f);
    }
    if (source)
        add(source, f, &server->addr, server->port);
}

/* --- windows ---------------------------------------------------------------------------------- */

struct burst {
    int64_t most;        /* events in the best window */
    int64_t at;          /* its start, ns */
    int64_t first, last; /* start of the first window above the limit, end of the last, ns */
};

/* The sums over sliding windows. */
static struct burst bursts(const struct series *s, int64_t seconds, int64_t limit,
                           struct arena *arena)
{
    int64_t *count = arena_alloc(arena, (s->n + 1) * sizeof *count), at, sum = 0;
    struct burst b = {.first = -1};
    size_t width = (size_t)(seconds >> s->k) ? (size_t)(seconds >> s->k) : 1;

    if (!s->n)
        return b;
    series_counts(s, count, &at);
    for (size_t i = 0; i < s->n; i++) {
        sum += count[i] - (i >= width ? count[i - width] : 0);
        int64_t start =
            series_time(s, i + 1 >= width ? i + 1 - width : 0); /* of the window that ends here */

        if (sum > b.most) {
            b.most = sum;
            b.at = start;
        }
        if (sum >= limit) {
            b.first = b.first < 0 ? start : b.first;
            b.last = series_time(s, i + 1);
        }
    }
    return b;
}

static int64_t sum_between(const struct series *s, int64_t from, int64_t to, struct arena *arena)
{
    int64_t *count = arena_alloc(arena, (s->n + 1) * sizeof *count), at, sum = 0;

    series_counts(s, count, &at);
    for (size_t i = 0; i < s->n; i++)
        if (series_time(s, i) >= from && series_time(s, i) < to)
            sum += count[i];
    return sum;
}

/* --- findings --------------------------------------------------------------------------------- */

static enum finding_id main_cause(const struct storm_key *k)
{
    int most = 0;

    for (int i = 1; i < FINDING_COUNT; i++)
        if (k->by_cause[i] > k->by_cause[most])
            most = i;
    return (enum finding_id)most;
}

/* What a crowd of resets with one cause is called. */
static const char *storm_name(enum finding_id cause)
{
    switch (cause) {
    case FINDING_RST_REFUSED:
        return "refused connections";
    case FINDING_RST_HALF_OPEN_PEER:
        return "a restart or fail-over";
    case FINDING_ACCEPT_ABORT:
        return "a full or closed accept queue";
    case FINDING_RST_ABORT_APP:
    case FINDING_RST_ABORT_UNREAD:
        return "a killed process or aborting application";
    case FINDING_HALF_CLOSE_DATA_RESET:
        return "an application that closed early";
    default:
        return "resets";
    }
}

static void name_members(struct across_draft *d, const struct storm_key *k, uint64_t n)
{
    for (size_t i = 0; i < k->n_named; i++)
        across_member(d, k->member[i]);
    d->out.n_members = n;
    d->out.first = k->first;
    d->out.last = k->last;
    across_evidence(d, &k->first, "first");
    across_evidence(d, &k->last, "last");
}

static bool storm(const struct storm_key *k, const struct settings *settings, struct arena *arena,
                  struct cross_finding *out)
{
    struct burst b = bursts(&k->reset_rate, settings_count(settings, TH_STORM_WINDOW),
                            settings_count(settings, TH_STORM_COUNT), arena);
    char name[ENDPOINT_TEXT], span[TIME_TEXT];

    if (k->port == 0 || b.first < 0 || k->resets < STORM_CONNECTIONS)
        return false;
    int64_t ended =
        sum_between(&k->end_rate, b.at, b.at + settings_ns(settings, TH_STORM_WINDOW), arena);
    if (b.most * 2 < ended)
        return false; /* most connections end otherwise */
    enum finding_id cause = main_cause(k);
    struct across_draft d =
        across_draft(arena, FINDING_RST_STORM, SEVERITY_ERROR, 0.9,
                     arena_printf(arena, "%s", endpoint_text(&k->addr, k->port, name)));
    across_blame(&d, END_SERVER, &k->addr, LAYER_HOST);
    across_count(&d, "resets", (int64_t)k->resets);
    across_count(&d, "connections", (int64_t)k->connections);
    across_count(&d, "peak_in_10_s", b.most);
    across_seconds(&d, "lasted", k->last.t - k->first.t);
    across_count(&d, "peers", (int64_t)k->n_peers);
    across_text_value(&d, "cause", finding_info(cause)->id);
    across_count(&d, "of_that_cause", (int64_t)k->by_cause[cause]);
    across_supersede(&d, cause);
    name_members(&d, k, k->resets);
    across_text(&d,
                "%" PRIu64 " resets in %s around %s (%" PRId64 " in the worst 10 s, %" PRIu64
                " of its %" PRIu64 " connections), mostly %s: %s. %zu%s peer%s.",
                k->resets, time_human(k->last.t - k->first.t, span),
                endpoint_text(&k->addr, k->port, name), b.most, k->resets, k->connections,
                finding_info(cause)->id, storm_name(cause), k->n_peers,
                k->n_peers == STORM_PEERS ? " or more" : "", k->n_peers == 1 ? "" : "s");
    *out = across_done(&d);
    return true;
}

static bool scan(const struct storm_key *k, const struct settings *settings, struct arena *arena,
                 struct cross_finding *out)
{
    char name[ADDR_TEXT], span[TIME_TEXT];
    int64_t lasted = k->last.t - k->first.t;

    if (k->port != 0 || (int64_t)k->n_peers < settings_count(settings, TH_SCAN_PORTS) ||
        k->failed * 10 < k->connections * 8 ||
        (lasted > settings_ns(settings, TH_SCAN_WINDOW) &&
         bursts(&k->attempt_rate, settings_count(settings, TH_SCAN_WINDOW),
                settings_count(settings, TH_SCAN_PORTS), arena)
                 .first < 0))
        return false;
    struct across_draft d = across_draft(arena, FINDING_PORT_SCAN, SEVERITY_NOTICE, 0.8,
                                         arena_printf(arena, "%s", addr_text(&k->addr, name)));
    across_blame(&d, END_CLIENT, &k->addr, LAYER_APPLICATION);
    across_count(&d, "attempts", (int64_t)k->failed);
    across_count(&d, "targets", (int64_t)k->n_peers);
    across_supersede(&d, FINDING_RST_REFUSED);
    across_supersede(&d, FINDING_SYN_UNANSWERED);
    across_supersede(&d, FINDING_HALF_OPEN_PROBE);
    name_members(&d, k, k->failed);
    across_text(&d,
                "%s tried %zu%s different ports or hosts in %s and got nowhere with %" PRIu64
                " of %" PRIu64 " attempts: a scan.",
                addr_text(&k->addr, name), k->n_peers, k->n_peers == STORM_PEERS ? " or more" : "",
                time_human(lasted, span), k->failed, k->connections);
    *out = across_done(&d);
    return true;
}

/* Half-open attempts: no refusal, and no completion. */
static bool flood(const struct storm_key *k, const struct settings *settings, struct arena *arena,
                  struct cross_finding *out)
{
    struct burst b = bursts(&k->attempt_rate, settings_count(settings, TH_STORM_WINDOW),
                            settings_count(settings, TH_FLOOD_COUNT), arena);
    uint64_t half_open =
        k->failed - (k->by_cause[FINDING_RST_REFUSED] < k->failed ? k->by_cause[FINDING_RST_REFUSED]
                                                                  : k->failed);
    char name[ENDPOINT_TEXT];

    if (k->port == 0 || b.first < 0 ||
        (int64_t)half_open < settings_count(settings, TH_FLOOD_COUNT) ||
        half_open * 10 < k->connections * 8 || k->n_peers < STORM_CONNECTIONS)
        return false;
    struct across_draft d =
        across_draft(arena, FINDING_SYN_FLOOD, SEVERITY_ERROR, 0.8,
                     arena_printf(arena, "%s", endpoint_text(&k->addr, k->port, name)));
    across_count(&d, "half_open", (int64_t)half_open);
    across_count(&d, "connections", (int64_t)k->connections);
    across_count(&d, "peak_in_10_s", b.most);
    across_count(&d, "sources", (int64_t)k->n_peers);
    across_supersede(&d, FINDING_SYN_UNANSWERED);
    name_members(&d, k, half_open);
    across_text(&d,
                "%" PRIu64 " attempts on %s were never completed (%" PRId64
                " in the worst 10 s), from %zu%s sources: a SYN flood.",
                half_open, endpoint_text(&k->addr, k->port, name), b.most, k->n_peers,
                k->n_peers == STORM_PEERS ? " or more" : "");
    *out = across_done(&d);
    return true;
}

static int by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* Idle times that cluster within 10 % of their median. */
static bool idle_limit(const struct storm_key *k, struct arena *arena, struct cross_finding *out)
{
    int64_t idle[STORM_IDLE], median;
    size_t near = 0;
    char name[ENDPOINT_TEXT], text[TIME_TEXT];

    if (k->port == 0 || k->n_idle < 3)
        return false;
    memcpy(idle, k->idle, k->n_idle * sizeof *idle);
    qsort(idle, k->n_idle, sizeof *idle, by_length);
    median = idle[k->n_idle / 2];
    for (size_t i = 0; i < k->n_idle; i++)
        near += idle[i] * 10 >= median * 9 && idle[i] * 10 <= median * 11;
    if (near < 3 || near * 10 < k->n_idle * 8)
        return false;
    struct across_draft d =
        across_draft(arena, FINDING_RST_IDLE_TIMEOUT, SEVERITY_WARNING, 0.7,
                     arena_printf(arena, "%s", endpoint_text(&k->addr, k->port, name)));
    across_seconds(&d, "idle", median);
    across_count(&d, "connections", (int64_t)near);
    across_supersede(&d, FINDING_RST_HALF_OPEN_PEER);
    across_supersede(&d, FINDING_RST_NO_SOCKET);
    name_members(&d, k, near);
    across_text(&d,
                "%zu connections of %s were reset after about %s of silence: a device forgets idle "
                "flows after that time.",
                near, endpoint_text(&k->addr, k->port, name), time_human(median, text));
    *out = across_done(&d);
    return true;
}

/* Refusals that come from another distance than the service's own answers (9.10). */
static bool middlebox(const struct storm_key *k, struct arena *arena, struct cross_finding *out)
{
    size_t strange = 0;
    char name[ENDPOINT_TEXT];
    struct across_draft d =
        across_draft(arena, FINDING_RST_TO_SYN_MIDDLEBOX, SEVERITY_WARNING, 0.6,
                     arena_printf(arena, "%s", endpoint_text(&k->addr, k->port, name)));

    if (k->port == 0 || !k->answer_ttl)
        return false;
    for (size_t i = 0; i < k->n_refusals; i++) {
        int off = (int)k->refusal_ttl[i] - (int)k->answer_ttl;

        if (off >= 3 || off <= -3) {
            across_member(&d, k->refusal_stream[i]);
            strange++;
        }
    }
    if (!strange)
        return false;
    across_count(&d, "refusals", (int64_t)strange);
    across_count(&d, "ttl_of_answers", k->answer_ttl);
    across_count(&d, "ttl_of_a_refusal", k->refusal_ttl[0]);
    across_supersede(&d, FINDING_RST_REFUSED);
    d.out.n_members = strange;
    across_text(&d,
                "%zu refusal%s in the name of %s came with another TTL than its SYN-ACKs (%u): a "
                "device on the path refused.",
                strange, strange == 1 ? "" : "s", endpoint_text(&k->addr, k->port, name),
                k->answer_ttl);
    *out = across_done(&d);
    return true;
}

/* A source that scans explains the refusals of the services it met: no storm. */
static bool from_scanners(const struct storm_key *k)
{
    return k->n_peers == 1 && k->connections < STORM_CONNECTIONS;
}

size_t storms_finish(const struct storms *t, const struct settings *settings, struct arena *arena,
                     struct cross_finding out[STORM_FINDINGS])
{
    size_t n = 0;

    for (size_t i = 0; i < t->n && n + 3 <= STORM_FINDINGS; i++) {
        const struct storm_key *k = t->key[i];

        if (!from_scanners(k) &&
            (storm(k, settings, arena, &out[n]) || scan(k, settings, arena, &out[n]) ||
             flood(k, settings, arena, &out[n])))
            n++;
        n += idle_limit(k, arena, &out[n]);
        n += middlebox(k, arena, &out[n]);
    }
    return n;
}

void storms_done(struct storms *t)
{
    for (size_t i = 0; i < t->n; i++) {
        series_done(&t->key[i]->reset_rate);
        series_done(&t->key[i]->attempt_rate);
        series_done(&t->key[i]->end_rate);
        free(t->key[i]);
    }
    free(t->key);
}
