/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/observe.h"

#include "base/seq.h"
#include "flow/acknowledge.h"
#include "flow/holes.h"
#include "flow/system.h"

enum {
    REORDER_NS = 5000000,    /* records of two interfaces may be out of order by so much */
    RST_RACE_NS = 200000000, /* segments that were in flight when a RST was sent */
    FARTHEST = 1 << 30,      /* the largest window there is (RFC 7323 2.3): no segment of this
                                incarnation is farther off */
};

/* Flag combinations that no stack sends (close-semantics 1.7). */
static bool malformed(uint16_t flags)
{
    bool syn = flags & TCP_SYN, fin = flags & TCP_FIN, rst = flags & TCP_RST, ack = flags & TCP_ACK;

    if ((flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK) /* most by far */
        return false;
    return (syn && fin) || (syn && rst) || (fin && rst) || (fin && !ack) ||
           !(syn || fin || rst || ack);
}

static uint32_t clamp_us(int64_t ns)
{
    return ns <= 0 ? 0 : ns / 1000 > UINT32_MAX ? UINT32_MAX : (uint32_t)(ns / 1000);
}

/* What tells systems apart in a SYN: option order, MSS, window scale. */
static uint32_t syn_fingerprint(const struct segment *s)
{
    uint32_t h = 2166136261u ^ s->mss ^ (uint32_t)s->wscale << 16;

    for (unsigned i = 0; i < s->n_option_order; i++)
        h = (h ^ s->option_order[i]) * 16777619u;
    return h ? h : 1;
}

/* --- openings --------------------------------------------------------------------------------- */

static void set_isn(struct flow *f, int dir, const struct segment *s)
{
    struct side *side = &f->side[dir];

    side->isn = side->base = s->seq;
    side->syn_print = syn_fingerprint(s);
    side->syn_ttl = s->ttl;
    side->system = system_guess(s);
    side->nxt = s->seq + 1 + s->len;
    side->bits |= SIDE_SYN | SIDE_ANCHORED;
    side->bits &= (uint16_t) ~(SIDE_SOFT | SIDE_FIN_MAYBE);
    if (s->options & OPT_WSCALE) {
        side->bits |= SIDE_WSCALE;
        side->wscale = s->wscale;
    }
}

static uint32_t observe_syn(struct flow *f, int dir, const struct segment *s)
{
    struct side *side = &f->side[dir], *peer = &f->side[flow_peer(f, dir)];
    uint32_t seen = 0;

    if (s->flags & TCP_ACK) {
        bool copy = (side->bits & SIDE_SYN) && side->isn == s->seq;
        if ((peer->bits & SIDE_SYN) && !copy && !side_answered(peer, s->ack))
            return SEEN_ALIEN_SYNACK;
        seen |= acknowledge(f, dir, s);
        f->bits |= FLOW_SYN_ACKED;
    }
    if ((side->bits & SIDE_SYN) && side->isn == s->seq)
        return seen | SEEN_SYN_COPY;
    if (!(side->bits & SIDE_SYN) || !(f->bits & FLOW_ESTABLISHED))
        set_isn(f, dir, s);
    return seen | SEEN_SYN_FIRST;
}

/* Both ends are synchronized: the opener acknowledges, or the other end already sends what only a
 * synchronized end may. */
static bool completes_handshake(const struct flow *f, int dir, const struct segment *s,
                                uint32_t seen)
{
    const struct side *side = &f->side[dir], *peer = &f->side[flow_peer(f, dir)];
    bool opened = (side->bits | peer->bits) & SIDE_SYN;
    bool numbers_fit = !(seen & (SEEN_ACK_INVALID | SEEN_OLD)) && (s->flags & TCP_ACK);

    if (!opened || !numbers_fit)
        return false;
    if (dir == f->client)
        return (side->bits & SIDE_SYN) ? seq_gt(s->seq, side->isn) : true;
    return (side->bits & SIDE_SYN) && s->len > 0 && !(f->bits & FLOW_ROLES_GUESSED);
}

/* --- resets ----------------------------------------------------------------------------------- */

/* Would the peer take it? What the peer expects next lies between what it acknowledged and what was
 * sent; one below is accepted behind a FIN (Linux tcp_reset_check). A SYN_SENT end wants its SYN
 * acknowledged (RFC 9293 3.10.7.3). */
static uint32_t observe_rst(struct flow *f, int dir, const struct segment *s)
{
    struct side *side = &f->side[dir], *peer = &f->side[flow_peer(f, dir)];

    if (dir != f->client && (peer->bits & SIDE_SYN) && !(f->bits & FLOW_SYN_ACKED)) {
        if (!(s->flags & TCP_ACK) || !side_answered(peer, s->ack))
            return 0;
        f->bits |= FLOW_REFUSED;
        return SEEN_RST_ACCEPTABLE;
    }
    if (!(side->bits & SIDE_ANCHORED))
        return 0;
    uint32_t low = side->bits & SIDE_ACKED ? side->una : side->base + 1;
    if (side->bits & (SIDE_FIN | SIDE_FIN_MISSED))
        low--;
    if (seq_geq(s->seq, low) && seq_leq(s->seq, side->nxt))
        return SEEN_RST_ACCEPTABLE;
    bool window_known = (side->bits & peer->bits & SIDE_SYN) && peer->max_window;
    if (window_known && seq_geq(s->seq, low) && seq_lt(s->seq, low + peer->max_window))
        return SEEN_RST_IN_WINDOW;
    return 0;
}

/* --- data and FIN ----------------------------------------------------------------------------- */

/* Keep-alives and window probes ask for an ACK with an octet that was sent before, or with none. */
static uint32_t probe(struct side *side, const struct side *peer, const struct segment *s)
{
    bool shut = peer->window == 0 && (peer->bits & SIDE_SEEN);

    if (s->len > 1 || (s->flags & TCP_FIN) || !(side->bits & SIDE_SEEN))
        return 0;
    if (s->seq == side->nxt - 1)
        return shut ? SEEN_ZERO_PROBE : SEEN_KEEP_ALIVE;
    if (s->len == 0 && (side->bits & SIDE_ACKED) && s->seq == side->una - 1)
        return shut ? SEEN_ZERO_PROBE : SEEN_KEEP_ALIVE;
    if (s->len == 1 && shut && s->seq == side->nxt) {
        side->bits |= SIDE_PROBE;
        return SEEN_ZERO_PROBE;
    }
    return 0;
}

/* An octet of this end was acknowledged and not seen. Its next segment tells what the octet was
 * (close-semantics 9.3). */
static uint32_t resolve_missed_fin(struct flow *f, int dir, const struct segment *s)
{
    struct side *side = &f->side[dir];

    if (!(side->bits & SIDE_FIN_MAYBE))
        return 0;
    if (s->seq == side->fin_seq + 1 && s->len == 0 && !(s->flags & TCP_FIN)) {
        missed_fin_confirm(side);
        return SEEN_FIN_CONFIRMED;
    }
    bool behind = seq_gt(s->seq, side->fin_seq);
    bool at_it = s->seq == side->fin_seq && !(s->flags & TCP_FIN);
    bool reordered = at_it && s->len == 0 && s->at.t - f->last_t <= REORDER_NS;
    if (behind) {
        gap_note(f, dir, 1, &s->at); /* an octet of data */
        side->nxt = side->una = side->fin_seq + 1;
    }
    if (behind || (at_it && !reordered))
        side->bits &= (uint16_t)~SIDE_FIN_MAYBE;
    return 0;
}

/* The octets from here on that the peer acknowledged are not this end's: its FIN stands there. */
static bool never_sent(const struct flow *f, int dir, uint32_t fin_seq)
{
    const struct flow_extra *x = f->extra;

    return x && x->gap_end[dir] && x->gap_from[dir] == fin_seq;
}

static uint32_t observe_fin(struct flow *f, int dir, const struct segment *s)
{
    struct side *side = &f->side[dir];
    uint32_t fin_seq = s->seq + s->len;

    if (side->bits & (SIDE_FIN | SIDE_FIN_MISSED)) {
        if (fin_seq == side->fin_seq && (side->bits & SIDE_FIN))
            return SEEN_FIN_COPY;
        if (fin_seq == side->fin_seq) {
            side->bits |= SIDE_FIN; /* the tap missed the first, not this copy */
            return SEEN_FIN_FIRST;
        }
        return seq_gt(fin_seq, side->fin_seq) ? SEEN_AFTER_FIN : SEEN_OLD;
    }
    bool acknowledged_as_data = (side->bits & SIDE_ACKED) && seq_lt(fin_seq, side->una);
    if (acknowledged_as_data && never_sent(f, dir, fin_seq)) {
        side->nxt = side->una = fin_seq;
        acknowledged_as_data = false;
    }
    /* Picked up between the first copy of the FIN and this one: the ACK that came before was its.
     */
    bool was_this = !(side->bits & (SIDE_SEEN | SIDE_SYN)) && side->una == fin_seq + 1;
    acknowledged_as_data &= !was_this;
    if (acknowledged_as_data || seq_diff(fin_seq, side->nxt) > FARTHEST)
        return SEEN_OLD;
    bool acked_before = ((side->bits & SIDE_FIN_MAYBE) && side->fin_seq == fin_seq) ||
                        (was_this && (side->bits & SIDE_ACKED));
    side->bits &= (uint16_t)~SIDE_FIN_MAYBE;
    side->bits |= SIDE_FIN;
    side->fin_seq = fin_seq;
    if (acked_before) { /* its ACK came first: records out of order */
        side->bits |= SIDE_FIN_ACKED | SIDE_ACKED;
        side->una = fin_seq + 1;
    }
    return SEEN_FIN_FIRST;
}

static void count_copy(struct side *side, const struct segment *s)
{
    side->retransmissions++;
    if (side->rexmit_run < UINT16_MAX)
        side->rexmit_run++;
    side->rexmit_gap_us = clamp_us(s->at.t - side->last_t);
}

/* Where the octets of s lie: new, in a hole, or seen before. */
static uint32_t place(struct flow *f, int dir, const struct segment *s, uint32_t *new_octets)
{
    struct side *side = &f->side[dir];
    uint32_t end = s->seq + segment_seq_len(s), data_end = s->seq + s->len;
    uint32_t seen = 0, fresh = 0;

    if (seq_diff(s->seq, side->nxt) > FARTHEST)
        return SEEN_OLD;
    if (seq_gt(end, side->nxt)) {
        uint32_t from = seq_max(s->seq, side->nxt);

        if (seq_gt(s->seq, side->nxt))
            holes_open(f, dir, side->nxt, s->seq, s->at.t);
        if (seq_gt(data_end, from))
            fresh = data_end - from;
        side->nxt = end;
        side->bits &= (uint16_t) ~(SIDE_PROBE | SIDE_SOFT);
    } else if (s->len && (side->bits & SIDE_ANCHORED) && seq_leq(data_end, side->base)) {
        return SEEN_OLD;
    }
    uint32_t filled = holes_any(f, dir) ? holes_fill(f, dir, s->seq, data_end) : 0;
    if (filled)
        seen |= SEEN_OUT_OF_ORDER;
    *new_octets = fresh + filled;
    side->bytes += *new_octets;
    if (*new_octets) {
        seen |= SEEN_NEW_DATA;
        side->last_data_t = s->at.t;
    } else if (s->len) {
        seen |= SEEN_RETRANSMISSION;
    }
    return seen;
}

static uint32_t observe_octets(struct flow *f, int dir, const struct segment *s,
                               uint32_t *new_octets)
{
    struct side *side = &f->side[dir];
    uint32_t seen = 0;

    if (!(side->bits & SIDE_SEEN) &&
        !(side->bits & SIDE_SYN)) { /* mid-stream: the first octet seen is number 1 */
        side->base = s->seq - 1;
        side->nxt = side->bits & SIDE_ANCHORED ? seq_max(side->nxt, s->seq) : s->seq;
        side->bits |= SIDE_ANCHORED;
        if (segment_seq_len(s) == 0)
            side->bits |= SIDE_SOFT;
        else
            side->nxt = s->seq;
    }
    uint32_t probing = probe(side, &f->side[flow_peer(f, dir)], s);
    if (probing) {
        side->probes++;
        return probing;
    }
    seen |= resolve_missed_fin(f, dir, s);
    if ((side->bits & (SIDE_FIN | SIDE_FIN_MISSED)) && s->len &&
        seq_gt(s->seq + s->len, side->fin_seq + 1)) {
        side->bits |= SIDE_DATA_AFTER_FIN;
        return seen | SEEN_AFTER_FIN;
    }
    if (s->flags & TCP_FIN) {
        seen |= observe_fin(f, dir, s);
        if (seen & SEEN_AFTER_FIN)
            side->bits |= SIDE_DATA_AFTER_FIN;
        if (seen & (SEEN_AFTER_FIN | SEEN_OLD))
            return seen;
    }
    if (segment_seq_len(s))
        seen |= place(f, dir, s, new_octets);
    if (seen & (SEEN_RETRANSMISSION | SEEN_FIN_COPY))
        count_copy(side, s);
    return seen;
}

/* --- the segment ------------------------------------------------------------------------------ */

static void update_window(struct flow *f, int dir, const struct segment *s)
{
    struct side *side = &f->side[dir];
    bool scaled =
        (side->bits & f->side[flow_peer(f, dir)].bits & SIDE_WSCALE) && !(s->flags & TCP_SYN);

    side->window = (uint32_t)s->window << (scaled ? side->wscale : 0);
    if (side->window > side->max_window)
        side->max_window = side->window;
}

static void finish(struct flow *f, int dir, const struct segment *s, uint32_t seen)
{
    struct side *side = &f->side[dir];
    bool asks = segment_seq_len(s) || (seen & (SEEN_KEEP_ALIVE | SEEN_ZERO_PROBE));

    if ((s->options & OPT_TIMESTAMPS) &&
        (!(side->bits & SIDE_TIMESTAMPS) || seq_gt(s->ts_val, side->ts_last))) {
        side->ts_last = s->ts_val;
        side->bits |= SIDE_TIMESTAMPS;
    }
    side->bits |= SIDE_SEEN;
    side->packets++;
    side->ttl = s->flags & TCP_RST ? side->ttl : s->ttl;
    side->last_t = s->at.t;
    f->side[flow_peer(f, dir)].unanswered = 0;
    if (asks && side->unanswered < UINT16_MAX)
        side->unanswered++;
    f->last_packet = s->at.packet;
    f->last_file = s->at.file;
    if (s->at.t > f->last_t)
        f->last_t = s->at.t;
    if (!(s->flags & (TCP_SYN | TCP_FIN | TCP_RST)))
        f->plain++;
}

uint32_t flow_observe(struct flow *f, int dir, const struct segment *s, uint32_t *new_octets)
{
    struct side *side = &f->side[dir];
    uint32_t seen = 0;

    *new_octets = 0;
    if (malformed(s->flags)) {
        struct flow_extra *x = flow_extra(f);

        keep_sample(x->malformed, 3, &x->n_malformed, &s->at);
        seen |= SEEN_MALFORMED;
    }
    if (s->flags & TCP_RST) {
        seen |= observe_rst(f, dir, s);
        side->bits |= SIDE_RST_SENT;
        if (seen & SEEN_RST_ACCEPTABLE)
            side->bits |= SIDE_RST;
    } else if (seen & SEEN_MALFORMED) {
        ; /* no state change: stacks drop it */
    } else if (s->flags & TCP_SYN) {
        seen |= observe_syn(f, dir, s);
        if (!(seen & SEEN_ALIEN_SYNACK))
            update_window(f, dir, s);
    } else {
        if (s->flags & TCP_ACK)
            seen |= acknowledge(f, dir, s);
        seen |= observe_octets(f, dir, s, new_octets);
        if (!(f->bits & FLOW_ESTABLISHED) && completes_handshake(f, dir, s, seen)) {
            f->bits |= FLOW_ESTABLISHED;
            if ((seen & SEEN_ACKS_SYN) && dir == f->client && (side->bits & SIDE_SYN))
                f->rtt_us = clamp_us(s->at.t - side->last_t);
        }
        update_window(f, dir, s);
        struct side *peer = &f->side[flow_peer(f, dir)];
        if (s->at.t - peer->last_t > RST_RACE_NS) /* whoever goes on talking was not reset */
            peer->bits &= (uint16_t)~SIDE_RST;
    }
    finish(f, dir, s, seen);
    return seen;
}
