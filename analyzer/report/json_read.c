/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One connection back from JSON: the mirror of json_connection.c. */
#include "report/json_read_part.h"

#include "base/strbuf.h"
#include "report/flags.h"
#include "report/json_parse.h"

#include <string.h>

static size_t items(const cJSON *array)
{
    int n = cJSON_IsArray(array) ? cJSON_GetArraySize(array) : 0;

    return n > 0 ? (size_t)n : 0;
}

static void *room_for(const struct reading *r, const cJSON *array, size_t size)
{
    return arena_alloc(r->arena, (items(array) + 1) * size);
}

uint32_t json_read_file_index(const struct reading *r, const cJSON *o)
{
    return r->place->first_file +
           (r->place->n_files ? (uint32_t)member_count(o, "file", r->place->n_files - 1) : 0);
}

struct ref json_read_ref(const struct reading *r, const cJSON *o)
{
    return (struct ref){.t = r->origin + member_seconds(o, "t"),
                        .packet = member_count(o, "packet", UINT32_MAX * (uint64_t)256),
                        .file = json_read_file_index(r, o)};
}

static uint64_t read_stream(const struct reading *r, const cJSON *o, const char *key)
{
    return r->place->stream(r->place->context, member_count(o, key, INT64_MAX));
}

/* --- endpoints -------------------------------------------------------------------------------- */

static void read_states(const struct reading *r, const cJSON *o, struct model_endpoint *e)
{
    const cJSON *array = member(o, "states"), *item;
    struct model_state *states = room_for(r, array, sizeof *states);

    cJSON_ArrayForEach (item, array) {
        struct model_state *s = &states[e->n_states];

        *s = (struct model_state){.at = json_read_ref(r, item),
                                  .held = member(item, "held") ? member_seconds(item, "held") : -1,
                                  .proven = member_bool(item, "proven"),
                                  .cause = member_text(item, "cause", r->arena)};
        if (member_state(item, "state", &s->state))
            e->n_states++;
    }
    e->states = states;
    e->state = e->proven_state = ST_NONE;
    member_state(o, "state", &e->state);
    member_state(o, "proven_state", &e->proven_state);
}

static struct model_rst read_rst(const struct reading *r, const cJSON *o)
{
    enum finding_id cause;

    return (struct model_rst){
        .at = json_read_ref(r, o),
        .effective = member_bool(o, "effective"),
        .cause = member_finding_id(o, "cause", &cause) ? finding_info(cause)->id : NULL,
        .confidence = member_real(o, "confidence"),
    };
}

static void read_rsts(const struct reading *r, const cJSON *o, struct model_endpoint *e)
{
    const cJSON *array = member(o, "rst"), *item;
    struct model_rst *rsts = room_for(r, array, sizeof *rsts);

    cJSON_ArrayForEach (item, array)
        rsts[e->n_rsts++] = read_rst(r, item);
    e->rsts = rsts;
}

static struct model_time_wait read_time_wait(const struct reading *r, const cJSON *o)
{
    if (!o)
        return (struct model_time_wait){0};
    return (struct model_time_wait){
        .held = true,
        .since = r->origin + member_seconds(o, "since"),
        .restarts = (unsigned)member_count(o, "restarts", UINT32_MAX),
        .length = member_seconds(o, "length"),
        .profile = member_text(o, "profile", r->arena),
        .ended = member_text(o, "ended", r->arena),
        .until = r->origin + member_seconds(o, "until"),
    };
}

static void read_fin(const struct reading *r, const cJSON *o, struct model_endpoint *e)
{
    if (!o)
        return;
    e->fin_seen = true;
    e->fin = json_read_ref(r, o);
    e->fin_copies = (uint32_t)member_count(o, "copies", UINT32_MAX);
    e->fin_acked_by.packet = member_count(o, "acked_by", INT64_MAX);
}

static bool read_endpoint(const struct reading *r, const cJSON *name, const cJSON *o,
                          struct model_endpoint *e)
{
    if (!member_addr(name, "addr", &e->addr))
        return false;
    e->port = (uint16_t)member_count(name, "port", UINT16_MAX);
    read_states(r, o, e);
    e->packets = member_count(o, "packets", INT64_MAX);
    e->bytes = member_count(o, "bytes", INT64_MAX);
    e->retransmissions = member_count(o, "retransmissions", INT64_MAX);
    e->isn_known = cJSON_IsNumber(member(o, "isn"));
    e->isn = (uint32_t)member_count(o, "isn", UINT32_MAX);
    read_fin(r, member(o, "fin"), e);
    read_rsts(r, o, e);
    e->time_wait = read_time_wait(r, member(o, "time_wait"));
    e->os = member_text(o, "os", r->arena);
    return true;
}

/* --- close ------------------------------------------------------------------------------------ */

static void read_reset(const struct reading *r, const cJSON *o, struct model_connection *m)
{
    static const char *const words[] = {"none", "own", "peer", "both"};
    const char *after = member_text(o, "after_fin", r->arena);
    struct model_rst *reset;

    if (!o || !member_end(o, "by", &m->reset_by))
        return;
    reset = arena_alloc(r->arena, sizeof *reset);
    *reset = read_rst(r, o);
    m->reset = reset;
    m->reset_after_fin = words[0];
    for (size_t i = 0; after && i < sizeof words / sizeof *words; i++)
        if (strcmp(after, words[i]) == 0)
            m->reset_after_fin = words[i];
}

static bool read_close(const struct reading *r, const cJSON *o, struct model_connection *m)
{
    const cJSON *closer = member(o, "first_closer"), *holder = member(o, "time_wait_holder"), *item;

    if (!member_close_kind(o, "kind", &m->close))
        return false;
    m->closed_by_somebody = closer != NULL;
    m->first_closer_both = cJSON_IsString(closer) && strcmp(closer->valuestring, "both") == 0;
    m->first_closer_known = m->first_closer_both || member_end(o, "first_closer", &m->first_closer);
    m->holder_known = cJSON_IsArray(holder);
    cJSON_ArrayForEach (item, holder)
        for (int e = END_CLIENT; e <= END_SERVER; e++)
            m->holder[e] |=
                cJSON_IsString(item) && strcmp(item->valuestring, end_name((enum end)e)) == 0;
    m->holder_open = member_bool(o, "holder_open");
    m->half_closed = member(o, "half_closed_for") != NULL;
    m->half_closed_for = member_seconds(o, "half_closed_for");
    read_reset(r, member(o, "reset"), m);
    return true;
}

static void read_undetermined(const struct reading *r, const cJSON *array,
                              struct model_connection *m)
{
    struct undetermined *all = room_for(r, array, sizeof *all);
    const cJSON *item;

    cJSON_ArrayForEach (item, array) {
        struct undetermined *u = &all[m->n_undetermined];

        u->timed = member(item, "need") != NULL;
        u->have = member_seconds(item, "have");
        u->need = member_seconds(item, "need");
        if (member_finding_id(item, "id", &u->id) && member_reason(item, "reason", &u->reason))
            m->n_undetermined++;
    }
    m->undetermined = all;
}

/* --- findings --------------------------------------------------------------------------------- */

static const char *read_role(const struct reading *r, const cJSON *o)
{
    struct json_roles *roles = r->place->roles;
    const char *role = member_text(o, "role", r->arena);

    for (size_t i = 0; role && i < roles->n; i++)
        if (strcmp(role, roles->role[i]) == 0)
            return roles->role[i];
    if (!role || roles->n == JSON_ROLES)
        return "packet";
    roles->role[roles->n] = arena_printf(&roles->arena, "%s", role);
    return roles->role[roles->n++];
}

static void read_evidence(const struct reading *r, const cJSON *array, struct finding *f)
{
    struct evidence *all = room_for(r, array, sizeof *all);
    const cJSON *item;

    cJSON_ArrayForEach (item, array)
        all[f->n_evidence++] =
            (struct evidence){.at = json_read_ref(r, item), .role = read_role(r, item)};
    f->evidence = all;
}

static struct value read_value(const struct reading *r, const cJSON *values, const cJSON *item,
                               const cJSON *units)
{
    struct strbuf safe = {0};
    const char *unit = member_text(units, item->string, r->arena);
    struct value v = {.type = VALUE_COUNT};

    strbuf_put_untrusted(&safe, item->string, strlen(item->string));
    v.key = arena_printf(r->arena, "%s", safe.text ? safe.text : "");
    strbuf_done(&safe);
    if (cJSON_IsString(item)) {
        v.type = VALUE_TEXT;
        v.text = text_of(item, r->arena);
    } else if (unit && strcmp(unit, "s") == 0) {
        v.type = VALUE_SECONDS;
        v.number = member_seconds(values, item->string);
    } else if (unit && strcmp(unit, "stream") == 0) {
        v.type = VALUE_STREAM;
        v.number = (int64_t)read_stream(r, values, item->string);
    } else {
        v.number = member_number(values, item->string);
    }
    return v;
}

static bool read_finding(const struct reading *r, const cJSON *o, struct finding *f)
{
    const cJSON *values = member(o, "values"), *item, *blame = member(o, "blame");
    int n = cJSON_GetArraySize(values);
    struct value *all = arena_alloc(r->arena, ((size_t)(n > 0 ? n : 0) + 1) * sizeof *all);
    const char *text = member_text(o, "text", r->arena);

    if (!member_finding_id(o, "id", &f->id) || !member_severity(o, "severity", &f->severity))
        return false;
    f->confidence = member_real(o, "confidence");
    f->blame = END_NONE;
    member_end(blame, "end", &f->blame);
    f->layer = finding_info(f->id)->layer;
    member_layer(blame, "layer", &f->layer);
    f->text = text ? text : "";
    read_evidence(r, member(o, "evidence"), f);
    cJSON_ArrayForEach (item, values)
        all[f->n_values++] = read_value(r, values, item, member(o, "units"));
    f->values = all;
    return true;
}

static bool read_findings(const struct reading *r, const cJSON *array, struct model_connection *m)
{
    struct finding *all = room_for(r, array, sizeof *all);
    const cJSON *item;

    cJSON_ArrayForEach (item, array)
        if (!read_finding(r, item, &all[m->n_findings++]))
            return false;
    m->findings = all;
    return true;
}

/* --- steps ------------------------------------------------------------------------------------ */

static void read_fold(const struct reading *r, const cJSON *data, struct model_step *s)
{
    s->fold = true;
    s->segments = member_count(data, "segments", INT64_MAX);
    s->bytes = member_count(data, "bytes", INT64_MAX);
    s->acks = member_count(data, "acks", INT64_MAX);
    s->at.packet = member_count(data, "first", INT64_MAX);
    s->at.file = json_read_file_index(r, data);
    s->last = s->at;
    s->last.packet = member_count(data, "last", INT64_MAX);
    s->last.t = r->origin + member_seconds(data, "until");
}

static struct model_step read_step(const struct reading *r, const cJSON *o)
{
    const cJSON *flags = member(o, "flags");
    struct model_step s = {.at = json_read_ref(r, o),
                           .note = member_text(o, "note", r->arena),
                           .state = {ST_NONE, ST_NONE}};

    member_end(o, "from", &s.from);
    if (member(o, "data"))
        read_fold(r, member(o, "data"), &s);
    s.icmp = !s.fold && !flags;
    if (cJSON_IsString(flags))
        s.flags = flags_parse(flags->valuestring);
    s.seq = member_number(o, "seq");
    s.ack = member_number(o, "ack");
    s.seq_raw = (uint32_t)member_count(o, "seq_raw", UINT32_MAX);
    s.ack_raw = (uint32_t)member_count(o, "ack_raw", UINT32_MAX);
    s.len = (uint32_t)member_count(o, "len", UINT32_MAX);
    member_state(o, "client", &s.state[END_CLIENT]);
    member_state(o, "server", &s.state[END_SERVER]);
    s.of_other = member(o, "of") != NULL;
    if (s.of_other)
        s.of = read_stream(r, o, "of");
    return s;
}

static void read_steps(const struct reading *r, const cJSON *o, struct model_connection *m)
{
    const cJSON *array = member(o, "steps"), *item;
    struct model_step *steps = room_for(r, array, sizeof *steps);

    cJSON_ArrayForEach (item, array)
        steps[m->n_steps++] = read_step(r, item);
    m->steps = steps;
    m->steps_omitted = member_count(o, "steps_omitted", INT64_MAX);
    m->n_steps_first = (size_t)member_count(o, "steps_omitted_after", INT32_MAX);
}

/* --- the connection --------------------------------------------------------------------------- */

/* ["vlan 12", "vxlan 7"] as "vlan 12, vxlan 7". */
static const char *read_path(const struct reading *r, const cJSON *array)
{
    const char *path = "";
    const cJSON *item;

    cJSON_ArrayForEach (item, array) {
        const char *layer = text_of(item, r->arena);

        if (layer)
            path = arena_printf(r->arena, "%s%s%s", path, path[0] ? ", " : "", layer);
    }
    return path;
}

static bool read_moments(struct reading *r, const cJSON *o, struct model_connection *m)
{
    const cJSON *first = member(o, "first");

    if (!member_time(first, "time", &r->origin))
        return false;
    r->origin -= member_seconds(first, "t");
    m->first = json_read_ref(r, first);
    m->last = json_read_ref(r, member(o, "last"));
    return true;
}

static bool read_whole(struct reading *r, const cJSON *o, struct model_connection *m)
{
    const cJSON *ends = member(o, "endpoints"), *roles = member(o, "roles");

    if (!cJSON_IsNumber(member(o, "stream")) || !read_moments(r, o, m) ||
        !read_endpoint(r, member(o, "client"), member(ends, "client"), &m->end[END_CLIENT]) ||
        !read_endpoint(r, member(o, "server"), member(ends, "server"), &m->end[END_SERVER]) ||
        !read_close(r, member(o, "close"), m) || !member_handshake(o, "handshake", &m->handshake))
        return false;
    m->stream = read_stream(r, o, "stream");
    m->incarnation = (uint32_t)member_count(o, "incarnation", UINT32_MAX);
    m->tap = (uint32_t)member_count(o, "tap", UINT32_MAX);
    m->roles_guessed = cJSON_IsString(roles) && strcmp(roles->valuestring, "guessed") == 0;
    m->self = member_bool(o, "self");
    m->path = read_path(r, member(o, "path"));
    read_undetermined(r, member(o, "undetermined"), m);
    if (!read_findings(r, member(o, "findings"), m))
        return false;
    read_steps(r, o, m);
    m->facts = json_read_facts(r, member(o, "facts"), m);
    return true;
}

const struct model_connection *json_read_connection(const cJSON *o, const struct json_place *place,
                                                    struct arena *arena, struct error *err)
{
    struct reading r = {.place = place, .arena = arena};
    struct model_connection *m = arena_alloc(arena, sizeof *m);

    if (!member(o, "facts")) {
        error_set(err, "a connection without facts: written by another version?");
        return NULL;
    }
    if (read_whole(&r, o, m))
        return m;
    error_set(err, "a connection that does not follow the schema");
    return NULL;
}
