/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is said about the capture and all its connections together, as JSON. */
#include "report/json_fields.h"
#include "report/json_objects.h"

#include "report/exit_status.h"

void json_cross_finding(struct json *j, const struct model_cross_finding *f,
                        const struct write_options *w)
{
    json_object(j, NULL);
    json_text(j, "record", "finding");
    put_finding(j, &f->finding, &f->blame, w);
    json_text(j, "key", f->key);
    json_array(j, "connections");
    for (size_t i = 0; i < f->n_connections; i++)
        json_number(j, NULL, (int64_t)f->connections[i]);
    json_array_end(j);
    json_number(j, "connections_total", (int64_t)f->n_connections_total);
    if (f->first.packet)
        put_moment(j, "first", &f->first, w);
    if (f->peak.packet)
        put_moment(j, "peak", &f->peak, w);
    if (f->last.packet)
        put_moment(j, "last", &f->last, w);
    json_array(j, "supersedes");
    for (size_t i = 0; i < f->n_supersedes; i++)
        json_text(j, NULL, finding_info(f->supersedes[i])->id);
    json_array_end(j);
    json_object_end(j);
}

/* TIME_WAIT for some addresses only. */
static void put_rules(struct json *j, const struct settings *settings)
{
    if (!settings->n_rules)
        return;
    json_array(j, "time_wait_rules");
    for (size_t i = 0; i < settings->n_rules; i++) {
        const struct time_wait_rule *r = &settings->rule[i];

        json_object(j, NULL);
        put_addr(j, "prefix", &r->prefix);
        json_number(j, "bits", addr_is_v4(&r->prefix) ? r->bits - 96 : r->bits);
        json_seconds(j, "seconds", r->time_wait.ns);
        json_object_end(j);
    }
    json_array_end(j);
}

void json_options(struct json *j, const struct model_summary *s)
{
    json_object(j, NULL);
    json_text(j, "record", "options");
    json_text(j, "filter", s->options.bpf);
    if (s->options.display)
        put_untrusted(j, "display_filter", s->options.display);
    json_text(j, "time_wait", s->options.time_wait);
    json_seconds(j, "time_wait_seconds", s->options.time_wait_ns);
    put_rules(j, s->options.settings);
    json_object(j, "thresholds");
    for (int i = 0; i < THRESHOLD_COUNT; i++)
        json_real(j, threshold_info((enum threshold)i)->name, s->options.settings->threshold[i]);
    json_object_end(j);
    json_object(j, "limits");
    for (int i = 0; i < LIMIT_COUNT; i++)
        json_number(j, limit_info((enum limit)i)->name, (int64_t)s->options.settings->limits.of[i]);
    json_object_end(j);
    json_text(j, "fail_on", s->options.fail_on);
    if (s->shard.of > 1) {
        json_object(j, "shard");
        json_number(j, "index", s->shard.index);
        json_number(j, "of", s->shard.of);
        json_object_end(j);
    }
    json_object_end(j);
}

static void put_question(struct json *j, enum finding_id id, enum doubt_reason reason,
                         const struct model_question *q)
{
    json_object(j, NULL);
    json_text(j, "id", finding_info(id)->id);
    json_text(j, "reason", doubt_reason_name(reason));
    json_number(j, "connections", (int64_t)q->count);
    if (q->need) {
        json_seconds(j, "have", q->have);
        json_seconds(j, "need", q->need);
    }
    json_object_end(j);
}

static void put_questions(struct json *j, const struct model_summary *s)
{
    json_array(j, "questions");
    for (int id = 0; id < FINDING_COUNT; id++)
        for (int reason = 0; reason < DOUBT_REASON_COUNT; reason++)
            if (s->questions[id][reason].count)
                put_question(j, (enum finding_id)id, (enum doubt_reason)reason,
                             &s->questions[id][reason]);
    json_array_end(j);
}

void json_summary(struct json *j, const struct model_summary *s)
{
    json_object(j, NULL);
    json_text(j, "record", "summary");
    json_number(j, "connections", (int64_t)s->connections);
    if (s->options.display)
        json_number(j, "connections_before_filter", (int64_t)s->connections_in_all);
    json_number(j, "strays", (int64_t)s->strays);
    json_number(j, "streams", (int64_t)s->streams);
    json_number(j, "undetermined", (int64_t)s->undetermined);
    json_number(j, "hosts_omitted", (int64_t)s->hosts_omitted);
    json_object(j, "evicted");
    for (int i = 0; i < LIMIT_COUNT; i++)
        json_number(j, limit_info((enum limit)i)->name, (int64_t)s->evicted.of[i]);
    json_object_end(j);
    json_number(j, "tables_full", (int64_t)s->tables_full);
    put_questions(j, s);
    json_object(j, "closes");
    for (int k = 0; k < CLOSE_KIND_COUNT; k++)
        json_number(j, close_kind_name((enum close_kind)k), (int64_t)s->by_kind[k]);
    json_object_end(j);
    json_object(j, "severities");
    for (int k = SEVERITY_COUNT; k-- > 0;)
        json_number(j, severity_name((enum severity)k), (int64_t)s->by_severity[k]);
    json_object_end(j);
    json_object(j, "findings");
    for (int k = 0; k < FINDING_COUNT; k++)
        if (s->by_finding[k])
            json_number(j, finding_info((enum finding_id)k)->id, (int64_t)s->by_finding[k]);
    json_object_end(j);
    json_bool(j, "failed", summary_failed(s));
    json_bool(j, "damaged", summary_damaged(s));
    json_bool(j, "interrupted", s->interrupted);
    if (s->shard.of > 1) {
        json_array(j, "dropped");
        for (size_t i = 0; i < s->shard.n_dropped; i++)
            json_number(j, NULL, (int64_t)s->shard.dropped[i]);
        json_array_end(j);
    }
    json_object_end(j);
}
