/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One connection as JSON. */
#include "decode/segment.h"
#include "report/flags.h"
#include "report/json_fields.h"
#include "report/json_objects.h"

#include <string.h>

static void put_name(cJSON *o, const char *key, const struct model_endpoint *e)
{
    cJSON *name = cJSON_AddObjectToObject(o, key);
    char text[ADDR_TEXT];

    put_text(name, "addr", addr_text(&e->addr, text));
    put_number(name, "port", e->port);
}

/* "vlan 12, vxlan 7" as an array; absent when there is no encapsulation. */
static void put_path(cJSON *o, const char *path)
{
    if (!path[0])
        return;
    cJSON *array = cJSON_AddArrayToObject(o, "path");
    while (*path) {
        size_t len = strcspn(path, ",");
        char layer[64] = "";

        memcpy(layer, path, len < sizeof layer ? len : sizeof layer - 1);
        cJSON_AddItemToArray(array, cJSON_CreateString(layer));
        path += len;
        path += strspn(path, ", ");
    }
}

/* --- close ------------------------------------------------------------------------------------ */

static void put_reset(cJSON *close, const struct model_connection *c, const struct write_options *w)
{
    if (!c->reset)
        return;
    cJSON *reset = cJSON_AddObjectToObject(close, "reset");
    put_text(reset, "by", end_name(c->reset_by));
    put_packet(reset, &c->reset->at, w);
    put_text(reset, "cause", c->reset->cause);
    if (c->reset->cause)
        put_confidence(reset, c->reset->confidence);
    cJSON_AddBoolToObject(reset, "effective", c->reset->effective);
    put_text(reset, "after_fin", c->reset_after_fin);
}

static void put_close(cJSON *o, const struct model_connection *c, const struct write_options *w)
{
    cJSON *close = cJSON_AddObjectToObject(o, "close");

    put_text(close, "kind", close_kind_name(c->close));
    if (c->closed_by_somebody)
        put_text(close, "first_closer",
                 c->first_closer_both    ? "both"
                 : c->first_closer_known ? end_name(c->first_closer)
                                         : NULL);
    if (c->holder_known) {
        cJSON *holder = cJSON_AddArrayToObject(close, "time_wait_holder");
        for (int e = END_CLIENT; e <= END_SERVER; e++)
            if (c->holder[e])
                cJSON_AddItemToArray(holder, cJSON_CreateString(end_name((enum end)e)));
    } else {
        cJSON_AddNullToObject(close, "time_wait_holder");
    }
    if (c->holder_open)
        cJSON_AddTrueToObject(close, "holder_open");
    if (c->half_closed)
        put_seconds(close, "half_closed_for", c->half_closed_for);
    put_reset(close, c, w);
}

static void put_undetermined(cJSON *o, const struct model_connection *c)
{
    cJSON *array = cJSON_AddArrayToObject(o, "undetermined");

    for (size_t i = 0; i < c->n_undetermined; i++) {
        const struct undetermined *u = &c->undetermined[i];
        cJSON *item = cJSON_CreateObject();

        put_text(item, "id", finding_info(u->id)->id);
        if (u->timed) {
            put_seconds(item, "have", u->have);
            put_seconds(item, "need", u->need);
        }
        put_text(item, "reason", doubt_reason_name(u->reason));
        cJSON_AddItemToArray(array, item);
    }
}

/* --- endpoints -------------------------------------------------------------------------------- */

static const char *state_or_null(enum tcp_state s)
{
    return s == ST_NONE ? NULL : tcp_state_name(s);
}

static void put_states(cJSON *o, const struct model_endpoint *e, const struct write_options *w)
{
    cJSON *states = cJSON_AddArrayToObject(o, "states");

    for (size_t i = 0; i < e->n_states; i++) {
        const struct model_state *s = &e->states[i];
        cJSON *item = cJSON_CreateObject();

        put_text(item, "state", tcp_state_name(s->state));
        put_ref(item, &s->at, w);
        if (s->held >= 0)
            put_seconds(item, "held", s->held);
        cJSON_AddBoolToObject(item, "proven", s->proven);
        put_text(item, "cause", s->cause);
        cJSON_AddItemToArray(states, item);
    }
}

static void put_fin(cJSON *o, const struct model_endpoint *e, const struct write_options *w)
{
    if (!e->fin_seen)
        return;
    cJSON *fin = cJSON_AddObjectToObject(o, "fin");
    put_ref(fin, &e->fin, w);
    put_number(fin, "copies", e->fin_copies);
    if (e->fin_acked_by.packet)
        put_number(fin, "acked_by", (int64_t)e->fin_acked_by.packet);
    else
        cJSON_AddNullToObject(fin, "acked_by");
}

static void put_time_wait(cJSON *o, const struct model_time_wait *t, const struct write_options *w)
{
    if (!t->held)
        return;
    cJSON *item = cJSON_AddObjectToObject(o, "time_wait");
    put_seconds(item, "since", t->since - w->capture->first_t);
    put_number(item, "restarts", t->restarts);
    put_seconds(item, "length", t->length);
    put_text(item, "profile", t->profile);
    put_seconds(item, "until", t->until - w->capture->first_t);
    put_text(item, "ended", t->ended);
}

static void put_endpoint(cJSON *ends, enum end which, const struct model_connection *c,
                         const struct write_options *w)
{
    const struct model_endpoint *e = &c->end[which];
    cJSON *o = cJSON_AddObjectToObject(ends, end_name(which));

    put_text(o, "state", state_or_null(e->state));
    put_text(o, "proven_state", state_or_null(e->proven_state));
    put_states(o, e, w);
    put_number(o, "packets", (int64_t)e->packets);
    put_number(o, "bytes", (int64_t)e->bytes);
    put_number(o, "retransmissions", (int64_t)e->retransmissions);
    if (e->isn_known)
        put_number(o, "isn", e->isn);
    else
        cJSON_AddNullToObject(o, "isn");
    put_fin(o, e, w);
    cJSON *rsts = cJSON_AddArrayToObject(o, "rst");
    for (size_t i = 0; i < e->n_rsts; i++) {
        cJSON *rst = cJSON_CreateObject();
        put_ref(rst, &e->rsts[i].at, w);
        put_text(rst, "cause", e->rsts[i].cause);
        if (e->rsts[i].cause)
            put_confidence(rst, e->rsts[i].confidence);
        cJSON_AddBoolToObject(rst, "effective", e->rsts[i].effective);
        cJSON_AddItemToArray(rsts, rst);
    }
    put_time_wait(o, &e->time_wait, w);
    put_text(o, "os", e->os);
}

/* --- steps ------------------------------------------------------------------------------------ */

static void put_fold(cJSON *o, const struct model_step *s, const struct write_options *w)
{
    cJSON *data = cJSON_AddObjectToObject(o, "data");

    put_number(data, "segments", (int64_t)s->segments);
    put_number(data, "bytes", (int64_t)s->bytes);
    put_number(data, "acks", (int64_t)s->acks);
    put_number(data, "first", (int64_t)s->at.packet);
    put_number(data, "last", (int64_t)s->last.packet);
    if (w->n_files > 1)
        put_number(data, "file", s->at.file);
}

static void put_segment(cJSON *o, const struct model_step *s)
{
    char flags[FLAGS_TEXT];

    put_text(o, "flags", flags_text(s->flags, flags));
    put_number(o, "seq", s->seq);
    if (s->flags & TCP_ACK)
        put_number(o, "ack", s->ack);
    put_number(o, "seq_raw", s->seq_raw);
    if (s->flags & TCP_ACK)
        put_number(o, "ack_raw", s->ack_raw);
    put_number(o, "len", s->len);
}

static void put_steps(cJSON *o, const struct model_connection *c, const struct write_options *w)
{
    cJSON *steps = cJSON_AddArrayToObject(o, "steps");

    for (size_t i = 0; i < c->n_steps; i++) {
        const struct model_step *s = &c->steps[i];
        cJSON *item = cJSON_CreateObject();

        if (!s->fold)
            put_ref(item, &s->at, w);
        else
            put_seconds(item, "t", s->at.t - w->capture->first_t);
        put_text(item, "from", end_name(s->from));
        if (s->fold)
            put_fold(item, s, w);
        else if (!s->icmp)
            put_segment(item, s);
        if (s->note)
            put_text(item, "note", s->note);
        put_text(item, "client", state_or_null(s->state[END_CLIENT]));
        put_text(item, "server", state_or_null(s->state[END_SERVER]));
        if (s->of_other)
            put_number(item, "of", (int64_t)s->of);
        cJSON_AddItemToArray(steps, item);
    }
    if (c->steps_omitted)
        put_number(o, "steps_omitted", (int64_t)c->steps_omitted);
}

static bool steps_wanted(const struct model_connection *c, const struct write_options *w)
{
    if (w->all_steps)
        return true;
    for (size_t i = 0; i < c->n_findings; i++)
        if (c->findings[i].severity >= SEVERITY_NOTICE)
            return true;
    return false;
}

/* --- the connection --------------------------------------------------------------------------- */

cJSON *json_connection(const struct model_connection *c, const struct write_options *w)
{
    cJSON *o = cJSON_CreateObject();

    put_text(o, "record", "connection");
    put_number(o, "stream", (int64_t)c->stream);
    put_number(o, "incarnation", c->incarnation);
    put_number(o, "tap", c->tap);
    put_name(o, "client", &c->end[END_CLIENT]);
    put_name(o, "server", &c->end[END_SERVER]);
    put_text(o, "roles", c->roles_guessed ? "guessed" : "syn");
    if (c->self)
        cJSON_AddTrueToObject(o, "self");
    put_path(o, c->path);
    put_moment(o, "first", &c->first, w);
    put_moment(o, "last", &c->last, w);
    put_seconds(o, "duration", c->last.t > c->first.t ? c->last.t - c->first.t : 0);
    put_text(o, "handshake", handshake_name(c->handshake));
    put_close(o, c, w);
    put_undetermined(o, c);
    cJSON *ends = cJSON_AddObjectToObject(o, "endpoints");
    put_endpoint(ends, END_CLIENT, c, w);
    put_endpoint(ends, END_SERVER, c, w);
    if (steps_wanted(c, w))
        put_steps(o, c, w);
    cJSON *findings = cJSON_AddArrayToObject(o, "findings");
    for (size_t i = 0; i < c->n_findings; i++) {
        cJSON *f = cJSON_CreateObject();
        put_finding(f, &c->findings[i],
                    c->findings[i].blame == END_NONE ? NULL : &c->end[c->findings[i].blame].addr,
                    w);
        cJSON_AddItemToArray(findings, f);
    }
    return o;
}
