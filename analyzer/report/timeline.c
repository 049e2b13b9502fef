/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/timeline.h"

#include "detect/facts.h"
#include "report/model.h"

#include <string.h>

static const int64_t finest = 1000; /* ns */

static const char *const names[TRACKS] = {
    [TRACK_OPENED] = "opened",
    [TRACK_FIN] = "FIN",
    [TRACK_RST] = "RST",
    [TRACK_ESTABLISHED] = "ESTABLISHED",
    [TRACK_TIME_WAIT] = "TIME_WAIT",
    [TRACK_CLOSE_WAIT] = "CLOSE_WAIT",
    [TRACK_FIN_WAIT_2] = "FIN_WAIT_2",
    [TRACK_LAST_ACK] = "LAST_ACK",
};

const char *timeline_track_name(enum timeline_track track)
{
    return names[track];
}

int64_t timeline_step(const struct timeline *t)
{
    return finest << t->k;
}

int64_t timeline_start(const struct timeline *t)
{
    return t->first * timeline_step(t);
}

/* --- adding ----------------------------------------------------------------------------------- */

/* Bins of twice the width. */
static void coarsen(struct timeline *t)
{
    int64_t first = t->first / 2;

    for (int k = 0; k < TRACKS; k++) {
        int32_t *bin = t->bin[k];

        for (size_t i = 0; i < t->n; i++) {
            int32_t value = bin[i];

            bin[i] = 0;
            bin[(size_t)((t->first + (int64_t)i) / 2 - first)] += value;
        }
    }
    t->n = t->n ? (size_t)((t->first + (int64_t)t->n - 1) / 2 - first) + 1 : 0;
    t->first = first;
    t->k++;
}

/* The bin at time ns, which are not before the epoch; bins grow until there is one. */
static size_t place(struct timeline *t, int64_t time)
{
    int64_t i = time / timeline_step(t);

    if (!t->any) {
        t->any = true;
        t->first = i;
    }
    while ((i > t->first ? i - t->first : t->first + (int64_t)t->n - 1 - i) >= TIMELINE_BINS) {
        coarsen(t);
        i = time / timeline_step(t);
    }
    if (i < t->first) { /* make room before */
        size_t by = (size_t)(t->first - i);

        for (int k = 0; k < TRACKS; k++) {
            memmove(t->bin[k] + by, t->bin[k], t->n * sizeof t->bin[k][0]);
            memset(t->bin[k], 0, by * sizeof t->bin[k][0]);
        }
        t->first = i;
        t->n += by;
    }
    size_t at = (size_t)(i - t->first);
    if (at >= t->n)
        t->n = at + 1;
    return at;
}

static void count(struct timeline *t, enum timeline_track track, int64_t time, int32_t n)
{
    size_t at = place(t, time > 0 ? time : 0);

    t->bin[track][at] += n;
}

static void count_stay(struct timeline *t, const struct fact_stay *s)
{
    static const struct {
        enum tcp_state state;
        enum timeline_track track;
    } rows[] = {
        {ST_ESTABLISHED, TRACK_ESTABLISHED}, {ST_TIME_WAIT, TRACK_TIME_WAIT},
        {ST_CLOSE_WAIT, TRACK_CLOSE_WAIT},   {ST_FIN_WAIT_2, TRACK_FIN_WAIT_2},
        {ST_LAST_ACK, TRACK_LAST_ACK},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].state == s->state && s->to > s->from) {
            count(t, rows[i].track, s->from, 1);
            count(t, rows[i].track, s->to, -1);
        }
    }
}

void timeline_add(struct timeline *t, const struct model_connection *c)
{
    if (c->close == CLOSE_STRAY)
        return;
    if (c->handshake != HANDSHAKE_NOT_CAPTURED)
        count(t, TRACK_OPENED, c->first.t, 1);
    for (enum end e = END_CLIENT; e <= END_SERVER; e++) {
        const struct model_endpoint *end = &c->end[e];

        if (end->fin_seen)
            count(t, TRACK_FIN, end->fin.t, 1);
        for (size_t i = 0; i < end->n_rsts; i++)
            count(t, TRACK_RST, end->rsts[i].at.t, 1);
        for (size_t i = 0; i < c->facts->end[e].n_stays; i++)
            count_stay(t, &c->facts->end[e].stays[i]);
    }
}

/* --- reading ---------------------------------------------------------------------------------- */

int64_t timeline_sample(const struct timeline *t, enum timeline_track track, int64_t from,
                        int64_t to, size_t n, int64_t *value)
{
    int64_t step = timeline_step(t), start = timeline_start(t), level = 0, most = 0;
    bool events = track < TRACK_ESTABLISHED;

    memset(value, 0, n * sizeof *value);
    if (to <= from || !n)
        return 0;
    for (size_t i = 0; i <= t->n; i++) { /* the bin behind the last one is empty */
        int64_t here = i < t->n ? t->bin[track][i] : 0, t0 = start + (int64_t)i * step;

        level += here;
        int64_t shown = events ? here : level;
        if (!shown || t0 + step <= from || t0 >= to)
            continue;
        /* events count in the part where their bin begins, states in all that it touches */
        int64_t a =
            t0 > from ? (int64_t)((double)(t0 - from) / (double)(to - from) * (double)n) : 0;
        int64_t b = (int64_t)((double)(t0 + step - 1 - from) / (double)(to - from) * (double)n);
        int64_t last = events ? a : b < (int64_t)n ? b : (int64_t)n - 1;

        for (int64_t k = a; k <= last && k < (int64_t)n; k++) {
            value[k] = events ? value[k] + shown : value[k] > shown ? value[k] : shown;
            most = value[k] > most ? value[k] : most;
        }
    }
    return most;
}
