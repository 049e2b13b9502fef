/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/merge_source.h"

#include "base/xalloc.h"
#include "report/json_parse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- opening ---------------------------------------------------------------------------------- */

static FILE *open_result(const char *path, FILE *standard_input, struct error *err)
{
    FILE *file = strcmp(path, "-") == 0 ? standard_input : fopen(path, "r");

    if (!file && strcmp(path, "-") == 0) {
        error_set(err, "-: standard input can be read only once");
        return NULL;
    }
    if (!file || fseeko(file, 0, SEEK_END) != 0) {
        error_set(err, "%s: %s", path, strerror(errno));
        if (file)
            fclose(file);
        return NULL;
    }
    return file;
}

/* --- what is in it ---------------------------------------------------------------------------- */

bool merge_is_connection(const char *record, uint64_t *stream)
{
    static const char begin[] = "{\"record\":\"connection\",\"stream\":";
    const cJSON *number;
    bool is;

    /* As lastack writes it; anybody else's spacing takes the long way. */
    if (strncmp(record, begin, sizeof begin - 1) == 0) {
        *stream = strtoull(record + sizeof begin - 1, NULL, 10);
        return true;
    }
    if (!strstr(record, "\"connection\""))
        return false;
    cJSON *o = cJSON_Parse(record);
    const cJSON *kind = member(o, "record");
    number = member(o, "stream");
    is = cJSON_IsString(kind) && strcmp(kind->valuestring, "connection") == 0 &&
         cJSON_IsNumber(number);
    *stream = is ? member_count(o, "stream", INT64_MAX) : 0;
    cJSON_Delete(o);
    return is;
}

static void take_stream(struct merge_source *s, uint64_t stream)
{
    if (s->n_streams == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 1024;
        s->stream = xreallocarray(s->stream, s->cap, sizeof *s->stream);
    }
    s->stream[s->n_streams++] = stream;
}

/* Keep the records that there is one of. */
static void take_other(struct merge_source *s, const char *record)
{
    const struct {
        const char *name;
        cJSON **place;
    } kept[] = {{"capture", &s->capture},
                {"options", &s->options},
                {"summary", &s->summary},
                {"what-if", &s->what_if}};
    cJSON *o = cJSON_Parse(record);
    const cJSON *kind = member(o, "record");

    for (size_t i = 0; cJSON_IsString(kind) && i < sizeof kept / sizeof *kept; i++) {
        if (strcmp(kind->valuestring, kept[i].name) == 0 && !*kept[i].place) {
            *kept[i].place = o;
            return;
        }
    }
    cJSON_Delete(o);
}

static bool read_records(struct merge_source *s, struct error *err)
{
    struct error reason;
    uint64_t stream;

    json_records_open(&s->records, s->file);
    while (json_records_next(&s->records, &reason)) {
        if (merge_is_connection(s->records.text.text, &stream)) {
            s->connections++;
            take_stream(s, stream);
        } else {
            take_other(s, s->records.text.text);
        }
    }
    if (reason.text[0])
        error_set(err, "%s: %s", s->path, reason.text);
    else if (!s->capture || !s->options || !s->summary)
        error_set(err, "%s: not a whole result of lastack -T json or -T ndjson", s->path);
    else
        return true;
    return false;
}

/* The numbers of a shard's connections leave room for those of the other shards; candidates that
 * were dropped took a number too. */
static void read_shard(struct merge_source *s)
{
    const cJSON *shard = member(s->options, "shard"), *item;

    s->shard = s->shards = 1;
    if (!shard) {
        s->n_streams = 0;
        return;
    }
    s->shard = member_count(shard, "index", INT32_MAX);
    s->shards = member_count(shard, "of", INT32_MAX);
    cJSON_ArrayForEach (item, member(s->summary, "dropped"))
        if (cJSON_IsNumber(item) && item->valuedouble >= 0)
            take_stream(s, (uint64_t)item->valuedouble);
}

bool merge_source_open(struct merge_source *s, const char *path, FILE *standard_input,
                       struct error *err)
{
    *s = (struct merge_source){.path = path, .file = open_result(path, standard_input, err)};
    if (!s->file || !read_records(s, err))
        return false;
    read_shard(s);
    if (!s->shard || s->shard > s->shards) {
        error_set(err, "%s: shard %" PRIu64 " of %" PRIu64 " makes no sense", path, s->shard,
                  s->shards);
        return false;
    }
    int files = cJSON_GetArraySize(member(s->capture, "files"));
    s->place.n_files = files > 0 ? (uint32_t)files : 0;
    return true;
}

void merge_source_close(struct merge_source *s)
{
    json_records_done(&s->records);
    if (s->file)
        fclose(s->file);
    cJSON_Delete(s->capture);
    cJSON_Delete(s->options);
    cJSON_Delete(s->summary);
    cJSON_Delete(s->what_if);
    free(s->stream);
}

/* --- what goes together ----------------------------------------------------------------------- */

static bool same_member(const cJSON *a, const cJSON *b, const char *key)
{
    return cJSON_Compare(member(a, key), member(b, key), true) ||
           (!member(a, key) && !member(b, key));
}

bool merge_same_options(const struct merge_source *a, const struct merge_source *b)
{
    static const char *const keys[] = {
        "filter",          "display_filter", "time_wait", "time_wait_seconds",
        "time_wait_rules", "thresholds",     "limits"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!same_member(a->options, b->options, keys[i]))
            return false;
    return true;
}

bool merge_same_input(const struct merge_source *a, const struct merge_source *b)
{
    return a->shards == b->shards && same_member(a->capture, b->capture, "files");
}
