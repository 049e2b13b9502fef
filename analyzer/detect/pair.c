/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/pair.h"

#include "base/seq.h"
#include "base/timetext.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { REUSES_LEAST = 20, PORTS_LEAST = 100, DROPS_LEAST = 5, DROP_COPIES = 1, ANSWERS_LEAST = 10 };

/* A round trip below this is too short to compare. */
static const int64_t round_trip_least = 2000000;

/* --- adding ----------------------------------------------------------------------------------- */

/* From the SYN to the end, and through the client's TIME_WAIT. */
static void add_port(struct pair *p, const struct facts *f)
{
    const struct fact_end *client = &f->end[END_CLIENT];
    int64_t to = client->time_wait ? facts_time_wait_end(client, client->time_wait_length)
                 : client->closed  ? f->last.t
                                   : f->eoc;

    series_add(&p->used, f->first.t, to + 1);
}

static bool earlier(const struct pair_syn *a, const struct pair_syn *b)
{
    return a->t != b->t ? a->t < b->t : a->stream < b->stream;
}

static void add_syn(struct pair *p, const struct facts *f)
{
    struct pair_syn syn = {.t = f->first.t,
                           .ts_val = f->syn_ts_val,
                           .answered = f->answered,
                           .dropped = f->kind == CLOSE_NO_ANSWER && f->syn_copies >= DROP_COPIES,
                           .stream = f->stream & ~((uint64_t)3 << 62)};
    size_t i = p->n_syns;

    if (!f->syn_ts)
        return;
    while (i > 0 && earlier(&syn, &p->syn[i - 1]))
        i--;
    if (i == PAIR_SYNS)
        return;
    p->n_syns -= p->n_syns == PAIR_SYNS;
    if (p->n_syns == p->cap) {
        p->cap = p->cap ? p->cap + p->cap / 2 : 4;
        p->syn = xreallocarray(p->syn, p->cap, sizeof *p->syn);
    }
    memmove(&p->syn[i + 1], &p->syn[i], (p->n_syns - i) * sizeof *p->syn);
    p->syn[i] = syn;
    p->n_syns++;
}

/* How long the client waited for an answer to its SYN; 0 unknown, or it had to repeat it. */
static int64_t answer_time(const struct facts *f)
{
    const struct fact_end *client = &f->end[END_CLIENT];

    return client->n_stays > 1 && client->stays[0].state == ST_SYN_SENT && !f->syn_copies
               ? client->stays[0].to - client->stays[0].from
               : 0;
}

/* The fastest answer and the fastest refusal. */
static void add_answer(struct pair *p, const struct facts *f)
{
    bool refused = f->kind == CLOSE_REFUSED && f->has_reset && !f->reset_by_icmp;
    int64_t took = answer_time(f);

    if (!took)
        return;
    p->answers += f->answered;
    if (f->answered && (!p->fastest_answer || took < p->fastest_answer))
        p->fastest_answer = took;
    if (refused && (!p->fastest_refusal || took < p->fastest_refusal ||
                    (took == p->fastest_refusal && f->stream < p->refusal_stream))) {
        p->fastest_refusal = took;
        p->refusal_stream = f->stream;
    }
}

struct pair_key pair_key(const struct facts *f)
{
    struct pair_key key;

    memset(&key, 0, sizeof key);
    key.client = f->end[END_CLIENT].addr;
    key.server = f->end[END_SERVER].addr;
    key.port = f->end[END_SERVER].port;
    return key;
}

static struct keyed_place place(struct keyed *t, const struct facts *f, int which)
{
    struct pair_key key = pair_key(f);

    (void)which;
    return keyed_place(t, &key, sizeof key);
}

static void fetch(const void *entry)
{
    const struct pair *p = entry;

    series_fetch(&p->used);
    if (p->syn)
        __builtin_prefetch(p->syn + p->n_syns, 1);
}

static void add(void *entry, const struct facts *f, int which)
{
    struct pair *p = entry;

    (void)which;
    if (!p->connections++ || f->stream < p->stream) {
        p->stream = f->stream;
        p->os = f->end[END_CLIENT].os;
    }
    add_port(p, f);
    add_syn(p, f);
    add_answer(p, f);
    if (f->has_reuse) {
        p->reuses++;
        if (f->reuse.held_by_opener)
            dwell_add(&p->reuse_gap, f->reuse.opener_gap);
    }
}

const struct tally pair_tally = {.size = sizeof(struct pair),
                                 .common = offsetof(struct pair, reuse_gap),
                                 .place = place,
                                 .fetch = fetch,
                                 .add = add};

/* --- T9 --------------------------------------------------------------------------------------- */

static const char *pair_name(const struct pair *p, struct arena *arena)
{
    char client[ADDR_TEXT], server[ENDPOINT_TEXT];

    return arena_printf(arena, "%s -> %s", addr_text(&p->key.client, client),
                        endpoint_text(&p->key.server, p->key.port, server));
}

static void pressure(const struct pair *p, const struct settings *settings, struct cross_list *out)
{
    struct arena *arena = out->arena;
    int64_t at, most = series_peak(&p->used, &at), ports = settings_ports_of(settings, p->os);
    int64_t gap = dwell_percentile(&p->reuse_gap, 50);
    bool assumed, many_ports = p->connections - p->reuses >= PORTS_LEAST || most * 2 >= ports;
    struct time_wait tw = settings_time_wait_of(settings, &p->key.client, p->os, &assumed);
    bool tight = many_ports && p->reuse_gap.n >= REUSES_LEAST && gap < tw.ns / 10 * 11;
    char text[TIME_TEXT];

    if (ports <= 0 || (most * 10 < ports * 8 && !tight))
        return;
    struct across_draft d =
        across_draft(arena, FINDING_EPHEMERAL_PORT_PRESSURE,
                     most * 100 >= ports * 95 || tight ? SEVERITY_ERROR : SEVERITY_WARNING, 0.7,
                     pair_name(p, arena));
    across_blame(&d, END_CLIENT, &p->key.client, LAYER_HOST);
    across_count(&d, "ports_taken", most);
    across_count(&d, "ports", ports);
    across_count(&d, "percent", most * 100 / ports);
    across_count(&d, "reuses", (int64_t)p->reuses);
    if (p->reuse_gap.n)
        across_seconds(&d, "median_reuse_gap", gap);
    across_member(&d, p->stream);
    d.out.n_members = p->connections;
    if (most * 10 >= ports * 8)
        across_text(&d,
                    "%s has taken %" PRId64 " of about %" PRId64 " local ports at once (%" PRId64
                    " %%)%s.",
                    pair_name(p, arena), most, ports, most * 100 / ports,
                    tight ? arena_printf(arena, "; ports come back after %s in the median",
                                         time_human(gap, text))
                          : "");
    else /* a smaller range than the system's usual one */
        across_text(&d,
                    "%s used %" PRId64 " local ports and came back to them %" PRIu64
                    " times, after %s in the median: %s.",
                    pair_name(p, arena), most, p->reuses, time_human(gap, text),
                    gap < tw.ns ? "before TIME_WAIT is over, as from a range that is too small"
                                : "as soon as TIME_WAIT lets it");
    cross_list_add(out, &d);
}

/* --- T10 -------------------------------------------------------------------------------------- */

/* SYNs whose timestamp lies below that of an earlier success are swallowed, those above are
 * answered. */
static void by_timestamp(const struct pair *p, struct cross_list *out)
{
    struct arena *arena = out->arena;
    unsigned low_dropped = 0, high_dropped = 0, answered = 0, low_answered = 0;
    uint64_t first = UINT64_MAX;
    bool seen = false;
    uint32_t high = 0;

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
        return;
    struct across_draft d = across_draft(arena, FINDING_SYN_DROPPED_BY_TIMESTAMP, SEVERITY_WARNING,
                                         0.6, pair_name(p, arena));
    across_blame(&d, END_SERVER, &p->key.server, LAYER_HOST);
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
    cross_list_add(out, &d);
}

/* --- R2 --------------------------------------------------------------------------------------- */

/* A refusal in less than half the time that the fastest of many answers took: of few, each may have
 * waited for something. */
static void refused_too_fast(const struct pair *p, struct cross_list *out)
{
    char name[ENDPOINT_TEXT], refusal[TIME_TEXT], answer[TIME_TEXT];

    if (p->answers < ANSWERS_LEAST || p->fastest_answer < round_trip_least || !p->fastest_refusal ||
        p->fastest_refusal >= p->fastest_answer - p->fastest_refusal)
        return;
    const char *key =
        arena_printf(out->arena, "%s", endpoint_text(&p->key.server, p->key.port, name));
    if (cross_list_has(out, FINDING_RST_TO_SYN_MIDDLEBOX, key))
        return; /* another sign told it */
    struct across_draft d =
        across_draft(out->arena, FINDING_RST_TO_SYN_MIDDLEBOX, SEVERITY_WARNING, 0.6, key);
    across_seconds(&d, "fastest_refusal", p->fastest_refusal);
    across_seconds(&d, "fastest_answer", p->fastest_answer);
    across_supersede(&d, FINDING_RST_REFUSED);
    across_member(&d, p->refusal_stream);
    d.out.n_members = 1;
    across_text(&d,
                "A SYN to %s was refused after %s, although the fastest of its %" PRIu64
                " answers to that client took %s: a device nearer than it refused.",
                key, time_human(p->fastest_refusal, refusal), p->answers,
                time_human(p->fastest_answer, answer));
    cross_list_add(out, &d);
}

void pairs_settle(struct pairs *t)
{
    for (size_t i = 0; i < t->of.n; i++)
        series_settle(&((struct pair *)t->of.entry[i])->used);
}

void pairs_finish(const struct pairs *t, const struct settings *settings, struct cross_list *out)
{
    for (size_t i = 0; i < t->of.n; i++) {
        pressure(t->of.entry[i], settings, out);
        by_timestamp(t->of.entry[i], out);
        refused_too_fast(t->of.entry[i], out);
    }
}

void pairs_done(struct pairs *t)
{
    for (size_t i = 0; i < t->of.n; i++) {
        struct pair *p = t->of.entry[i];

        series_done(&p->used);
        dwell_done(&p->reuse_gap);
        free(p->syn);
    }
    keyed_done(&t->of);
}
