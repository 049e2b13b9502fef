/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/holes.h"

#include "base/seq.h"

#include <string.h>

static void drop(struct flow_extra *x, int dir, unsigned i)
{
    x->n_holes[dir]--;
    memmove(&x->hole[dir][i], &x->hole[dir][i + 1], (x->n_holes[dir] - i) * sizeof x->hole[dir][0]);
}

void holes_open(struct flow *f, int dir, uint32_t from, uint32_t to, int64_t t)
{
    struct flow_extra *x = flow_extra(f);

    if (x->n_holes[dir] == f->most_holes) {
        drop(x, dir, 0);
        x->holes_given_up++;
    }
    /* Holes open at nxt only, so the newest is the highest: the array stays sorted. */
    x->hole[dir][x->n_holes[dir]++] = (struct hole){.from = from, .to = to, .since = t};
}

uint32_t holes_fill(struct flow *f, int dir, uint32_t from, uint32_t to)
{
    struct flow_extra *x = f->extra;
    uint32_t filled = 0;

    for (unsigned i = 0; x && i < x->n_holes[dir];) {
        struct hole *h = &x->hole[dir][i];
        uint32_t lo = seq_max(h->from, from), hi = seq_lt(h->to, to) ? h->to : to;

        if (!seq_lt(lo, hi)) {
            i++;
            continue;
        }
        filled += hi - lo;
        if (lo == h->from && hi == h->to) {
            drop(x, dir, i);
        } else if (lo == h->from) {
            h->from = hi;
            i++;
        } else if (hi == h->to || x->n_holes[dir] == f->most_holes) {
            h->to = lo; /* with a full array the upper rest is forgotten: it counts as seen */
            i++;
        } else {
            memmove(h + 1, h, (x->n_holes[dir] - i) * sizeof *h);
            x->n_holes[dir]++;
            h[0].to = lo;
            h[1].from = hi;
            i += 2;
        }
    }
    return filled;
}

uint32_t holes_acknowledge(struct flow *f, int dir, uint32_t una)
{
    struct flow_extra *x = f->extra;
    uint32_t missed = 0;

    while (x && x->n_holes[dir] && seq_lt(x->hole[dir][0].from, una)) {
        struct hole *h = &x->hole[dir][0];

        if (seq_gt(h->to, una)) {
            missed += una - h->from;
            h->from = una;
            break;
        }
        missed += h->to - h->from;
        drop(x, dir, 0);
    }
    return missed;
}

bool holes_below(const struct flow *f, int dir, uint32_t seq)
{
    return f->extra && f->extra->n_holes[dir] && seq_lt(f->extra->hole[dir][0].from, seq);
}

void gap_note(struct flow *f, int dir, uint32_t octets, const struct ref *at)
{
    struct flow_extra *x = flow_extra(f);

    f->side[dir].bits |= SIDE_GAP;
    x->gap_octets += octets;
    keep_sample(x->gap, 3, &x->n_gaps, at);
}
