/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/acknowledge.h"

#include "base/seq.h"
#include "flow/holes.h"

/* An ACK that far beyond everything seen is no ACK of what the tap missed (close-semantics 1.6). */
static uint32_t largest_gap(const struct side *acker)
{
    const uint32_t least = 1u << 20;

    return acker->max_window > least ? acker->max_window : least;
}

/* Two ends that reject each other's numbers and answer each ACK with an ACK (RFC 1337 H2). */
static void note_loop(struct flow *f, int dir, const struct segment *s)
{
    struct flow_extra *x = flow_extra(f);
    bool same = x->loop_run && x->loop_seq[dir] == s->seq && x->loop_ack[dir] == s->ack;
    bool turn = x->loop_run && x->loop_dir != dir && s->at.t - x->loop_last <= NS_PER_S;

    if (turn && (same || x->loop_run == 1)) {
        if (x->loop_run < 4)
            x->loop_first[x->loop_run] = s->at;
        x->loop_run++;
    } else {
        x->loop_run = 1;
        x->loop_start = s->at.t;
        x->loop_first[0] = s->at;
    }
    x->loop_dir = (int8_t)dir;
    x->loop_seq[dir] = s->seq;
    x->loop_ack[dir] = s->ack;
    x->loop_last = s->at.t;
    if (x->loop_run > x->loop_best) {
        x->loop_best = x->loop_run;
        x->loop_best_span = s->at.t - x->loop_start;
    }
}

void missed_fin_confirm(struct side *peer)
{
    peer->bits &= (uint16_t)~SIDE_FIN_MAYBE;
    peer->bits |= SIDE_FIN_MISSED | SIDE_FIN_ACKED;
    peer->nxt = seq_max(peer->nxt, peer->fin_seq + 1);
    peer->una = peer->fin_seq + 1;
}

/* The ACK goes beyond what the other direction was seen to send. */
static uint32_t beyond(struct flow *f, int dir, const struct segment *s)
{
    struct side *peer = &f->side[flow_peer(f, dir)];
    uint32_t excess = s->ack - peer->nxt;
    bool fin_known = peer->bits & (SIDE_FIN | SIDE_FIN_MISSED);

    if (excess == 1 && (peer->bits & (SIDE_PROBE | SIDE_SOFT))) {
        /* The octet of a window probe was taken, or the number came from a keep-alive. */
        peer->bits &= (uint16_t) ~(SIDE_PROBE | SIDE_SOFT);
        peer->nxt = peer->una = s->ack;
        peer->bits |= SIDE_ACKED;
        return 0;
    }
    if (fin_known || excess > largest_gap(&f->side[dir])) {
        if (s->len == 0)
            note_loop(f, dir, s);
        return SEEN_ACK_INVALID;
    }
    if (excess == 1) {
        bool again = peer->bits & SIDE_FIN_MAYBE;

        peer->fin_seq = peer->nxt;
        peer->bits |= SIDE_FIN_MAYBE;
        return again ? 0 : SEEN_ACK_BEYOND;
    }
    peer->bits &= (uint16_t)~SIDE_FIN_MAYBE;
    if (peer->bits & SIDE_SEEN) {
        gap_note(f, flow_peer(f, dir), excess, &s->at);
        f->extra->gap_end[flow_peer(f, dir)] = s->at.t;
        f->extra->gap_from[flow_peer(f, dir)] = peer->nxt;
    }
    peer->nxt = peer->una = s->ack;
    peer->bits |= SIDE_ACKED;
    peer->rexmit_run = 0;
    return 0;
}

uint32_t acknowledge(struct flow *f, int dir, const struct segment *s)
{
    struct side *peer = &f->side[flow_peer(f, dir)];
    uint32_t seen = 0;

    if (!(peer->bits & SIDE_ANCHORED)) {
        peer->base = s->ack - 1;
        peer->nxt = peer->una = s->ack;
        peer->bits |= SIDE_ANCHORED | SIDE_ACKED;
        return s->flags & TCP_SYN ? SEEN_ACKS_SYN : 0;
    }
    if (seq_gt(s->ack, peer->nxt))
        return beyond(f, dir, s);
    if ((peer->bits & SIDE_ACKED) && seq_leq(s->ack, peer->una)) {
        bool fin = (peer->bits & SIDE_FIN_ACKED) && s->ack == peer->fin_seq + 1;
        return fin ? SEEN_ACK_AGAIN : 0;
    }
    if ((peer->bits & SIDE_SYN) && seq_leq(s->ack, peer->isn))
        return SEEN_ACK_INVALID; /* acknowledges nothing of this incarnation */
    if ((peer->bits & SIDE_SYN) && !((peer->bits & SIDE_ACKED) && seq_gt(peer->una, peer->isn)))
        seen |= SEEN_ACKS_SYN;
    if (holes_any(f, flow_peer(f, dir))) {
        uint32_t missed = holes_acknowledge(f, flow_peer(f, dir), s->ack);

        if (missed)
            gap_note(f, flow_peer(f, dir), missed, &s->at);
    }
    peer->una = s->ack;
    peer->bits |= SIDE_ACKED;
    peer->rexmit_run = 0;
    if ((peer->bits & SIDE_FIN) && s->ack == peer->fin_seq + 1) {
        peer->bits |= SIDE_FIN_ACKED;
        seen |= SEEN_ACKS_FIN;
    }
    return seen;
}
