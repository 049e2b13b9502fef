/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/facts.h"

#include "detect/reset_view.h"
#include "detect/reuse_view.h"
#include "flow/observe.h"
#include "flow/system.h"
#include "track/timers.h"

bool facts_count(const struct facts *f)
{
    return f->kind != CLOSE_STRAY && !f->self;
}

int64_t facts_time_wait_end(const struct fact_end *e, int64_t length)
{
    int64_t end = e->time_wait_since + length;

    for (size_t i = 0; i + 1 < e->n_stays; i++)
        if (e->stays[i].state == ST_TIME_WAIT &&
            e->stays[i].to < e->time_wait_since + e->time_wait_length && e->stays[i].to < end)
            return e->stays[i].to;
    return end;
}

/* What was said of an idle CLOSE_WAIT that lasts: a finding, or that it is too early for one. */
static int64_t waits(const struct scene *s, int dir)
{
    const struct life *l = s->life;

    if (!life_entered(l, dir, ST_CLOSE_WAIT) || l->fin[dir].known || l->reset >= 0)
        return 0;
    for (size_t i = 0; i < s->n_findings; i++)
        if (s->findings[i].id == FINDING_CLOSE_WAIT_HELD)
            return s->findings[i].values[0].number;
    for (size_t i = 0; i < s->n_undetermined; i++)
        if (s->undetermined[i].id == FINDING_CLOSE_WAIT_HELD && s->undetermined[i].timed)
            return s->undetermined[i].have;
    return 0;
}

static const struct fact_stay *stays_of(const struct scene *s, const struct machine *m)
{
    struct fact_stay *stay = arena_take(s->arena, (m->n + 1) * sizeof *stay);

    for (unsigned i = 0; i < m->n; i++)
        stay[i] = (struct fact_stay){
            .state = m->path[i].state,
            .from = m->path[i].t,
            .to = i + 1 < m->n ? m->path[i + 1].t : s->life->eoc,
        };
    return stay;
}

static void add_end(struct fact_end *e, const struct scene *s, int dir)
{
    const struct life *l = s->life;
    const struct side *side = &s->flow->side[dir];
    const struct transition *entered = life_entered(l, dir, ST_TIME_WAIT);

    *e = (struct fact_end){
        .addr = s->flow->key.addr[dir],
        .port = s->flow->key.port[dir],
        .packets = side->packets,
        .syn_ttl = side->bits & SIDE_SYN ? side->syn_ttl : 0,
        .os = system_name(side->system),
        .fin = l->fin[dir].known,
        .waits = waits(s, dir),
        .closed = l->machine[dir].state == ST_CLOSED,
        .n_stays = l->machine[dir].n,
        .stays = stays_of(s, &l->machine[dir]),
        .time_wait = entered != NULL,
    };

    if (entered) {
        e->time_wait_since = timers_time_wait_start(l, dir, entered, NULL);
        e->time_wait_length = l->time_wait[dir];
    }
}

static void add_opening(struct facts *f, const struct scene *s)
{
    const struct step *syn = s->life->step[0];

    f->answered = s->flow->bits & FLOW_SYN_ACKED;
    f->half_way = f->answered && !(s->flow->bits & FLOW_ESTABLISHED);
    f->syn_ts =
        syn->kind == STEP_SEGMENT && syn->has_ts && (syn->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    if (f->syn_ts)
        f->syn_ts_val = syn->ts_val;
    if (!(s->life->survey.seen & SEEN_SYN_COPY))
        return;
    for (size_t i = 1; i < s->life->n_steps; i++)
        f->syn_copies += s->life->step[i]->kind == STEP_SEGMENT &&
                         (s->life->step[i]->seen & SEEN_SYN_COPY) &&
                         (int)s->life->step[i]->dir == s->flow->client;
}

/* The first reset that took effect, or any. */
static int reset_of(const struct scene *s)
{
    if (s->life->reset >= 0)
        return s->life->reset;
    if (!(s->life->survey.flags & TCP_RST))
        return -1;
    for (size_t i = 0; i < s->life->n_steps; i++)
        if (s->cause[i].known)
            return (int)i;
    return -1;
}

static void add_reset(struct facts *f, const struct scene *s)
{
    int at = reset_of(s);

    if (at < 0)
        return;
    const struct step *st = s->life->step[at];
    f->has_reset = true;
    f->reset = step_ref(st);
    f->reset_cause = s->cause[at].known ? s->cause[at].id : FINDING_RST_ABORT_APP;
    f->reset_by_icmp = st->kind != STEP_SEGMENT;
    if (f->reset_by_icmp)
        return;
    f->reset_end = (int)st->dir == s->flow->client ? END_CLIENT : END_SERVER;
    f->reset_ttl = (uint8_t)st->ttl;
    f->reset_other_ttl = reset_other_ttl(s->flow, st);
    f->reset_idle = reset_view(s->life, at).idle;
}

static bool held(const struct tail *old, int dir)
{
    return old->held[dir] && !old->killed[dir].packet;
}

static void add_reuse(struct facts *f, const struct scene *s)
{
    struct reuse_view v;

    if (!facts_count(f) || !reuse_view(s, &v))
        return;
    f->has_reuse = true;
    f->reuse = (struct fact_reuse){
        .held_by_opener = held(v.old, v.x),
        .held_by_other = held(v.old, v.z),
        .opener_gap = held(v.old, v.x) ? v.syn->t - v.old->time_wait_since[v.x] : 0,
        .other_gap = held(v.old, v.z) ? v.syn->t - v.old->time_wait_since[v.z] : 0,
        .opener_over = held(v.old, v.x) && v.old->state[v.x] != ST_TIME_WAIT,
        .other_over = held(v.old, v.z) && v.old->state[v.z] != ST_TIME_WAIT,
        .both_acked = v.old->both_acked,
        .ts_old = v.ts_old,
        .ts_new = v.ts_new,
        .ts_newer = v.ts_newer,
        .ts_equal = v.ts_equal,
        .seq_ok = v.seq_ok,
        .far = v.far,
    };
}

bool facts_gap(const struct finding *findings, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (findings[i].id == FINDING_CAPTURE_GAP && findings[i].n_values)
            return findings[i].values[0].number > 0;
    return false;
}

void facts_of(const struct scene *s, struct facts *f)
{
    const struct flow *flow = s->flow;
    const struct verdict *v = s->verdict;

    *f = (struct facts){
        .stream = flow->stream,
        .kind = v->kind,
        .self = flow->bits & FLOW_SELF,
        .translated = flow->translated,
        .first = step_ref(&s->life->c->steps.at[0]),
        .last = {.t = flow->last_t, .packet = flow->last_packet, .file = flow->last_file},
        .eoc = s->life->eoc,
        .first_closer = v->first_closer < 0               ? END_NONE
                        : v->first_closer == flow->client ? END_CLIENT
                                                          : END_SERVER,
        .both_closed_first = v->both_closed_first,
        .plain = flow->plain,
        .flags_only = s->life->flags_only,
        .gap = facts_gap(s->findings, s->n_findings),
    };

    add_end(&f->end[END_CLIENT], s, flow->client);
    add_end(&f->end[END_SERVER], s, !flow->client);
    for (size_t i = 0; i < s->n_undetermined; i++)
        f->clock_doubt |= s->undetermined[i].reason == DOUBT_CLOCK;
    add_opening(f, s);
    add_reset(f, s);
    add_reuse(f, s);
}
