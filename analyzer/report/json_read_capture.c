/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a result says about its capture and options: the mirror of json_capture.c and
 * json_summary.c. */
#include "base/xalloc.h"
#include "report/json_parse.h"
#include "report/json_read.h"

#include <stdio.h>
#include <string.h>

enum { COUNT_MAX_BITS = 53 };

static const uint64_t count_max = (uint64_t)1 << COUNT_MAX_BITS; /* what a double holds exactly */

static bool is_word(const cJSON *item, const char *word)
{
    return cJSON_IsString(item) && strcmp(item->valuestring, word) == 0;
}

/* --- notes ------------------------------------------------------------------------------------ */

static void read_note(const cJSON *o, int64_t origin, const struct json_place *place,
                      struct note *note)
{
    const cJSON *at;
    uint64_t count = member_count(o, "count", count_max);

    if (member(o, "link_type_number") && !note->count)
        note->detail = (int)member_count(o, "link_type_number", INT32_MAX);
    uint64_t have = note->count;
    note->count += count;
    cJSON_ArrayForEach (at, member(o, "first")) {
        if (have >= NOTE_SAMPLES || have >= note->count)
            return;
        note->first[have++] = (struct ref){
            .t = origin + member_seconds(at, "t"),
            .packet = member_count(at, "packet", count_max),
            .file = place->first_file + (uint32_t)member_count(at, "file", place->n_files)};
    }
}

static void read_notes(const cJSON *array, int64_t origin, const struct json_place *place,
                       struct notes *notes)
{
    const cJSON *item;

    cJSON_ArrayForEach (item, array)
        for (int kind = 0; kind < NOTE_KIND_COUNT; kind++)
            if (is_word(member(item, "kind"), note_name((enum note_kind)kind)))
                read_note(item, origin, place, &notes->of[kind]);
}

/* --- capture ---------------------------------------------------------------------------------- */

void json_read_capture(const cJSON *o, const struct json_place *place, struct model_summary *s,
                       struct notes *notes)
{
    int64_t first = 0, last = 0;

    if (member_time(o, "first", &first) && member_time(o, "last", &last)) {
        if (!s->records || first < s->first_t)
            s->first_t = first;
        if (!s->records || last > s->last_t)
            s->last_t = last;
    }
    s->records += member_count(o, "records", count_max);
    s->filtered += member_count(o, "filtered", count_max);
    s->octets += member_count(o, "octets", count_max);
    s->segments += member_count(o, "segments", count_max);
    s->icmp_errors += member_count(o, "icmp_errors", count_max);
    read_notes(member(o, "notes"), first, place, notes);
}

/* A text that the file itself brought, or NULL. */
static char *own_text(const cJSON *o, const char *key, struct arena *arena)
{
    const char *text = member_text(o, key, arena);

    return text ? arena_printf(arena, "%s", text) : NULL;
}

static void read_interfaces(const cJSON *array, struct about *a, struct arena *arena)
{
    int n = cJSON_GetArraySize(array);
    const cJSON *item;

    if (n <= 0)
        return;
    if (n > ABOUT_INTERFACES)
        n = ABOUT_INTERFACES;
    a->interfaces = arena_alloc(arena, (size_t)n * sizeof *a->interfaces);
    cJSON_ArrayForEach (item, array) {
        if (a->n_interfaces == (size_t)n)
            return;
        a->interfaces[a->n_interfaces++] = (struct capture_interface){
            .name = own_text(item, "name", arena),
            .description = own_text(item, "description", arena),
            .link_type = (int)member_count(item, "link_type_number", INT32_MAX),
            .records = member_count(item, "records", count_max),
            .dropped = member_count(item, "dropped", count_max),
            .drops_told = member(item, "dropped") != NULL,
        };
    }
}

static void read_comments(const cJSON *array, struct about *a, struct arena *arena)
{
    const cJSON *item;

    if (!array)
        return;
    a->comments = arena_alloc(arena, ABOUT_COMMENTS * sizeof *a->comments);
    cJSON_ArrayForEach (item, array) {
        char *text = own_text(item, "text", arena);

        if (text && a->n_comments < ABOUT_COMMENTS)
            a->comments[a->n_comments++] = (struct capture_comment){
                .packet = member_count(item, "packet", count_max), .text = text};
    }
}

static const struct about *read_about(const cJSON *file, struct arena *arena)
{
    struct about *a = arena_alloc(arena, sizeof *a);

    *a = (struct about){
        .total_comments = member_count(file, "comments_total", count_max),
        .dropped = member_count(file, "dropped", count_max),
        .drops_told = member(file, "dropped") != NULL,
        .untimed = member_count(file, "untimed", count_max),
        .compression = member_text(file, "compression", arena),
    };
    read_interfaces(member(file, "interfaces"), a, arena);
    read_comments(member(file, "comments"), a, arena);
    return a;
}

struct input_file json_read_file(const cJSON *o, size_t n, uint32_t *tap, struct arena *arena)
{
    const cJSON *file = cJSON_GetArrayItem(member(o, "files"), (int)n),
                *status = member(file, "status");
    const char *path = member_text(file, "path", arena),
               *message = member_text(file, "message", arena);
    struct input_file f = {.path = path ? path : "", .link_type = -1};

    f.status = is_word(status, "unreadable")  ? INPUT_UNREADABLE
               : is_word(status, "cut-short") ? INPUT_CUT_SHORT
                                              : INPUT_OK;
    if (message && message[0])
        snprintf(f.message, sizeof f.message, "%s", message);
    else if (f.status != INPUT_OK)
        snprintf(f.message, sizeof f.message, "%s: %s", f.path,
                 f.status == INPUT_UNREADABLE ? "unreadable" : "cut short");
    if (member(file, "link_type_number")) {
        f.link_type = (int)member_count(file, "link_type_number", INT32_MAX);
        f.link_name = member_text(file, "link_type", arena);
    }
    f.records = member_count(file, "records", count_max);
    f.filtered = member_count(file, "filtered", count_max);
    f.octets = member_count(file, "octets", count_max);
    member_time(file, "first", &f.first_t);
    member_time(file, "last", &f.last_t);
    f.about = read_about(file, arena);
    *tap = (uint32_t)member_count(file, "tap", UINT32_MAX);
    return f;
}

size_t json_read_clock_steps(const cJSON *o, const struct json_place *place,
                             struct input_clock_step *step, size_t room)
{
    const cJSON *item;
    size_t n = 0;

    cJSON_ArrayForEach (item, member(o, "clock_steps")) {
        struct input_clock_step s = {.file = place->first_file +
                                             (uint32_t)member_count(item, "file", place->n_files),
                                     .packet = member_count(item, "packet", count_max)};

        if (n < room && member_time(item, "from", &s.from) && member_time(item, "to", &s.to))
            step[n++] = s;
    }
    return n;
}

void json_read_gaps(const cJSON *o, const struct json_place *place, struct input *in)
{
    const cJSON *item;

    cJSON_ArrayForEach (item, member(o, "gaps")) {
        struct input_gap g = {
            .before = place->first_file + (uint32_t)member_count(item, "before", place->n_files),
            .after = place->first_file + (uint32_t)member_count(item, "after", place->n_files)};

        if (member_time(item, "from", &g.from) && member_time(item, "to", &g.to))
            input_add_gap(in, &g);
    }
}

/* --- options ---------------------------------------------------------------------------------- */

static bool read_rule(const cJSON *o, struct settings *settings)
{
    struct time_wait_rule *r = &settings->rule[settings->n_rules];

    if (settings->n_rules == TIME_WAIT_RULES || !member_addr(o, "prefix", &r->prefix))
        return false;
    r->bits = (unsigned)member_count(o, "bits", addr_is_v4(&r->prefix) ? 32 : 128) +
              (addr_is_v4(&r->prefix) ? 96 : 0);
    r->time_wait = (struct time_wait){.ns = member_seconds(o, "seconds")};
    settings->n_rules++;
    return true;
}

bool json_read_settings(const cJSON *o, struct settings *settings, struct arena *arena,
                        const char **time_wait, struct error *err)
{
    const cJSON *thresholds = member(o, "thresholds"), *item;

    *settings = settings_default();
    *time_wait = member_text(o, "time_wait", arena);
    if (!*time_wait || !thresholds || member_seconds(o, "time_wait_seconds") <= 0) {
        error_set(err, "its options make no sense");
        return false;
    }
    settings->guess = strcmp(*time_wait, "auto") == 0;
    settings->time_wait.ns = member_seconds(o, "time_wait_seconds");
    for (int i = 0; i < THRESHOLD_COUNT; i++)
        if ((item = member(thresholds, threshold_info((enum threshold)i)->name)) &&
            !settings_set_threshold(settings, (enum threshold)i,
                                    member_real(thresholds, item->string))) {
            error_set(err, "its thresholds make no sense");
            return false;
        }
    for (int i = 0; i < LIMIT_COUNT; i++)
        settings->limits.of[i] =
            member_count(member(o, "limits"), limit_info((enum limit)i)->name, count_max);
    cJSON_ArrayForEach (item, member(o, "time_wait_rules"))
        if (!read_rule(item, settings)) {
            error_set(err, "its rules for TIME_WAIT make no sense");
            return false;
        }
    return true;
}
