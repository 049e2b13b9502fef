/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/build.h"

#include "detect/facts.h"
#include "base/timetext.h"
#include "flow/observe.h"
#include "flow/system.h"
#include "track/steplog.h"
#include "track/timers.h"

/* Sequence numbers relative to the first of the incarnation. Numbers below it are shown negative;
 * more than 2^30 below means a long transfer that has wrapped. */
static int64_t relative(uint32_t number, uint32_t base)
{
    uint32_t d = number - base;

    return d > 0xc0000000u ? (int64_t)d - ((int64_t)1 << 32) : (int64_t)d;
}

/* --- endpoints -------------------------------------------------------------------------------- */

/* What a timer's end is called is made here, for those whose states are read. */
static const char *cause_of(const struct scene *s, int dir, const struct transition *t)
{
    const char *name = s->life->time_wait_name[dir];
    char text[TIME_TEXT];

    if (t->cause || t->event != EV_TIMER)
        return t->cause ? t->cause : tcp_event_name(t->event);
    time_human(s->life->time_wait[dir], text);
    return name ? arena_printf(s->arena, "timer TIME_WAIT %s (%s)", text, name)
                : arena_printf(s->arena, "timer TIME_WAIT %s", text);
}

static void build_states(const struct scene *s, int dir, struct model_endpoint *e)
{
    const struct life *l = s->life;
    const struct machine *m = &l->machine[dir];
    struct model_state *states = arena_alloc(s->arena, (m->n + 1) * sizeof *states);

    for (unsigned i = 0; i < m->n; i++) {
        const struct transition *t = &m->path[i];
        int64_t until = i + 1 < m->n ? m->path[i + 1].t : l->eoc;

        states[i] = (struct model_state){
            .state = t->state,
            .at = t->step >= 0 ? step_ref(l->step[t->step]) : (struct ref){.t = t->t},
            .held = i + 1 == m->n && t->state == ST_CLOSED ? -1
                    : until > t->t                         ? until - t->t
                                                           : 0,
            .proven = t->proven,
            .cause = cause_of(s, dir, t),
        };
        states[i].at.t = t->t;
    }
    e->states = states;
    e->n_states = m->n;
}

static struct model_rst build_rst(const struct scene *s, size_t i)
{
    const struct rst_cause *cause = &s->cause[i];

    return (struct model_rst){
        .at = step_ref(s->life->step[i]),
        .effective = s->life->rst_effective[i],
        .cause = cause->known ? finding_info(cause->id)->id : NULL,
        .confidence = cause->confidence,
    };
}

static void build_rsts(const struct scene *s, int dir, struct model_endpoint *e)
{
    const struct life *l = s->life;
    struct model_rst *rsts = arena_alloc(s->arena, (l->n_steps + 1) * sizeof *rsts);

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *st = l->step[i];
        if (st->kind == STEP_SEGMENT && st->dir == (unsigned)dir && !st->of_other &&
            (st->flags & TCP_RST))
            rsts[e->n_rsts++] = build_rst(s, i);
    }
    e->rsts = rsts;
}

static struct model_time_wait build_time_wait(const struct scene *s, int dir)
{
    const struct life *l = s->life;
    const struct machine *m = &l->machine[dir];
    const struct transition *entered = life_entered(l, dir, ST_TIME_WAIT);
    struct model_time_wait w = {.held = entered != NULL};

    if (!entered)
        return w;
    const struct transition *after = entered + 1 < m->path + m->n ? entered + 1 : NULL;
    w.since = timers_time_wait_start(l, dir, entered, &w.restarts);
    w.length = l->time_wait[dir];
    w.profile = l->time_wait_name[dir];
    w.ended = !after                        ? "capture-end"
              : after->event == EV_TIMER    ? "timer"
              : after->event == EV_REPLACED ? "new-connection"
                                            : "reset";
    w.until = after ? after->t : w.since + w.length;
    return w;
}

static struct model_endpoint build_endpoint(const struct scene *s, int dir)
{
    const struct side *side = &s->flow->side[dir];
    const struct fin *fin = &s->life->fin[dir];
    struct model_endpoint e = {
        .addr = s->flow->key.addr[dir],
        .port = s->flow->key.port[dir],
        .packets = side->packets,
        .bytes = side->bytes,
        .retransmissions = side->retransmissions,
        .isn_known = side->bits & SIDE_SYN,
        .isn = side->isn,
        .os = system_name(side->system),
        .state = s->life->machine[dir].state,
        .proven_state = s->life->machine[dir].proven,
    };

    e.time_wait = build_time_wait(s, dir);
    build_states(s, dir, &e);
    build_rsts(s, dir, &e);
    if (fin->known && !fin->missed) {
        e.fin_seen = true;
        e.fin = step_ref(s->life->step[fin->step]);
        e.fin_copies = fin->copies;
        if (fin->acked_step >= 0)
            e.fin_acked_by = step_ref(s->life->step[fin->acked_step]);
    }
    return e;
}

/* --- steps ------------------------------------------------------------------------------------ */

/* What a reader of the ladder wants to hear of a segment; the first that applies. */
static const struct {
    uint32_t seen;
    const char *note;
} notes[] = {
    {SEEN_MALFORMED, "senseless flags"},
    {SEEN_AFTER_FIN, "beyond its own FIN"},
    {SEEN_ALIEN_SYNACK, "does not acknowledge the SYN"},
    {SEEN_SYN_COPY | SEEN_FIN_COPY, "retransmission"},
    {SEEN_KEEP_ALIVE, "keep-alive"},
    {SEEN_ZERO_PROBE, "zero-window probe"},
    {SEEN_OUT_OF_ORDER, "out of order"},
    {SEEN_RETRANSMISSION, "retransmission"},
    {SEEN_OLD, "old duplicate"},
    {SEEN_RST_IN_WINDOW, "in window, not exact"},
    {SEEN_ACK_INVALID, "unacceptable ACK"},
    {SEEN_ACK_BEYOND, "acknowledges what was not captured"},
    {SEEN_FIN_CONFIRMED, "its FIN was not captured"},
};

static const char *note_of(uint32_t seen)
{
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        if (seen & notes[i].seen)
            return notes[i].note;
    return NULL;
}

static struct model_step build_segment_step(const struct scene *s, const struct step *st, size_t i)
{
    const struct flow *f = s->flow;
    int dir = (int)st->dir;
    bool rst = st->flags & TCP_RST;
    const char *note = note_of(st->seen);

    if ((st->seen & SEEN_ACK_BEYOND) && !s->life->fin[flow_peer(f, dir)].missed &&
        !(f->side[flow_peer(f, dir)].bits & SIDE_GAP))
        note =
            note_of(st->seen & ~(uint32_t)SEEN_ACK_BEYOND); /* a matter of the order of records */
    if (rst && !st->of_other && !s->life->rst_effective[i] && !note)
        note = "without effect";
    return (struct model_step){
        .flags = st->flags,
        .seq = relative(st->seq, f->side[dir].bits & SIDE_ANCHORED ? f->side[dir].base : st->seq),
        .ack = relative(st->ack, f->side[flow_peer(f, dir)].bits & SIDE_ANCHORED
                                     ? f->side[flow_peer(f, dir)].base
                                     : st->ack),
        .seq_raw = st->seq,
        .ack_raw = st->ack,
        .len = st->len,
        .note = note,
        .of_other = st->of_other,
        .of = st->of,
    };
}

static struct model_step build_step(const struct scene *s, size_t i)
{
    const struct step *st = s->life->step[i];
    int client = s->flow->client;
    struct model_step m = {0};

    if (st->kind == STEP_FOLD) {
        m.fold = true;
        m.segments = st->segments;
        m.bytes = st->bytes;
        m.acks = st->acks;
        m.last = (struct ref){.t = st->last_t, .packet = st->last_packet, .file = st->file};
    } else if (st->kind == STEP_ICMP) {
        m.icmp = true;
        m.note =
            arena_printf(s->arena, "ICMP error, type %u code %u", st->icmp >> 8, st->icmp & 0xff);
        m.seq_raw = st->seq;
    } else {
        m = build_segment_step(s, st, i);
    }
    m.from = (int)st->dir == client ? END_CLIENT : END_SERVER;
    m.at = step_ref(st);
    m.state[END_CLIENT] = life_state_at(s->life, client, (int)i);
    m.state[END_SERVER] = life_state_at(s->life, !client, (int)i);
    return m;
}

/* --- the connection --------------------------------------------------------------------------- */

static const char *after_fin(const struct life *l, int rst)
{
    int x = l->step[rst]->dir;
    bool own = l->fin[x].known && l->fin[x].step < rst;
    bool peer = l->fin[!x].known && l->fin[!x].step < rst;

    return own && peer ? "both" : own ? "own" : peer ? "peer" : "none";
}

static void build_close(const struct scene *s, struct model_connection *m)
{
    const struct verdict *v = s->verdict;
    const struct life *l = s->life;
    int client = s->flow->client;

    m->closed_by_somebody = !v->nobody_closed && v->kind != CLOSE_STRAY;
    m->first_closer_both = v->both_closed_first;
    m->first_closer_known = v->first_closer >= 0 || v->both_closed_first;
    m->first_closer = v->first_closer == client ? END_CLIENT : END_SERVER;
    m->holder_known = v->holder_known;
    m->holder[END_CLIENT] = v->holder[client];
    m->holder[END_SERVER] = v->holder[!client];
    m->holder_open = v->holder_open;
    m->half_closed = v->half_closed;
    m->half_closed_for = v->half_closed_for;
    if (v->kind == CLOSE_RESET || v->kind == CLOSE_REFUSED) {
        if (l->reset < 0)
            return;
        struct model_rst *r = arena_alloc(s->arena, sizeof *r);
        *r = build_rst(s, (size_t)l->reset);
        m->reset = r;
        m->reset_by = (int)l->step[l->reset]->dir == client ? END_CLIENT : END_SERVER;
        m->reset_after_fin = after_fin(l, l->reset);
    }
}

static void build_steps(const struct scene *s, struct model_connection *m)
{
    size_t n = s->life->n_steps;
    struct model_step *steps = arena_alloc(s->arena, (n + 1) * sizeof *steps);

    for (size_t i = 0; i < n; i++)
        steps[i] = build_step(s, i);
    m->steps = steps;
    m->n_steps = n;
}

/* What who adds up connections needs of one. */
static void build_brief(const struct scene *s, struct model_connection *m)
{
    const struct flow *f = s->flow;
    struct facts *facts = arena_take(s->arena, sizeof *facts);

    facts_of(s, facts);
    m->facts = facts;
    m->stream = f->stream;
    m->first = facts->first;
    m->close = s->verdict->kind;
    for (int end = 0; end < 2; end++) {
        m->end[end].addr = facts->end[end].addr;
        m->end[end].port = facts->end[end].port;
    }
    m->findings = s->findings;
    m->n_findings = s->n_findings;
    m->undetermined = s->undetermined;
    m->n_undetermined = s->n_undetermined;
}

const struct model_connection *model_build(const struct scene *s, const struct decoder *decoder,
                                           bool brief)
{
    const struct flow *f = s->flow;
    const struct life *l = s->life;
    struct model_connection *m = arena_alloc(s->arena, sizeof *m);

    build_brief(s, m);
    if (brief)
        return m;
    m->incarnation = f->incarnation;
    m->tap = f->key.tap;
    m->end[END_CLIENT] = build_endpoint(s, f->client);
    m->end[END_SERVER] = build_endpoint(s, !f->client);
    m->self = f->bits & FLOW_SELF;
    if (m->self) {
        m->end[END_SERVER].addr = m->end[END_CLIENT].addr;
        m->end[END_SERVER].port = m->end[END_CLIENT].port;
    }
    m->roles_guessed = f->bits & FLOW_ROLES_GUESSED;
    m->path = decoder_path(decoder, f->path);
    m->last = (struct ref){.t = f->last_t, .packet = f->last_packet, .file = f->last_file};
    m->handshake = l->handshake;
    build_close(s, m);
    build_steps(s, m);
    m->steps_omitted = l->omitted;
    m->n_steps_first = steplog_first(&l->c->steps);
    return m;
}
