/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The facts of a connection back from JSON: the mirror of json_facts.c, with what the connection's
 * other members tell. */
#include "detect/facts.h"
#include "report/json_parse.h"
#include "report/json_read_part.h"

static const struct fact_stay *stays_of(const struct reading *r, const struct model_endpoint *e,
                                        int64_t eoc)
{
    struct fact_stay *stay = arena_alloc(r->arena, (e->n_states + 1) * sizeof *stay);

    for (size_t i = 0; i < e->n_states; i++)
        stay[i] = (struct fact_stay){
            .state = e->states[i].state,
            .from = e->states[i].at.t,
            .to = i + 1 < e->n_states ? e->states[i + 1].at.t : eoc,
        };
    return stay;
}

/* The constant name of a system that was guessed: facts outlive what is read. */
static const char *system_of(const char *os)
{
    struct time_wait profile;

    return os && time_wait_parse(os, &profile) ? profile.name : NULL;
}

static struct fact_end read_fact_end(const struct reading *r, const cJSON *o,
                                     const struct model_endpoint *e, int64_t eoc)
{
    return (struct fact_end){
        .addr = e->addr,
        .port = e->port,
        .packets = e->packets,
        .syn_ttl = (uint8_t)member_count(o, "syn_ttl", UINT8_MAX),
        .os = system_of(e->os),
        .fin = member_bool(o, "fin"),
        .waits = member_seconds(o, "waits"),
        .closed = e->state == ST_CLOSED,
        .n_stays = e->n_states,
        .stays = stays_of(r, e, eoc),
        .time_wait = e->time_wait.held,
        .time_wait_since = e->time_wait.since,
        .time_wait_length = e->time_wait.length,
    };
}

static void read_fact_reset(const struct reading *r, const cJSON *o, struct facts *f)
{
    f->has_reset = o && member_finding_id(o, "cause", &f->reset_cause);
    if (!f->has_reset)
        return;
    f->reset = json_read_ref(r, o);
    f->reset_by_icmp = member_bool(o, "icmp");
    member_end(o, "by", &f->reset_end);
    f->reset_ttl = (uint8_t)member_count(o, "ttl", UINT8_MAX);
    uint8_t other = (uint8_t)member_count(o, "other_ttl", UINT8_MAX);
    f->reset_other_ttl = f->reset_by_icmp || other == f->reset_ttl ? 0 : other;
    f->reset_idle = member_seconds(o, "idle");
}

static void read_fact_reuse(const cJSON *o, struct facts *f)
{
    f->has_reuse = o != NULL;
    if (!o)
        return;
    f->reuse = (struct fact_reuse){
        .held_by_opener = member(o, "opener_gap") != NULL,
        .held_by_other = member(o, "other_gap") != NULL,
        .opener_gap = member_seconds(o, "opener_gap"),
        .opener_over = member_bool(o, "opener_over"),
        .other_over = member_bool(o, "other_over"),
        .other_gap = member_seconds(o, "other_gap"),
        .both_acked = member_bool(o, "both_acked"),
        .ts_old = member_bool(o, "ts_old"),
        .ts_new = member_bool(o, "ts_new"),
        .ts_newer = member_bool(o, "ts_newer"),
        .ts_equal = member_bool(o, "ts_equal"),
        .seq_ok = member_bool(o, "seq_ok"),
        .far = member_bool(o, "far"),
    };
}

const struct facts *json_read_facts(const struct reading *r, const cJSON *o,
                                    const struct model_connection *m)
{
    struct facts *f = arena_alloc(r->arena, sizeof *f);
    const cJSON *syn = member(o, "syn");

    *f = (struct facts){
        .stream = m->stream,
        .kind = m->close,
        .self = m->self,
        .first = m->first,
        .last = m->last,
        .eoc = r->origin + member_seconds(o, "eoc"),
        .first_closer = m->first_closer_known && !m->first_closer_both ? m->first_closer : END_NONE,
        .both_closed_first = m->first_closer_both,
        .plain = member_count(o, "plain", INT64_MAX),
        .flags_only = member_bool(o, "flags_only"),
        .gap = facts_gap(m->findings, m->n_findings),
        .translated = member_bool(o, "translated"),
        .answered = member_bool(o, "answered"),
        .half_way = member_bool(o, "half_way"),
        .syn_ts = member(syn, "ts_val") != NULL,
        .syn_ts_val = (uint32_t)member_count(syn, "ts_val", UINT32_MAX),
        .syn_copies = (unsigned)member_count(syn, "copies", UINT32_MAX),
    };
    for (int e = END_CLIENT; e <= END_SERVER; e++)
        f->end[e] = read_fact_end(r, member(o, end_name((enum end)e)), &m->end[e], f->eoc);
    for (size_t i = 0; i < m->n_undetermined; i++)
        f->clock_doubt |= m->undetermined[i].reason == DOUBT_CLOCK;
    read_fact_reset(r, member(o, "reset"), f);
    read_fact_reuse(member(o, "reuse"), f);
    return f;
}
