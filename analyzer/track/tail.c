/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/tail.h"

#include "base/seq.h"
#include "base/xalloc.h"
#include "track/timers.h"
#include "track/verdict.h"

static void copy_side(struct tail *t, const struct side *side, int dir)
{
    t->numbered[dir] = side->bits & SIDE_ANCHORED;
    t->isn[dir] = side->base;
    t->last_seq[dir] = side->bits & SIDE_ACKED ? seq_max(side->nxt, side->una) : side->nxt;
    t->max_window[dir] = side->max_window;
    t->ts[dir] = side->bits & SIDE_TIMESTAMPS;
    t->ts_last[dir] = side->ts_last;
    t->syn_print[dir] = side->syn_print;
    t->syn_ttl[dir] = side->syn_ttl;
}

/* The reset that ended the TIME_WAIT of direction dir. */
static struct ref killer_of(const struct life *l, int dir, const struct transition *entered)
{
    const struct machine *m = &l->machine[dir];
    const struct transition *after = entered + 1;

    return after < m->path + m->n && after->event == EV_RCV_RST ? step_ref(l->step[after->step])
                                                                : (struct ref){0};
}

struct tail *tail_of(const struct connection *old, int64_t t, const struct settings *settings)
{
    struct tail *tail = xcalloc(1, sizeof *tail);
    struct arena arena = {0};
    const struct flow *f = &old->flow;
    const struct life *l = replay(old, t, settings, &arena);
    struct verdict v = judge(l);

    tail->stream = f->stream;
    tail->first = step_ref(&old->steps.at[0]);
    tail->last = (struct ref){.t = f->last_t, .packet = f->last_packet, .file = f->last_file};
    tail->both_acked = v.fate[0] == FATE_ACKED && v.fate[1] == FATE_ACKED;
    tail->by_reset = v.kind == CLOSE_RESET;
    tail->whole = !l->fin[0].missed && !l->fin[1].missed && !l->one_directional && !l->flags_only &&
                  !((f->side[0].bits | f->side[1].bits) & SIDE_GAP);
    for (int dir = 0; dir < 2; dir++) {
        const struct transition *entered = life_entered(l, dir, ST_TIME_WAIT);

        copy_side(tail, &f->side[dir], dir);
        tail->maybe_closed[dir] = life_may_have_closed_before(l, dir) &&
                                  (l->fin[!dir].known || life_may_have_closed_before(l, !dir));
        tail->state[dir] = l->machine[dir].state;
        tail->proven[dir] = l->machine[dir].proven;
        tail->held[dir] = entered != NULL;
        if (entered) {
            tail->time_wait_since[dir] = timers_time_wait_start(l, dir, entered, NULL);
            tail->killed[dir] = killer_of(l, dir, entered);
        }
    }
    arena_done(&arena);
    return tail;
}
