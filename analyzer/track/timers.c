/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/timers.h"

#include "track/life.h"

#include <string.h>

/* Linux starts 2MSL again with every segment, others with a copy of the FIN only (FreeBSD
 * tcp_twcheck). */
static bool restarts(const struct life *l, int dir, const struct step *s)
{
    const char *name = l->time_wait_name[dir];
    bool any = !name || strcmp(name, "linux") == 0 || strcmp(name, "auto") == 0 ||
               strcmp(name, "android") == 0;

    return any || (s->flags & TCP_FIN);
}

int64_t timers_time_wait_start(const struct life *l, int dir, const struct transition *entered,
                               unsigned *n_restarts)
{
    const struct fin *theirs = &l->fin[flow_peer(&l->c->flow, dir)];
    const struct machine *m = &l->machine[dir];
    int64_t start = entered->t, end = INT64_MAX;
    unsigned n = 0;

    for (unsigned i = 0; i < m->n; i++)
        if (&m->path[i] > entered && m->path[i].step >= 0) {
            end = m->path[i].t; /* a reset or a new SYN ended it */
            break;
        }
    if (theirs->acked_step >= 0 && l->step[theirs->acked_step]->t > start)
        start = l->step[theirs->acked_step]->t;
    for (size_t i = (size_t)(entered->step < 0 ? 0 : entered->step); i < l->n_steps; i++) {
        const struct step *s = l->step[i];

        if (s->kind != STEP_SEGMENT || s->dir == (unsigned)dir ||
            (s->flags & (TCP_RST | TCP_SYN)) || s->t <= start || s->t >= end ||
            !restarts(l, dir, s))
            continue;
        start = s->t;
        n++;
    }
    if (n_restarts)
        *n_restarts = n;
    return start;
}

static void leave_time_wait(struct life *l, int dir)
{
    struct machine *m = &l->machine[dir];
    int64_t end = timers_time_wait_start(l, dir, &m->path[m->n - 1], NULL) + l->time_wait[dir];

    if (end <= l->eoc)
        machine_apply(m, EV_TIMER, -1, end, false, NULL);
}

/* An end that does not repeat its second FIN got the ACK of it; one that repeated it to the end
 * gave up. */
static void leave_last_ack(struct life *l, int dir)
{
    struct machine *m = &l->machine[dir];
    const struct fin *fin = &l->fin[dir];
    int64_t last = l->step[fin->last_copy]->t;

    if (fin->missed)
        return;
    if (fin->copies == 0 && l->eoc - last >= l->ack_wait && !l->one_directional)
        machine_apply(m, EV_RCV_ACK_OF_FIN, -1, fin->t + l->rtt, false,
                      "rcv ACK of FIN (not captured)");
    else if (fin->copies > 0 && l->eoc - fin->t >= l->give_up)
        machine_apply(m, EV_TIMER, -1, fin->t + l->give_up, false, "gave up repeating the FIN");
}

void timers_run(struct life *l, int dir)
{
    struct machine *m = &l->machine[dir];

    if (m->state == ST_LAST_ACK || m->state == ST_CLOSING)
        leave_last_ack(l, dir);
    if (m->state == ST_TIME_WAIT && m->n)
        leave_time_wait(l, dir);
}
