/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One connection as JSON. */
#include "decode/segment.h"
#include "report/flags.h"
#include "report/json_fields.h"
#include "report/json_objects.h"

#include <string.h>

static void put_name(struct json *j, const char *key, const struct model_endpoint *e)
{
    json_object(j, key);
    put_addr(j, "addr", &e->addr);
    json_number(j, "port", e->port);
    json_object_end(j);
}

/* "vlan 12, vxlan 7" as an array; absent when there is no encapsulation. */
static void put_path(struct json *j, const char *path)
{
    if (!path[0])
        return;
    json_array(j, "path");
    while (*path) {
        size_t len = strcspn(path, ",");
        char layer[64] = "";

        memcpy(layer, path, len < sizeof layer ? len : sizeof layer - 1);
        json_text(j, NULL, layer);
        path += len;
        path += strspn(path, ", ");
    }
    json_array_end(j);
}

/* --- close ------------------------------------------------------------------------------------ */

static void put_reset(struct json *j, const struct model_connection *c,
                      const struct write_options *w)
{
    if (!c->reset)
        return;
    json_object(j, "reset");
    json_text(j, "by", end_name(c->reset_by));
    put_packet(j, &c->reset->at, w);
    json_text(j, "cause", c->reset->cause);
    if (c->reset->cause)
        put_confidence(j, c->reset->confidence);
    json_bool(j, "effective", c->reset->effective);
    json_text(j, "after_fin", c->reset_after_fin);
    json_object_end(j);
}

static void put_holder(struct json *j, const struct model_connection *c)
{
    if (!c->holder_known) {
        json_text(j, "time_wait_holder", NULL);
        return;
    }
    json_array(j, "time_wait_holder");
    for (int e = END_CLIENT; e <= END_SERVER; e++)
        if (c->holder[e])
            json_text(j, NULL, end_name((enum end)e));
    json_array_end(j);
}

static void put_close(struct json *j, const struct model_connection *c,
                      const struct write_options *w)
{
    json_object(j, "close");
    json_text(j, "kind", close_kind_name(c->close));
    if (c->closed_by_somebody)
        json_text(j, "first_closer",
                  c->first_closer_both    ? "both"
                  : c->first_closer_known ? end_name(c->first_closer)
                                          : NULL);
    put_holder(j, c);
    if (c->holder_open)
        json_bool(j, "holder_open", true);
    if (c->half_closed)
        json_seconds(j, "half_closed_for", c->half_closed_for);
    put_reset(j, c, w);
    json_object_end(j);
}

static void put_undetermined(struct json *j, const struct model_connection *c)
{
    json_array(j, "undetermined");
    for (size_t i = 0; i < c->n_undetermined; i++) {
        const struct undetermined *u = &c->undetermined[i];

        json_object(j, NULL);
        json_text(j, "id", finding_info(u->id)->id);
        if (u->timed) {
            json_seconds(j, "have", u->have);
            json_seconds(j, "need", u->need);
        }
        json_text(j, "reason", doubt_reason_name(u->reason));
        json_object_end(j);
    }
    json_array_end(j);
}

/* --- endpoints -------------------------------------------------------------------------------- */

static const char *state_or_null(enum tcp_state s)
{
    return s == ST_NONE ? NULL : tcp_state_name(s);
}

static void put_states(struct json *j, const struct model_endpoint *e,
                       const struct write_options *w)
{
    json_array(j, "states");
    for (size_t i = 0; i < e->n_states; i++) {
        const struct model_state *s = &e->states[i];

        json_object(j, NULL);
        json_text(j, "state", tcp_state_name(s->state));
        put_ref(j, &s->at, w);
        if (s->held >= 0)
            json_seconds(j, "held", s->held);
        json_bool(j, "proven", s->proven);
        json_text(j, "cause", s->cause);
        json_object_end(j);
    }
    json_array_end(j);
}

static void put_fin(struct json *j, const struct model_endpoint *e, const struct write_options *w)
{
    if (!e->fin_seen)
        return;
    json_object(j, "fin");
    put_ref(j, &e->fin, w);
    json_number(j, "copies", e->fin_copies);
    if (e->fin_acked_by.packet)
        json_number(j, "acked_by", (int64_t)e->fin_acked_by.packet);
    else
        json_text(j, "acked_by", NULL);
    json_object_end(j);
}

static void put_rsts(struct json *j, const struct model_endpoint *e, const struct write_options *w)
{
    json_array(j, "rst");
    for (size_t i = 0; i < e->n_rsts; i++) {
        json_object(j, NULL);
        put_ref(j, &e->rsts[i].at, w);
        json_text(j, "cause", e->rsts[i].cause);
        if (e->rsts[i].cause)
            put_confidence(j, e->rsts[i].confidence);
        json_bool(j, "effective", e->rsts[i].effective);
        json_object_end(j);
    }
    json_array_end(j);
}

static void put_time_wait(struct json *j, const struct model_time_wait *t,
                          const struct write_options *w)
{
    if (!t->held)
        return;
    json_object(j, "time_wait");
    json_seconds(j, "since", t->since - w->capture->first_t);
    json_number(j, "restarts", t->restarts);
    json_seconds(j, "length", t->length);
    json_text(j, "profile", t->profile);
    json_seconds(j, "until", t->until - w->capture->first_t);
    json_text(j, "ended", t->ended);
    json_object_end(j);
}

static void put_endpoint(struct json *j, enum end which, const struct model_connection *c,
                         const struct write_options *w)
{
    const struct model_endpoint *e = &c->end[which];

    json_object(j, end_name(which));
    json_text(j, "state", state_or_null(e->state));
    json_text(j, "proven_state", state_or_null(e->proven_state));
    put_states(j, e, w);
    json_number(j, "packets", (int64_t)e->packets);
    json_number(j, "bytes", (int64_t)e->bytes);
    json_number(j, "retransmissions", (int64_t)e->retransmissions);
    if (e->isn_known)
        json_number(j, "isn", e->isn);
    else
        json_text(j, "isn", NULL);
    put_fin(j, e, w);
    put_rsts(j, e, w);
    put_time_wait(j, &e->time_wait, w);
    json_text(j, "os", e->os);
    json_object_end(j);
}

/* --- steps ------------------------------------------------------------------------------------ */

static void put_fold(struct json *j, const struct model_step *s, const struct write_options *w)
{
    json_object(j, "data");
    json_number(j, "segments", (int64_t)s->segments);
    json_number(j, "bytes", (int64_t)s->bytes);
    json_number(j, "acks", (int64_t)s->acks);
    json_number(j, "first", (int64_t)s->at.packet);
    json_number(j, "last", (int64_t)s->last.packet);
    json_seconds(j, "until", s->last.t - w->capture->first_t);
    if (w->n_files > 1)
        json_number(j, "file", s->at.file);
    json_object_end(j);
}

static void put_segment(struct json *j, const struct model_step *s)
{
    char flags[FLAGS_TEXT];

    json_text(j, "flags", flags_text(s->flags, flags));
    json_number(j, "seq", s->seq);
    if (s->flags & TCP_ACK)
        json_number(j, "ack", s->ack);
    json_number(j, "seq_raw", s->seq_raw);
    if (s->flags & TCP_ACK)
        json_number(j, "ack_raw", s->ack_raw);
    json_number(j, "len", s->len);
}

static void put_step(struct json *j, const struct model_step *s, const struct write_options *w)
{
    json_object(j, NULL);
    if (!s->fold)
        put_ref(j, &s->at, w);
    else
        json_seconds(j, "t", s->at.t - w->capture->first_t);
    json_text(j, "from", end_name(s->from));
    if (s->fold)
        put_fold(j, s, w);
    else if (!s->icmp)
        put_segment(j, s);
    if (s->note)
        json_text(j, "note", s->note);
    json_text(j, "client", state_or_null(s->state[END_CLIENT]));
    json_text(j, "server", state_or_null(s->state[END_SERVER]));
    if (s->of_other)
        json_number(j, "of", (int64_t)s->of);
    json_object_end(j);
}

static void put_steps(struct json *j, const struct model_connection *c,
                      const struct write_options *w)
{
    json_array(j, "steps");
    for (size_t i = 0; i < c->n_steps; i++)
        put_step(j, &c->steps[i], w);
    json_array_end(j);
    if (c->steps_omitted) {
        json_number(j, "steps_omitted", (int64_t)c->steps_omitted);
        json_number(j, "steps_omitted_after", (int64_t)c->n_steps_first);
    }
}

static bool steps_wanted(const struct model_connection *c, const struct write_options *w)
{
    if (!c->n_steps)
        return false; /* read back from a result that left them out */
    if (w->all_steps)
        return true;
    for (size_t i = 0; i < c->n_findings; i++)
        if (c->findings[i].severity >= SEVERITY_NOTICE)
            return true;
    return false;
}

/* --- the connection --------------------------------------------------------------------------- */

static void put_findings(struct json *j, const struct model_connection *c,
                         const struct write_options *w)
{
    json_array(j, "findings");
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct finding *f = &c->findings[i];

        json_object(j, NULL);
        put_finding(j, f, f->blame == END_NONE ? NULL : &c->end[f->blame].addr, w);
        json_object_end(j);
    }
    json_array_end(j);
}

void json_connection(struct json *j, const struct model_connection *c,
                     const struct write_options *w)
{
    json_object(j, NULL);
    json_text(j, "record", "connection");
    json_number(j, "stream", (int64_t)c->stream);
    json_number(j, "incarnation", c->incarnation);
    json_number(j, "tap", c->tap);
    put_name(j, "client", &c->end[END_CLIENT]);
    put_name(j, "server", &c->end[END_SERVER]);
    json_text(j, "roles", c->roles_guessed ? "guessed" : "syn");
    if (c->self)
        json_bool(j, "self", true);
    put_path(j, c->path);
    put_moment(j, "first", &c->first, w);
    put_moment(j, "last", &c->last, w);
    json_seconds(j, "duration", c->last.t > c->first.t ? c->last.t - c->first.t : 0);
    json_text(j, "handshake", handshake_name(c->handshake));
    put_close(j, c, w);
    put_undetermined(j, c);
    json_object(j, "endpoints");
    put_endpoint(j, END_CLIENT, c, w);
    put_endpoint(j, END_SERVER, c, w);
    json_object_end(j);
    if (steps_wanted(c, w))
        put_steps(j, c, w);
    put_findings(j, c, w);
    json_facts(j, c->facts, w);
    json_object_end(j);
}
