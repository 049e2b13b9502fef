/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/tracker.h"

#include "base/xalloc.h"
#include "flow/duplicate.h"
#include "flow/incarnation.h"
#include "flow/observe.h"
#include "flow/tenant.h"
#include "track/finish.h"
#include "track/frozen.h"
#include "track/keep.h"
#include "track/steplog.h"
#include "track/tail.h"

#include <stdlib.h>

enum { INVALID_ACKS_LOGGED = 4, PROBES_LOGGED = 2, WHOLE_LEAST = 8192 };
/* Records whose steps are on their way while one is taken; their flows earlier by as many. */
enum { AHEAD = 4 };

/* A second dead line beyond TIME_WAIT: the RFC's 2MSL, and slack for timers (close-semantics 9.26).
 */
static const int64_t rfc_time_wait = 240 * NS_PER_S, slack = 3 * NS_PER_S;

void tracker_init(struct tracker *t, const struct settings *settings, const uint32_t *tap_of,
                  uint32_t n_taps, tracker_finished *finished, void *context)
{
    *t = (struct tracker){
        .finished = finished, .context = context, .tap_of = tap_of, .whole_least = WHOLE_LEAST};
    t->clock = xcalloc(n_taps, sizeof *t->clock);
    int64_t longest = settings_longest_time_wait(settings);
    t->settings = settings;
    t->linger = (longest > rfc_time_wait ? longest : rfc_time_wait) + slack;
    flow_table_init(&t->flows, sizeof(struct connection), tap_of, frozen_key,
                    (uint8_t)settings->limits.of[LIMIT_RANGES]);
    pool_init_lines(&t->chunks, STEPS_CHUNK * sizeof(struct step), &t->flows.slabs);
}

static void forget(struct tracker *t, struct flow_entry *e)
{
    tracker_release(t, keep_take_out(t, e));
}

void tracker_done(struct tracker *t)
{
    for (size_t i = 0; i < t->flows.n_slots;)
        if (t->flows.slots[i].newest)
            forget(t, t->flows.slots[i].newest);
        else
            i++;
    flow_table_done(&t->flows);
    free(t->clock);
    free(t->ending);
    arena_done(&t->found);
    t->clock = NULL;
    t->ending = NULL;
    t->n_ending = t->ended = 0;
}

void tracker_release(struct tracker *t, struct connection *c)
{
    steplog_done(&c->steps, &t->chunks);
    free(c->before);
    flow_release(&t->flows, &c->flow.entry);
}

/* --- which segments matter -------------------------------------------------------------------- */

static bool matters(const struct flow *f, int dir, const struct segment *s, uint32_t seen)
{
    const struct side *side = &f->side[dir], *peer = &f->side[flow_peer(f, dir)];
    const uint32_t always = SEEN_ACKS_SYN | SEEN_ACKS_FIN | SEEN_ACK_BEYOND | SEEN_FIN_CONFIRMED |
                            SEEN_AFTER_FIN | SEEN_OLD | SEEN_MALFORMED | SEEN_ALIEN_SYNACK;

    if ((s->flags & (TCP_SYN | TCP_FIN | TCP_RST)) || (seen & always) || side->packets == 1)
        return true;
    if ((side->bits | peer->bits) & SIDE_RST)
        return true;
    if ((side->bits & SIDE_FIN) && (peer->bits & SIDE_FIN))
        return true;
    if (seen & SEEN_ACK_INVALID)
        return f->extra && f->extra->loop_run <= INVALID_ACKS_LOGGED;
    if (seen &
        (SEEN_KEEP_ALIVE | SEEN_ZERO_PROBE)) /* the first ones, and those that nobody answers */
        return side->probes <= PROBES_LOGGED || side->unanswered > 1;
    if (s->len == 0 && (peer->bits & SIDE_FIN) && (s->flags & TCP_ACK))
        return true; /* an answer to a FIN, in order or not; data of a half-closed connection is
                        folded */
    return (seen & SEEN_RETRANSMISSION) && side->rexmit_run > 1;
}

/* The first ACK after a packet of the old incarnation tells whether it was taken for new data. */
static bool answers_old_packet(const struct steps *log, const struct segment *s, int dir)
{
    const struct step *last = steplog_last(log);

    return last && last->of_other && last->kind == STEP_SEGMENT &&
           (last->len || (last->flags & TCP_SYN)) && (int)last->dir != dir && (s->flags & TCP_ACK);
}

/* Whoever sends after a RST shows what became of it. */
static bool after_reset(const struct flow *f)
{
    return (f->side[0].bits | f->side[1].bits) & SIDE_RST_SENT;
}

/* The time of f changed: when it is looked at first for what is due, it must be looked at again. */
static void forget_due(struct tracker *t, const struct flow *f)
{
    if (t->due_of == &f->entry)
        t->due_of = NULL;
}

/* A segment that is counted in stream `of` is part of c's story, too. */
static void show_too(struct tracker *t, struct connection *c, const struct segment *s, int dir,
                     uint64_t of)
{
    struct step *step = steplog_add(&c->steps, &t->chunks, s, dir, 0);

    step->of_other = 1;
    step->has_ts = 0;
    step->of = (uint32_t)of;
}

/* The segment was counted in an older incarnation while the candidate waits for an
 * answer to its SYN. */
static void log_for_candidate(struct tracker *t, struct flow *candidate, const struct flow *counted,
                              const struct segment *s, int dir)
{
    show_too(t, connection_of(candidate), s, dir, counted->stream);
    if (s->at.t > candidate->last_t)
        candidate->last_t = s->at.t;
    forget_due(t, candidate);
}

/* c begins on a five-tuple that was used before: see what is left of the old incarnation, and show
 * the SYN there too. */
static void begin_again(struct tracker *t, struct connection *c, const struct segment *s, int dir)
{
    struct connection *old = connection_of(flow_older(&c->flow));

    if (c->before || old->steps.total == 0)
        return;
    c->before = tail_of(old, s->at.t, t->settings);
    show_too(t, old, s, dir, c->flow.stream);
}

/* The first SYN-ACK of a connection that an older one made room for. */
static bool takes_over(const struct flow *f, const struct segment *s)
{
    return (s->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) && f->older &&
           (flow_older(f)->bits & FLOW_SUCCEEDED) && !(f->bits & FLOW_SYN_ACKED);
}

/* Log s, which f was found to see as `seen`. */
static void log_segment(struct tracker *t, struct connection *c, const struct segment *s, int dir,
                        uint32_t seen, uint32_t new_octets)
{
    if (matters(&c->flow, dir, s, seen) || answers_old_packet(&c->steps, s, dir))
        steplog_add(&c->steps, &t->chunks, s, dir, seen);
    else
        steplog_fold(&c->steps, &t->chunks, s, dir, new_octets, after_reset(&c->flow));
}

static void count_duplicate(struct tracker *t, struct flow *f, const struct segment *s)
{
    t->duplicates++;
    f->duplicates++;
    if (f->duplicates <= 3)
        flow_extra(f)->duplicate[f->duplicates - 1] = s->at;
}

/* The segment went past the newest incarnation. */
static void pass_over(struct tracker *t, struct flow *candidate, const struct flow *f,
                      const struct segment *s, int dir)
{
    if (!(candidate->bits & FLOW_DROPPED)) {
        log_for_candidate(t, candidate, f, s, dir);
        return;
    }
    if (t->dropped)
        t->dropped(t->context, candidate->stream);
    forget(t, &candidate->entry);
}

/* Where f waits for its end; its latest activity is now. */
static void enlist(struct tracker *t, struct flow *f)
{
    enum flow_list_name list = finish_is_over(f) ? FLOW_OVER : FLOW_UNLISTED;
    bool moves = list != f->entry.list;

    forget_due(t, f);
    if (moves || list != FLOW_UNLISTED)
        flow_enlist(&t->flows, &f->entry, list);
    if (moves)
        keep_regroup(t, f);
}

/* The newest incarnation of the tenant to which s belongs, when its five-tuple is that of several,
 * or NULL; *l becomes its look-up. Where its identifier was seen before counts more than where its
 * numbers fit. */
static struct flow *find_tenant(struct tracker *t, struct flow_lookup *l, const struct segment *s)
{
    struct flow_lookup at, fits, spare;
    struct flow *newest = NULL;
    bool have_fit = false, have_spare = false;

    for (unsigned n = 0; n < TENANTS && n <= t->tenants + 1; n++) {
        at = flow_lookup_tenant(&t->flows, l, n);
        newest = keep_wake(t, &at);
        if (newest && tenant_known(newest, s, at.dir)) {
            *l = at;
            return newest;
        }
        if (newest && !have_fit && tenant_fits(newest, s, at.dir)) {
            fits = at;
            have_fit = true;
        }
        if (!newest && !have_spare) {
            spare = at;
            have_spare = true;
        }
    }
    if (!have_fit && have_spare) {
        *l = spare;
        t->tenants = l->key.tenant > t->tenants ? l->key.tenant : t->tenants;
        return NULL;
    }
    *l = have_fit ? fits : at; /* there are too many: the last one takes it */
    newest = keep_wake(t, l);
    tenant_learn(newest, s, l->dir);
    return newest;
}

static struct tracker_owner owner_of(const struct flow *f)
{
    bool open = f && (f->bits & FLOW_CANDIDATE) && f->older;

    return (struct tracker_owner){.counted = f ? f->stream : TRACKER_NOBODY,
                                  .before = open ? flow_older(f)->stream : TRACKER_NOBODY};
}

static void take_segment(struct tracker *t, struct flow_lookup *l, const struct segment *s)
{
    keep_trim(t);
    struct flow *newest = keep_wake(t, l), *candidate;
    if (newest ? !tenant_first(newest, s, l->dir) && !tenant_known(newest, s, l->dir)
               : t->tenants != 0)
        newest = find_tenant(t, l, s);
    struct flow *f = incarnation_of(&t->flows, l, newest, s, &candidate);
    struct connection *c = connection_of(f);
    int dir = f->bits & FLOW_SELF ? 0 : l->dir;
    bool fresh = !f->last_packet;
    uint32_t new_octets;

    t->segments++;
    t->owner = owner_of(f);
    if (fresh)
        keep_new(t, f);
    if (duplicate_record(f, dir, s)) {
        count_duplicate(t, f, s);
        return;
    }
    if (f->older && fresh)
        begin_again(t, c, s, dir);
    else if (takes_over(f, s))
        show_too(t, connection_of(flow_older(f)), s, dir, f->stream);
    if (candidate)
        pass_over(t, candidate, f, s, dir);
    uint32_t seen = flow_observe(f, dir, s, &new_octets);
    log_segment(t, c, s, dir, seen, new_octets);
    enlist(t, f);
    if (fresh && t->began)
        t->began(t->context, c);
}

/* Whether e answers the SYN of f, in the direction of the quoted segment. */
static bool answers_syn(const struct flow *f, const struct icmp_error *e, int dir)
{
    return dir == f->client && !(f->bits & FLOW_SYN_ACKED) && (f->side[dir].bits & SIDE_SYN) &&
           f->side[dir].isn == e->seq;
}

static void take_icmp(struct tracker *t, const struct icmp_error *e)
{
    const struct segment quoted = {.at = e->at,
                                   .src = e->src,
                                   .dst = e->dst,
                                   .src_port = e->src_port,
                                   .dst_port = e->dst_port};
    struct flow_lookup l;

    flow_lookup(&t->flows.keying, &quoted, &l);
    struct flow *f = keep_wake(t, &l);
    bool unreachable = e->type == (e->v6 ? 1 : 3);
    int dir = f && (f->bits & FLOW_SELF) ? 0 : l.dir;

    t->owner = owner_of(f);
    for (unsigned n = 1; n <= t->tenants && !(f && answers_syn(f, e, dir)); n++) {
        const struct flow_lookup of = flow_lookup_tenant(&t->flows, &l, n);

        f = keep_wake(t, &of);
    }
    if (f && answers_syn(f, e, dir))
        t->owner = owner_of(f);
    if (!f || !unreachable || !answers_syn(f, e, dir))
        return;
    f->bits |= FLOW_REFUSED;
    steplog_icmp(&connection_of(f)->steps, &t->chunks, e, flow_peer(f, dir));
    f->last_packet = e->at.packet;
    f->last_file = e->at.file;
    if (e->at.t > f->last_t)
        f->last_t = e->at.t;
    enlist(t, f);
}

/* The connection of a SYN-ACK is a copy of another one. */
static void take_copy(struct tracker *t, const struct segment *synack)
{
    struct flow_lookup l;

    flow_lookup(&t->flows.keying, synack, &l);
    for (unsigned n = 0; n <= t->tenants; n++) {
        const struct flow_lookup of = flow_lookup_tenant(&t->flows, &l, n);

        for (struct flow *f = keep_wake(t, &of); f; f = flow_older(f)) {
            const struct side *server = &f->side[l.dir], *client = &f->side[!l.dir];

            if ((server->bits & client->bits & SIDE_SYN) && server->isn == synack->seq &&
                client->isn + 1 == synack->ack)
                f->translated = true;
        }
    }
}

static void prefetch_flow(const struct tracker *t, const struct tracker_record *r)
{
    if (r->kind == DECODE_SEGMENT)
        flow_prefetch_entry(&t->flows, &r->lookup);
}

/* The latest step of a connection whose head was asked for before. */
static void prefetch_steps(const struct tracker *t, const struct tracker_record *r)
{
    if (r->kind != DECODE_SEGMENT)
        return;
    const struct flow_entry *e = flow_guess(&t->flows, &r->lookup);
    if (e && !e->packed)
        steplog_prefetch(&((const struct connection *)e)->steps);
}

void tracker_take(struct tracker *t, struct tracker_record *records, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (records[i].kind == DECODE_SEGMENT)
            flow_prefetch_slot(&t->flows, &records[i].lookup);
    for (size_t i = 0; i < n && i < 2 * AHEAD; i++)
        prefetch_flow(t, &records[i]);
    for (size_t i = 0; i < n; i++) {
        struct tracker_record *r = &records[i];

        if (i + 2 * AHEAD < n)
            prefetch_flow(t, &records[i + 2 * AHEAD]);
        if (i + AHEAD < n)
            prefetch_steps(t, &records[i + AHEAD]);
        if (r->translated) {
            take_copy(t, &r->segment);
            continue;
        }
        if (r->ordinal)
            t->flows.next_stream = r->ordinal;
        t->clock_steps = r->clock_steps;
        t->losses = r->losses;
        t->owner.counted = TRACKER_NOBODY;
        finish_due(t, r->file, r->t);
        if (r->kind == DECODE_SEGMENT)
            take_segment(t, &r->lookup, &r->segment);
        else if (r->kind == DECODE_ICMP_ERROR)
            take_icmp(t, &r->icmp);
    }
}
