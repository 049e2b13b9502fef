/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/collect.h"

#include "base/xalloc.h"
#include "report/timeline.h"

#include <stdlib.h>
#include <string.h>

enum {
    GROUPS_MAX = 2048, /* beyond it findings are grouped by id alone */
    GROUP_SLOTS = 8192,
};

struct group {
    struct model_group model;
    struct evidence evidence[MODEL_GROUP_EVIDENCE];
    char *text, *client, *server; /* owned */
};

struct collector {
    struct group *groups;
    size_t n_groups, cap;
    uint16_t slot[GROUP_SLOTS]; /* index + 1 into groups; 0 empty */
    struct across across;
    struct timeline *timeline; /* NULL: nobody looks at it; owned */
    struct model_summary counts;
    struct arena arena;
};

struct collector *collector_new(const struct what_if *what_if, bool timeline)
{
    struct collector *c = xcalloc(1, sizeof *c);

    c->across.what_if = *what_if;
    if (timeline)
        c->timeline = xcalloc(1, sizeof *c->timeline);
    return c;
}

void collector_free(struct collector *c)
{
    for (size_t i = 0; i < c->n_groups; i++) {
        free(c->groups[i].text);
        free(c->groups[i].client);
        free(c->groups[i].server);
    }
    free(c->groups);
    free(c->timeline);
    across_free(&c->across);
    arena_done(&c->arena);
    free(c);
}

/* --- groups ----------------------------------------------------------------------------------- */

static bool same_group(const struct model_group *a, const struct model_group *b)
{
    return a->id == b->id && a->layer == b->layer && a->has_blame == b->has_blame &&
           a->service == b->service &&
           (!a->has_blame ||
            (a->blame_end == b->blame_end && addr_compare(&a->blame, &b->blame) == 0));
}

static size_t hash_group(const struct model_group *g)
{
    uint32_t h = 2166136261u ^ (uint32_t)g->id << 16 ^ g->service ^ (uint32_t)g->layer << 24;

    for (size_t i = 0; g->has_blame && i < sizeof g->blame.octets; i++)
        h = (h ^ g->blame.octets[i]) * 16777619u;
    return (h ^ h >> 15) % GROUP_SLOTS;
}

/* The slot where the group with that key is, or belongs; the key becomes a coarser one when there
 * are too many. */
static size_t find_slot(const struct collector *c, struct model_group *key)
{
    for (int attempt = 0;; attempt++) {
        size_t i = hash_group(key);

        for (; c->slot[i]; i = (i + 1) % GROUP_SLOTS)
            if (same_group(&c->groups[c->slot[i] - 1].model, key))
                return i;
        if (c->n_groups < GROUPS_MAX || attempt > 0)
            return i;
        key->has_blame = false;
        key->service = 0;
    }
}

static struct group *group_at(struct collector *c, size_t slot, const struct model_group *key)
{
    if (c->slot[slot])
        return &c->groups[c->slot[slot] - 1];
    if (c->n_groups == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 16;
        c->groups = xreallocarray(c->groups, c->cap, sizeof *c->groups);
    }
    struct group *g = &c->groups[c->n_groups];
    *g = (struct group){.model = *key};
    c->slot[slot] = (uint16_t)++c->n_groups;
    return g;
}

static char *endpoint(const struct model_endpoint *e)
{
    char text[ENDPOINT_TEXT];

    return xstrdup(endpoint_text(&e->addr, e->port, text));
}

static void set_example(struct group *g, const struct finding *f, const struct model_connection *m)
{
    g->model.severity = f->severity;
    g->model.stream = m->stream;
    g->model.n_evidence =
        f->n_evidence < MODEL_GROUP_EVIDENCE ? f->n_evidence : MODEL_GROUP_EVIDENCE;
    memcpy(g->evidence, f->evidence, g->model.n_evidence * sizeof *g->evidence);
    g->model.example = f->n_evidence ? f->evidence[0].at : m->first;
    free(g->text);
    free(g->client);
    free(g->server);
    g->text = xstrdup(f->text);
    g->client = endpoint(&m->end[END_CLIENT]);
    g->server = endpoint(&m->end[END_SERVER]);
}

static struct model_group group_key(const struct finding *f, const struct model_connection *m)
{
    struct model_group key = {.id = f->id, .layer = f->layer};

    if (f->blame != END_NONE) {
        key.has_blame = true;
        key.blame = m->end[f->blame].addr;
        key.blame_end = f->blame;
        key.service = m->end[END_SERVER].port;
    }
    return key;
}

/* The worst is the example of its group, of several such the first one. */
static bool better_example(const struct group *g, const struct finding *f,
                           const struct model_connection *m)
{
    return !g->text || f->severity > g->model.severity ||
           (f->severity == g->model.severity && m->stream < g->model.stream);
}

bool collector_quotes(const struct collector *c, const struct model_connection *m)
{
    for (size_t i = 0; i < m->n_findings; i++) {
        const struct finding *f = &m->findings[i];
        struct model_group key = group_key(f, m);
        size_t slot = find_slot(c, &key);

        if (!c->slot[slot] || better_example(&c->groups[c->slot[slot] - 1], f, m))
            return true;
    }
    return false;
}

static void add_finding(struct collector *c, const struct finding *f,
                        const struct model_connection *m)
{
    struct model_group key = group_key(f, m);
    size_t slot = find_slot(c, &key);
    struct group *g = group_at(c, slot, &key);

    if (better_example(g, f, m))
        set_example(g, f, m);
    g->model.count++;
    c->counts.by_severity[f->severity]++;
    c->counts.by_finding[f->id]++;
}

static void add_question(struct model_summary *counts, const struct undetermined *u)
{
    struct model_question *q = &counts->questions[u->id][u->reason];

    q->count++;
    if (u->timed && u->have >= q->have) {
        q->have = u->have;
        q->need = u->need;
    }
}

void collector_add(struct collector *c, const struct model_connection *m)
{
    across_add(&c->across, m->facts);
    if (c->timeline)
        timeline_add(c->timeline, m);
    c->counts.by_kind[m->close]++;
    if (m->close == CLOSE_STRAY)
        c->counts.strays++;
    else
        c->counts.connections++;
    if (m->n_undetermined)
        c->counts.undetermined++;
    for (size_t i = 0; i < m->n_undetermined; i++)
        add_question(&c->counts, &m->undetermined[i]);
    for (size_t i = 0; i < m->n_findings; i++)
        add_finding(c, &m->findings[i], m);
}

/* --- the end ---------------------------------------------------------------------------------- */

static int group_order(const void *a, const void *b)
{
    const struct model_group *g = a, *h = b;

    if (g->severity != h->severity)
        return g->severity > h->severity ? -1 : 1;
    if (g->count != h->count)
        return g->count > h->count ? -1 : 1;
    if (g->stream != h->stream)
        return g->stream < h->stream ? -1 : 1;
    return g->id < h->id ? -1 : g->id > h->id;
}

static const char *in_arena(struct arena *arena, const char *text)
{
    return arena_printf(arena, "%s", text);
}

/* Sorted copies: the groups themselves may still grow. */
static void finish_groups(struct collector *c, struct model_summary *out)
{
    struct model_group *sorted = arena_alloc(&c->arena, (c->n_groups + 1) * sizeof *sorted);

    for (size_t i = 0; i < c->n_groups; i++) {
        const struct group *g = &c->groups[i];
        struct evidence *evidence = arena_alloc(&c->arena, sizeof g->evidence);

        memcpy(evidence, g->evidence, sizeof g->evidence);
        sorted[i] = g->model;
        sorted[i].text = in_arena(&c->arena, g->text);
        sorted[i].example_client = in_arena(&c->arena, g->client);
        sorted[i].example_server = in_arena(&c->arena, g->server);
        sorted[i].evidence = evidence;
    }
    if (c->n_groups)
        qsort(sorted, c->n_groups, sizeof *sorted, group_order);
    out->groups = sorted;
    out->n_groups = c->n_groups;
}

static void finish_cross(struct collector *c, const struct input *input,
                         const struct settings *settings, struct model_summary *out)
{
    struct cross_finding *raw =
        across_finish(&c->across, input, settings, &c->arena, &out->n_cross);
    struct model_cross_finding *cross = arena_alloc(&c->arena, (out->n_cross + 1) * sizeof *cross);

    for (size_t i = 0; i < out->n_cross; i++) {
        const struct cross_finding *r = &raw[i];

        cross[i] = (struct model_cross_finding){
            .finding = r->finding,
            .blame = r->blame,
            .key = r->key,
            .n_connections = r->n_named,
            .connections = r->member,
            .n_connections_total = r->n_members,
            .first = r->first,
            .peak = r->peak,
            .last = r->last,
            .n_supersedes = r->n_supersedes,
            .supersedes = r->supersedes,
        };
        out->by_severity[r->finding.severity]++;
        out->by_finding[r->finding.id]++;
    }
    out->cross = cross;
}

struct model_dwell model_dwell_of(const struct model_host *h, enum tcp_state state)
{
    const struct dwell *held = &h->counted->held[state], *open = &h->counted->open[state];
    const struct dwell *d =
        held->n ? held : open; /* percentiles of what ended; where nothing did, of what lasts */
    struct model_dwell m = {.n = held->n, .open = open->n};
    const unsigned percent[] = {50, 90, 99};
    int64_t p[3];

    if (!d->n)
        return m;
    dwell_percentiles(d, 3, percent, p);
    m.open_p50 = d == open ? p[0] : dwell_percentile(open, 50);
    m.mean = dwell_mean(d);
    m.p50 = p[0];
    m.p90 = p[1];
    m.p99 = p[2];
    m.max = d->max;
    return m;
}

static int by_first_connection(const void *a, const void *b)
{
    const struct host *x = *(struct host *const *)a, *y = *(struct host *const *)b;

    if (x->stream != y->stream)
        return x->stream < y->stream ? -1 : 1;
    return x->key.role < y->key.role ? -1 : x->key.role > y->key.role;
}

static void finish_hosts(struct collector *c, const struct settings *settings,
                         struct model_summary *out)
{
    const struct host_table *t = &c->across.hosts;
    struct model_host *hosts = arena_alloc(&c->arena, (t->of.n + 1) * sizeof *hosts);
    struct host **host = arena_alloc(&c->arena, (t->of.n + 1) * sizeof(struct host *));

    if (t->of.n) {
        memcpy(host, t->of.entry, t->of.n * sizeof(struct host *));
        qsort(host, t->of.n, sizeof(struct host *), by_first_connection);
    }
    for (size_t i = 0; i < t->of.n; i++) {
        const struct host *h = host[i];
        struct model_host *m = &hosts[i];

        *m = (struct model_host){
            .addr = h->key.addr,
            .service = h->key.service,
            .role = (enum end)h->key.role,
            .connections = h->connections,
            .closed_first = h->closed_first,
            .peer_closed = h->peer_closed,
            .never_closed = host_left(h, settings_ns(settings, TH_CLOSE_WAIT_NOTICE)),
            .left_median = dwell_percentile(&h->waiting, 50),
            .has_leak = h->has_leak,
            .has_answer = h->has_answer,
            .leak_stream = h->leak_stream,
            .answer_stream = h->answer_stream,
            .population = h->population,
            .counted = h,
        };
        memcpy(m->by_kind, h->by_kind, sizeof m->by_kind);
    }
    out->hosts = hosts;
    out->n_hosts = t->of.n;
    out->hosts_omitted = t->of.omitted;
    out->tables_full = across_omitted(&c->across);
}

void collector_finish(struct collector *c, const struct input *input,
                      const struct settings *settings, struct model_summary *out)
{
    arena_reset(&c->arena);
    across_settle(&c->across);
    out->connections = c->counts.connections;
    out->strays = c->counts.strays;
    out->undetermined = c->counts.undetermined;
    memcpy(out->questions, c->counts.questions, sizeof out->questions);
    memcpy(out->by_kind, c->counts.by_kind, sizeof out->by_kind);
    memcpy(out->by_severity, c->counts.by_severity, sizeof out->by_severity);
    memcpy(out->by_finding, c->counts.by_finding, sizeof out->by_finding);
    finish_groups(c, out);
    finish_cross(c, input, settings, out);
    finish_hosts(c, settings, out);
    out->what_if = &c->across.what_if;
    out->timeline = c->timeline;
}
