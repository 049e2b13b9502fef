/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Each result is read twice or three times, never held: once for what it says of itself and the
 * numbers of its connections, once to add the connections up, and once more in the order of the
 * output when that wants them. Adding up is what a run does with its own connections. */
#include "report/merge.h"

#include "base/xalloc.h"
#include "report/collect.h"
#include "report/json_parse.h"
#include "report/merge_source.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The sources of one input: its shards, or one result of all of it. */
struct part {
    size_t first, n;  /* in merge.source */
    int64_t begins;   /* ns */
    uint64_t base;    /* number of its first stream in the whole */
    uint64_t *stream; /* of shards: the numbers taken, ascending; owned */
    size_t n_streams;
};

/* A connection that waits for its turn in the output. */
struct place {
    uint64_t stream, at;
    uint32_t source, size;
};

struct merger {
    const struct merge_setup *setup;
    struct merge_source *source;
    size_t n;
    struct part *part;
    size_t n_parts;
    struct settings settings;
    struct notes notes;
    struct input_file *file;
    uint32_t *tap_of;
    size_t n_files;
    struct input *input;
    struct model_summary summary;
    struct collector *collector;
    struct writer *writer;
    struct place *place;
    size_t n_places, cap;
    struct json_roles roles;
    struct arena arena; /* of what lives to the end */
    bool incomplete;    /* a shard is missing, or a result could not be read */
};

static void complain(struct merger *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void complain(struct merger *m, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    m->setup->complain(text);
}

/* --- sources ---------------------------------------------------------------------------------- */

static void open_sources(struct merger *m)
{
    FILE *standard_input = m->setup->standard_input;
    struct error err;

    m->source = xcalloc(m->setup->n_files, sizeof *m->source);
    for (size_t i = 0; i < m->setup->n_files; i++) {
        const char *path = m->setup->files[i];
        struct merge_source *s = &m->source[m->n];

        if (merge_source_open(s, path, standard_input, &err)) {
            m->n++;
        } else {
            merge_source_close(s);
            complain(m, "%s", err.text);
            m->incomplete = true;
        }
        if (strcmp(path, "-") == 0)
            standard_input = NULL;
    }
}

static int64_t begin_of(const struct merge_source *s)
{
    int64_t t = INT64_MAX;

    member_time(s->capture, "first", &t);
    return t;
}

/* By time; shards of one input side by side, in their order. */
static int source_order(const void *a, const void *b)
{
    const struct merge_source *x = a, *y = b;
    int64_t tx = begin_of(x), ty = begin_of(y);

    if (tx != ty)
        return tx < ty ? -1 : 1;
    if (x->shards != y->shards)
        return x->shards < y->shards ? -1 : 1;
    if (!merge_same_input(x, y))
        return strcmp(x->path, y->path);
    return x->shard < y->shard ? -1 : x->shard > y->shard;
}

static bool go_together(struct merger *m)
{
    for (size_t i = 1; i < m->n; i++) {
        if (!merge_same_options(&m->source[0], &m->source[i])) {
            complain(m, "%s was analysed with other options than %s", m->source[i].path,
                     m->source[0].path);
            return false;
        }
    }
    return true;
}

/* --- parts ------------------------------------------------------------------------------------ */

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* All numbers that the shards of a part took, ascending: a connection's rank among them is the
 * stream that the whole gives it. */
static void rank_streams(struct merger *m, struct part *p)
{
    size_t n = 0;

    for (size_t i = p->first; i < p->first + p->n; i++)
        n += m->source[i].n_streams;
    p->stream = xcalloc(n + 1, sizeof *p->stream);
    for (size_t i = p->first; i < p->first + p->n; i++) {
        const struct merge_source *s = &m->source[i];

        if (s->n_streams)
            memcpy(p->stream + p->n_streams, s->stream, s->n_streams * sizeof *s->stream);
        p->n_streams += s->n_streams;
    }
    if (n)
        qsort(p->stream, n, sizeof *p->stream, by_number);
}

static uint64_t stream_of(const void *context, uint64_t stream)
{
    const struct part *p = context;
    size_t low = 0, high = p->n_streams;

    if (!p->stream)
        return p->base + stream;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (p->stream[middle] < stream)
            low = middle + 1;
        else
            high = middle;
    }
    return p->base + low;
}

/* Every shard must be there once; one that is missing is told. */
static bool shards_fit(struct merger *m, const struct part *p)
{
    uint64_t expected = 1;

    for (size_t i = p->first; i < p->first + p->n; i++, expected++) {
        const struct merge_source *s = &m->source[i];

        if (s->shard < expected) {
            complain(m, "%s: shard %" PRIu64 " of %" PRIu64 " is there twice", s->path, s->shard,
                     s->shards);
            return false;
        }
        for (; expected < s->shard; expected++) {
            complain(m, "shard %" PRIu64 " of %" PRIu64 " is missing", expected, s->shards);
            m->incomplete = true;
        }
    }
    for (; expected <= m->source[p->first].shards; expected++) {
        complain(m, "shard %" PRIu64 " of %" PRIu64 " is missing", expected,
                 m->source[p->first].shards);
        m->incomplete = true;
    }
    return true;
}

static bool make_parts(struct merger *m)
{
    uint64_t base = 0;

    qsort(m->source, m->n, sizeof *m->source, source_order);
    m->part = xcalloc(m->n, sizeof *m->part);
    for (size_t i = 0; i < m->n;) {
        struct part *p = &m->part[m->n_parts++];

        *p = (struct part){.first = i, .begins = begin_of(&m->source[i]), .base = base};
        do
            p->n++;
        while (++i < m->n && m->source[i].shards > 1 &&
               merge_same_input(&m->source[p->first], &m->source[i]));
        if (!shards_fit(m, p))
            return false;
        if (m->source[p->first].shards > 1)
            rank_streams(m, p);
        base += p->stream ? p->n_streams
                          : member_count(m->source[p->first].summary, "streams", INT64_MAX);
    }
    return true;
}

/* --- the capture ------------------------------------------------------------------------------ */

static void place_files(struct merger *m, struct part *p)
{
    struct merge_source *first = &m->source[p->first];

    for (size_t i = p->first; i < p->first + p->n; i++) {
        m->source[i].place.first_file = (uint32_t)m->n_files;
        m->source[i].place.stream = stream_of;
        m->source[i].place.context = p;
        m->source[i].place.roles = &m->roles;
    }
    for (uint32_t f = 0; f < first->place.n_files; f++, m->n_files++)
        m->file[m->n_files] = json_read_file(first->capture, f, &m->tap_of[m->n_files], &m->arena);
}

static void add_capture(struct merger *m, const struct part *p)
{
    const struct merge_source *first = &m->source[p->first];

    json_read_capture(first->capture, &first->place, &m->summary, &m->notes);
    for (size_t i = p->first; i < p->first + p->n; i++) {
        m->summary.duplicates += member_count(m->source[i].capture, "duplicates", INT64_MAX);
        m->summary.interrupted |= member_bool(m->source[i].summary, "interrupted");
    }
}

static void make_capture(struct merger *m)
{
    struct input_clock_step *step = xcalloc(INPUT_CLOCK_STEPS, sizeof *step);
    size_t n_files = 0, n_steps = 0;
    uint64_t total = 0;

    for (size_t i = 0; i < m->n; i++)
        n_files += m->source[i].place.n_files;
    m->file = xcalloc(n_files + 1, sizeof *m->file);
    m->tap_of = xcalloc(n_files + 1, sizeof *m->tap_of);
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct merge_source *first = &m->source[m->part[i].first];

        place_files(m, &m->part[i]);
        add_capture(m, &m->part[i]);
        n_steps += json_read_clock_steps(first->capture, &first->place, step + n_steps,
                                         INPUT_CLOCK_STEPS - n_steps);
        total += member_count(first->capture, "clock_steps_total", INT64_MAX);
    }
    m->input = input_read_elsewhere(m->file, m->n_files, step, n_steps, total);
    free(step);
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct merge_source *first = &m->source[m->part[i].first];

        json_read_gaps(first->capture, &first->place, m->input);
    }
    m->summary.input = m->input;
    m->summary.tap_of = m->tap_of;
    m->summary.notes = &m->notes;
}

static bool make_options(struct merger *m)
{
    const struct merge_source *first = &m->source[0];
    struct model_options *o = &m->summary.options;
    struct error err;

    o->bpf = member_text(first->options, "filter", &m->arena);
    o->display = member_text(first->options, "display_filter", &m->arena);
    o->fail_on = m->setup->fail_on;
    o->settings = &m->settings;
    if (!json_read_settings(first->options, &m->settings, &m->arena, &o->time_wait, &err)) {
        complain(m, "%s: %s", first->path, err.text);
        return false;
    }
    o->time_wait_ns = m->settings.time_wait.ns;
    return true;
}

/* --- connections ------------------------------------------------------------------------------ */

static const struct model_connection *read_connection(struct merger *m,
                                                      const struct merge_source *s,
                                                      const char *record, struct arena *arena)
{
    cJSON *o = cJSON_Parse(record);
    struct error err = {"a connection that is no JSON"};
    const struct model_connection *c = o ? json_read_connection(o, &s->place, arena, &err) : NULL;

    cJSON_Delete(o);
    if (!c) {
        complain(m, "%s: %s", s->path, err.text);
        m->incomplete = true;
    }
    return c;
}

static void remember(struct merger *m, uint64_t stream, uint32_t source)
{
    const struct json_records *r = &m->source[source].records;

    if (m->n_places == m->cap) {
        m->cap = m->cap ? m->cap * 2 : 1024;
        m->place = xreallocarray(m->place, m->cap, sizeof *m->place);
    }
    m->place[m->n_places++] = (struct place){
        .stream = stream, .at = r->start, .source = source, .size = (uint32_t)r->text.len};
}

static void add_connections(struct merger *m, uint32_t source, bool keep)
{
    struct merge_source *s = &m->source[source];
    struct arena arena = {0};
    struct error err;
    uint64_t stream;

    json_records_open(&s->records, s->file);
    while (json_records_next(&s->records, &err)) {
        if (!merge_is_connection(s->records.text.text, &stream))
            continue;
        arena_reset(&arena);
        const struct model_connection *c = read_connection(m, s, s->records.text.text, &arena);
        if (!c)
            continue;
        collector_add(m->collector, c);
        if (keep)
            remember(m, c->stream, source);
    }
    arena_done(&arena);
}

static int by_stream(const void *a, const void *b)
{
    return by_number(&((const struct place *)a)->stream, &((const struct place *)b)->stream);
}

static void write_connections(struct merger *m)
{
    struct arena arena = {0};
    char *record = NULL;

    if (m->n_places)
        qsort(m->place, m->n_places, sizeof *m->place, by_stream);
    for (size_t i = 0; i < m->n_places; i++) {
        const struct place *p = &m->place[i];
        FILE *file = m->source[p->source].file;

        record = xreallocarray(record, p->size + (size_t)1, 1);
        if (fseeko(file, (off_t)p->at, SEEK_SET) != 0 ||
            fread(record, 1, p->size, file) != p->size) {
            complain(m, "%s: changed while it was read", m->source[p->source].path);
            m->incomplete = true;
            break;
        }
        record[p->size] = '\0';
        arena_reset(&arena);
        const struct model_connection *c =
            read_connection(m, &m->source[p->source], record, &arena);
        if (c && (c->close != CLOSE_STRAY || c->n_findings || m->setup->write.verbose))
            m->setup->writer->connection(m->writer, c);
    }
    free(record);
    arena_done(&arena);
}

/* What is counted in every result but stands in it one by one only where it was asked for. */
static void add_counts(struct merger *m)
{
    uint64_t strays = 0, streams = 0;

    for (size_t i = 0; i < m->n; i++) {
        strays += member_count(m->source[i].summary, "strays", INT64_MAX);
        m->summary.connections_in_all +=
            member_count(m->source[i].summary, "connections_before_filter", INT64_MAX);
        for (int k = 0; k < LIMIT_COUNT; k++)
            m->summary.evicted.of[k] += member_count(member(m->source[i].summary, "evicted"),
                                                     limit_info((enum limit)k)->name, INT64_MAX);
    }
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct part *p = &m->part[i];

        streams += p->stream ? p->n_streams
                             : member_count(m->source[p->first].summary, "streams", INT64_MAX);
    }
    m->summary.streams = streams;
    m->summary.strays = m->summary.by_kind[CLOSE_STRAY] = strays;
}

/* The lengths of TIME_WAIT that are asked for: on this command line, or when the results were made.
 */
static struct what_if what_if_of(const struct merger *m)
{
    struct what_if w = {0};
    const cJSON *item;

    if (m->setup->what_if.n)
        return m->setup->what_if;
    cJSON_ArrayForEach (item, member(m->source[0].what_if, "time_wait"))
        if (w.n < WHAT_IF_LENGTHS && cJSON_IsNumber(item) && item->valuedouble > 0 &&
            item->valuedouble <= 86400)
            w.length[w.n++] = (int64_t)(item->valuedouble * 1e9 + 0.5);
    return w;
}

static void write_report(struct merger *m)
{
    const struct what_if what_if = what_if_of(m);
    struct write_options write = m->setup->write;

    write.capture = &m->summary;
    write.n_files = m->n_files;
    enum writer_wants wants = m->setup->writer->wants(&write);
    m->collector = collector_new(&what_if, false);
    m->writer = m->setup->writer->open(m->setup->out, &write);
    for (size_t i = 0; i < m->n; i++)
        add_connections(m, (uint32_t)i, wants != WANTS_NONE);
    collector_finish(m->collector, m->input, &m->settings, &m->summary);
    add_counts(m);
    if (wants == WANTS_STREAMED)
        write_connections(m);
    m->setup->writer->summary(m->writer, &m->summary);
    if (wants == WANTS_SORTED)
        write_connections(m);
    m->setup->writer->close(m->writer);
}

/* --- all -------------------------------------------------------------------------------------- */

static void done(struct merger *m)
{
    for (size_t i = 0; i < m->n; i++)
        merge_source_close(&m->source[i]);
    for (size_t i = 0; i < m->n_parts; i++)
        free(m->part[i].stream);
    if (m->collector)
        collector_free(m->collector);
    if (m->input)
        input_close(m->input);
    free(m->source);
    free(m->part);
    free(m->file);
    free(m->tap_of);
    free(m->place);
    arena_done(&m->roles.arena);
    arena_done(&m->arena);
}

enum exit_status merge(const struct merge_setup *setup)
{
    struct merger m = {.setup = setup};
    enum exit_status status = EXIT_USAGE;

    open_sources(&m);
    if (m.n && go_together(&m) && make_parts(&m) && make_options(&m)) {
        make_capture(&m);
        write_report(&m);
        status = summary_exit_status(&m.summary);
        if (status == EXIT_DONE && m.incomplete)
            status = EXIT_DAMAGED;
    }
    done(&m);
    return status;
}
