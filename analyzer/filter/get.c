/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/get.h"

#include <string.h>

/* The ends that `of` is about: value number i is of end *e. */
static bool nth_end(int of, size_t i, enum end *e)
{
    *e = of == END_NONE ? (i == 0 ? END_CLIENT : END_SERVER) : (enum end)of;
    return i < (of == END_NONE ? 2 : 1);
}

static bool give(struct filter_value *v, int64_t number)
{
    v->number = number;
    return true;
}

/* Counters have 64 bits without a sign, values in a filter 63. */
static int64_t counted(uint64_t n)
{
    return n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

FILTER_GETTER(get_address)
{
    enum end e;

    if (!nth_end(of, i, &e))
        return false;
    v->addr = c->end[e].addr;
    return true;
}

FILTER_GETTER(get_port)
{
    enum end e;

    return nth_end(of, i, &e) && give(v, c->end[e].port);
}

static uint64_t count_of(const struct model_endpoint *e, int what)
{
    return what == COUNT_PACKETS ? e->packets : what == COUNT_BYTES ? e->bytes : e->retransmissions;
}

FILTER_GETTER(get_count)
{
    int which = of % 4, what = of - which;
    uint64_t n = 0;
    enum end e;

    for (size_t k = 0; nth_end(which, k, &e); k++)
        n += count_of(&c->end[e], what);
    return i == 0 && give(v, counted(n));
}

FILTER_GETTER(get_one)
{
    if (i > 0)
        return false;
    switch (of) {
    case ONE_STREAM:
        return give(v, counted(c->stream));
    case ONE_INCARNATION:
        return give(v, c->incarnation);
    case ONE_TAP:
        return give(v, c->tap);
    default:
        return give(v, addr_is_v4(&c->end[END_CLIENT].addr) ? 4 : 6);
    }
}

FILTER_GETTER(get_span)
{
    if (i > 0)
        return false;
    switch (of) {
    case SPAN_DURATION:
        return give(v, c->last.t - c->first.t);
    case SPAN_START:
        return give(v, c->first.t);
    case SPAN_END:
        return give(v, c->last.t);
    default:
        return c->half_closed && give(v, c->half_closed_for);
    }
}

FILTER_GETTER(get_name)
{
    if (i > 0)
        return false;
    if (of == NAME_KIND)
        return give(v, c->close);
    if (of == NAME_HANDSHAKE)
        return give(v, c->handshake);
    if (!c->closed_by_somebody)
        return false;
    return give(v, c->first_closer_both ? 2 : c->first_closer_known ? (int)c->first_closer : 3);
}

/* client, server, nobody, unknown: the values of TYPE_HOLDER. */
FILTER_GETTER(get_holder)
{
    (void)of;
    if (!c->holder_known)
        return i == 0 && give(v, 3);
    if (!c->holder[END_CLIENT] && !c->holder[END_SERVER])
        return i == 0 && give(v, 2);
    for (int e = END_CLIENT; e <= END_SERVER; e++)
        if (c->holder[e] && i-- == 0)
            return give(v, e);
    return false;
}

/* State number i of those that the ends went through: the client's, then the server's. */
static const struct model_state *nth_state(const struct model_connection *c, size_t i)
{
    const struct model_endpoint *client = &c->end[END_CLIENT], *server = &c->end[END_SERVER];

    if (i < client->n_states)
        return &client->states[i];
    i -= client->n_states;
    return i < server->n_states ? &server->states[i] : NULL;
}

FILTER_GETTER(get_state)
{
    if (of == END_NONE) {
        const struct model_state *s = nth_state(c, i);
        return s && give(v, s->state);
    }
    return i == 0 && c->end[of].state != ST_NONE && give(v, c->end[of].state);
}

FILTER_GETTER(get_held)
{
    const struct model_state *s;

    for (size_t k = 0; (s = nth_state(c, k)); k++)
        if (s->state == (enum tcp_state)of && s->held >= 0 && i-- == 0)
            return give(v, s->held);
    return false;
}

FILTER_GETTER(get_reset)
{
    static const char *const after[] = {"none", "own", "peer", "both"}; /* TYPE_AFTER_FIN */
    enum finding_id id;

    if (i > 0 || !c->reset)
        return false;
    if (of == RESET_BY)
        return give(v, c->reset_by);
    if (of == RESET_CAUSE)
        return c->reset->cause && finding_parse(c->reset->cause, &id) && give(v, id);
    for (int k = 0; k < 4; k++)
        if (strcmp(c->reset_after_fin, after[k]) == 0)
            return give(v, k);
    return false;
}

FILTER_GETTER(get_finding)
{
    if (of == FINDING_WORST)
        return i == 0 && c->n_findings > 0 && give(v, c->findings[0].severity);
    if (of == FINDING_BLAME) {
        for (size_t k = 0; k < c->n_findings; k++)
            if (c->findings[k].blame != END_NONE && i-- == 0)
                return give(v, c->findings[k].blame);
        return false;
    }
    if (i >= c->n_findings)
        return false;
    return give(v, of == FINDING_ID ? (int)c->findings[i].id : (int)c->findings[i].layer);
}

FILTER_GETTER(get_open_rule)
{
    (void)of;
    return i < c->n_undetermined && give(v, c->undetermined[i].id);
}

FILTER_GETTER(get_fin_copies)
{
    (void)of;
    for (int e = END_CLIENT; e <= END_SERVER; e++)
        if (c->end[e].fin_seen && i-- == 0)
            return give(v, c->end[e].fin_copies);
    return false;
}

FILTER_GETTER(get_rst_count)
{
    uint64_t n = 0;
    enum end e;

    for (size_t k = 0; nth_end(of, k, &e); k++)
        n += c->end[e].n_rsts;
    return i == 0 && give(v, counted(n));
}

FILTER_GETTER(get_os)
{
    enum end e;

    for (size_t k = 0; nth_end(of, k, &e); k++) {
        if (c->end[e].os && i-- == 0) {
            v->text = c->end[e].os;
            return true;
        }
    }
    return false;
}

FILTER_GETTER(get_path)
{
    (void)of;
    v->text = c->path;
    return i == 0 && c->path[0];
}

FILTER_GETTER(get_flag)
{
    return i == 0 && give(v, of == IS_SELF ? c->self : c->roles_guessed);
}
