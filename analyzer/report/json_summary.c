/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is said about the capture and all its connections together, as JSON. */
#include "report/json_fields.h"
#include "report/json_objects.h"

#include "report/exit_status.h"

cJSON *json_cross_finding(const struct model_cross_finding *f, const struct write_options *w)
{
    cJSON *o = cJSON_CreateObject();

    put_text(o, "record", "finding");
    put_finding(o, &f->finding, &f->blame, w);
    put_text(o, "key", f->key);
    cJSON *connections = cJSON_AddArrayToObject(o, "connections");
    for (size_t i = 0; i < f->n_connections; i++)
        cJSON_AddItemToArray(connections, cJSON_CreateNumber((double)f->connections[i]));
    put_number(o, "connections_total", (int64_t)f->n_connections_total);
    if (f->first.packet)
        put_moment(o, "first", &f->first, w);
    if (f->last.packet)
        put_moment(o, "last", &f->last, w);
    cJSON *supersedes = cJSON_AddArrayToObject(o, "supersedes");
    for (size_t i = 0; i < f->n_supersedes; i++)
        cJSON_AddItemToArray(supersedes, cJSON_CreateString(finding_info(f->supersedes[i])->id));
    return o;
}

/* --- capture ---------------------------------------------------------------------------------- */

static cJSON *json_file(const struct input_file *f, uint32_t tap)
{
    static const char *const status[] = {
        [INPUT_OK] = "ok", [INPUT_UNREADABLE] = "unreadable", [INPUT_CUT_SHORT] = "cut-short"};
    cJSON *o = cJSON_CreateObject();

    put_untrusted(o, "path", f->path);
    put_text(o, "status", status[f->status]);
    if (f->status != INPUT_OK)
        put_untrusted(o, "message", f->message);
    if (f->link_type >= 0) {
        put_text(o, "link_type", f->link_name);
        put_number(o, "link_type_number", f->link_type);
    }
    put_number(o, "tap", tap);
    put_number(o, "records", (int64_t)f->records);
    put_number(o, "filtered", (int64_t)f->filtered);
    put_number(o, "octets", (int64_t)f->octets);
    if (f->records) {
        put_time(o, "first", f->first_t);
        put_time(o, "last", f->last_t);
    }
    return o;
}

static void put_notes(cJSON *o, const struct notes *notes, const struct write_options *w)
{
    cJSON *array = cJSON_AddArrayToObject(o, "notes");

    for (int kind = 0; kind < NOTE_KIND_COUNT; kind++) {
        const struct note *n = &notes->of[kind];
        if (!n->count)
            continue;
        cJSON *item = cJSON_CreateObject();
        put_text(item, "kind", note_name((enum note_kind)kind));
        put_text(item, "text", note_text((enum note_kind)kind));
        cJSON_AddBoolToObject(item, "damage", note_is_damage((enum note_kind)kind));
        put_number(item, "count", (int64_t)n->count);
        if (kind == NOTE_LINK_UNSUPPORTED)
            put_number(item, "link_type_number", n->detail);
        cJSON *first = cJSON_AddArrayToObject(item, "first");
        for (size_t i = 0; i < NOTE_SAMPLES && i < n->count; i++) {
            cJSON *at = cJSON_CreateObject();
            put_ref(at, &n->first[i], w);
            cJSON_AddItemToArray(first, at);
        }
        cJSON_AddItemToArray(array, item);
    }
}

static void put_clock_steps(cJSON *o, const struct input *input)
{
    size_t n;
    uint64_t total;
    const struct input_clock_step *steps = input_clock_steps(input, &n, &total);
    cJSON *array = cJSON_AddArrayToObject(o, "clock_steps");

    for (size_t i = 0; i < n; i++) {
        cJSON *item = cJSON_CreateObject();
        put_number(item, "file", steps[i].file);
        put_number(item, "packet", (int64_t)steps[i].packet);
        put_time(item, "from", steps[i].from);
        put_time(item, "to", steps[i].to);
        cJSON_AddItemToArray(array, item);
    }
    put_number(o, "clock_steps_total", (int64_t)total);
}

cJSON *json_capture(const struct model_summary *s, const struct write_options *w)
{
    cJSON *o = cJSON_CreateObject();

    put_text(o, "record", "capture");
    cJSON *files = cJSON_AddArrayToObject(o, "files");
    for (size_t i = 0; i < input_n_files(s->input); i++)
        cJSON_AddItemToArray(files, json_file(input_file(s->input, i), s->tap_of[i]));
    put_number(o, "records", (int64_t)s->records);
    put_number(o, "filtered", (int64_t)s->filtered);
    put_number(o, "octets", (int64_t)s->octets);
    put_number(o, "segments", (int64_t)s->segments);
    put_number(o, "icmp_errors", (int64_t)s->icmp_errors);
    put_number(o, "duplicates", (int64_t)s->duplicates);
    if (s->records) {
        put_time(o, "first", s->first_t);
        put_time(o, "last", s->last_t);
        put_seconds(o, "duration", s->last_t - s->first_t);
    }
    put_notes(o, s->notes, w);
    put_clock_steps(o, s->input);
    cJSON *doubts = cJSON_AddArrayToObject(o, "doubts");
    for (size_t i = 0; i < s->n_cross; i++)
        if (s->cross[i].finding.layer == LAYER_CAPTURE)
            cJSON_AddItemToArray(doubts,
                                 cJSON_CreateString(finding_info(s->cross[i].finding.id)->id));
    return o;
}

/* --- options and summary ---------------------------------------------------------------------- */

/* TIME_WAIT for some addresses only. */
static void put_rules(cJSON *o, const struct settings *settings)
{
    char text[ADDR_TEXT];

    if (!settings->n_rules)
        return;
    cJSON *array = cJSON_AddArrayToObject(o, "time_wait_rules");
    for (size_t i = 0; i < settings->n_rules; i++) {
        const struct time_wait_rule *r = &settings->rule[i];
        cJSON *item = cJSON_CreateObject();

        put_text(item, "prefix", addr_text(&r->prefix, text));
        put_number(item, "bits", addr_is_v4(&r->prefix) ? r->bits - 96 : r->bits);
        put_seconds(item, "seconds", r->time_wait.ns);
        cJSON_AddItemToArray(array, item);
    }
}

cJSON *json_options(const struct model_summary *s)
{
    cJSON *o = cJSON_CreateObject();

    put_text(o, "record", "options");
    put_text(o, "filter", s->options.bpf);
    put_text(o, "time_wait", s->options.time_wait);
    put_seconds(o, "time_wait_seconds", s->options.time_wait_ns);
    put_rules(o, s->options.settings);
    cJSON *thresholds = cJSON_AddObjectToObject(o, "thresholds");
    for (int i = 0; i < THRESHOLD_COUNT; i++)
        cJSON_AddNumberToObject(thresholds, threshold_info((enum threshold)i)->name,
                                s->options.settings->threshold[i]);
    put_text(o, "fail_on", s->options.fail_on);
    return o;
}

static void put_questions(cJSON *o, const struct model_summary *s)
{
    cJSON *array = cJSON_AddArrayToObject(o, "questions");

    for (int id = 0; id < FINDING_COUNT; id++) {
        for (int reason = 0; reason < DOUBT_REASON_COUNT; reason++) {
            const struct model_question *q = &s->questions[id][reason];

            if (!q->count)
                continue;
            cJSON *item = cJSON_CreateObject();
            put_text(item, "id", finding_info((enum finding_id)id)->id);
            put_text(item, "reason", doubt_reason_name((enum doubt_reason)reason));
            put_number(item, "connections", (int64_t)q->count);
            if (q->need) {
                put_seconds(item, "have", q->have);
                put_seconds(item, "need", q->need);
            }
            cJSON_AddItemToArray(array, item);
        }
    }
}

cJSON *json_summary(const struct model_summary *s)
{
    cJSON *o = cJSON_CreateObject();

    put_text(o, "record", "summary");
    put_number(o, "connections", (int64_t)s->connections);
    put_number(o, "strays", (int64_t)s->strays);
    put_number(o, "undetermined", (int64_t)s->undetermined);
    put_number(o, "hosts_omitted", (int64_t)s->hosts_omitted);
    put_questions(o, s);
    cJSON *closes = cJSON_AddObjectToObject(o, "closes");
    for (int k = 0; k < CLOSE_KIND_COUNT; k++)
        put_number(closes, close_kind_name((enum close_kind)k), (int64_t)s->by_kind[k]);
    cJSON *severities = cJSON_AddObjectToObject(o, "severities");
    for (int k = SEVERITY_COUNT; k-- > 0;)
        put_number(severities, severity_name((enum severity)k), (int64_t)s->by_severity[k]);
    cJSON *findings = cJSON_AddObjectToObject(o, "findings");
    for (int k = 0; k < FINDING_COUNT; k++)
        if (s->by_finding[k])
            put_number(findings, finding_info((enum finding_id)k)->id, (int64_t)s->by_finding[k]);
    cJSON_AddBoolToObject(o, "failed", summary_failed(s));
    cJSON_AddBoolToObject(o, "damaged", summary_damaged(s));
    cJSON_AddBoolToObject(o, "interrupted", s->interrupted);
    return o;
}
