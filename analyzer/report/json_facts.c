/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The part of a connection's facts that its other members don't tell. json_read.c reads it back. */
#include "detect/facts.h"
#include "report/json_fields.h"
#include "report/json_objects.h"

/* Most facts don't hold for most connections: what is absent is false or 0. */
static void put_true(struct json *j, const char *key, bool value)
{
    if (value)
        json_bool(j, key, true);
}

static void put_end(struct json *j, const char *key, const struct fact_end *e)
{
    json_object(j, key);
    json_number(j, "syn_ttl", e->syn_ttl);
    put_true(j, "fin", e->fin);
    if (e->waits)
        json_seconds(j, "waits", e->waits);
    json_object_end(j);
}

static void put_syn(struct json *j, const struct facts *f)
{
    if (!f->syn_ts && !f->syn_copies)
        return;
    json_object(j, "syn");
    if (f->syn_ts)
        json_number(j, "ts_val", f->syn_ts_val);
    json_number(j, "copies", f->syn_copies);
    json_object_end(j);
}

static void put_reset(struct json *j, const struct facts *f, const struct write_options *w)
{
    if (!f->has_reset)
        return;
    json_object(j, "reset");
    put_ref(j, &f->reset, w);
    json_text(j, "cause", finding_info(f->reset_cause)->id);
    put_true(j, "icmp", f->reset_by_icmp);
    if (!f->reset_by_icmp) {
        json_number(j, "ttl", f->reset_ttl);
        if (f->reset_other_ttl) {
            json_text(j, "by", end_name(f->reset_end));
            json_number(j, "other_ttl", f->reset_other_ttl);
        }
        json_seconds(j, "idle", f->reset_idle);
    }
    json_object_end(j);
}

static void put_reuse(struct json *j, const struct facts *f)
{
    const struct fact_reuse *r = &f->reuse;

    if (!f->has_reuse)
        return;
    json_object(j, "reuse");
    if (r->held_by_opener)
        json_seconds(j, "opener_gap", r->opener_gap);
    if (r->held_by_other)
        json_seconds(j, "other_gap", r->other_gap);
    put_true(j, "opener_over", r->opener_over);
    put_true(j, "other_over", r->other_over);
    put_true(j, "both_acked", r->both_acked);
    put_true(j, "ts_old", r->ts_old);
    put_true(j, "ts_new", r->ts_new);
    put_true(j, "ts_newer", r->ts_newer);
    put_true(j, "ts_equal", r->ts_equal);
    put_true(j, "seq_ok", r->seq_ok);
    put_true(j, "far", r->far);
    json_object_end(j);
}

void json_facts(struct json *j, const struct facts *f, const struct write_options *w)
{
    json_object(j, "facts");
    json_seconds(j, "eoc", f->eoc - w->capture->first_t);
    json_number(j, "plain", (int64_t)f->plain);
    put_true(j, "flags_only", f->flags_only);
    put_true(j, "translated", f->translated);
    put_true(j, "answered", f->answered);
    put_true(j, "half_way", f->half_way);
    put_end(j, "client", &f->end[END_CLIENT]);
    put_end(j, "server", &f->end[END_SERVER]);
    put_syn(j, f);
    put_reset(j, f, w);
    put_reuse(j, f);
    json_object_end(j);
}
