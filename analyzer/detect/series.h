/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How many of something there were at each second since the epoch, or how many events fell into
 * each. Only seconds in which something changed take room, so the peak is exact however long the
 * capture. Adding is exact, in any order, so series of parts of a capture add up to the series of
 * the whole. What is shown is a grid of 1 s x 2^k that is coarse enough for its reader. */
#ifndef LASTACK_DETECT_SERIES_H
#define LASTACK_DETECT_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SERIES_POINTS = 1 << 17, /* of one series: with more changes its own step doubles */
    SERIES_SHOWN = 4096      /* points of a grid that are ever shown */
};

/* A change of the count, or a number of events. */
struct series_point {
    int32_t at; /* step, counted from the origin */
    int32_t change;
};

struct series {
    int64_t origin; /* steps since the epoch */
    unsigned k;     /* a step is 2^k seconds: 0 but for very many points */
    bool events;    /* series_event() was used: counts by step, not changes */
    size_t n, cap;
    struct series_point *point; /* n of them ascending; owned */
    size_t fresh;               /* that came since, behind them, in any order */
};

/* Something lasted from `from` to `to` (ns, to excluded): it counts at the grid points in between.
 */
void series_add(struct series *s, int64_t from, int64_t to);
/* Take back something that was added: all of it, or a part. */
void series_take_back(struct series *s, int64_t from, int64_t to);
/* Something happened at t (ns). A series takes either durations or events. */
void series_event(struct series *s, int64_t t);
/* Add all that was added to another series of the same sort. */
void series_merge(struct series *s, const struct series *other);
/* Tell the processor that something will be added. */
static inline void series_fetch(const struct series *s)
{
    if (s->point)
        __builtin_prefetch(s->point + s->n + s->fresh, 1);
}

/* Put everything in order that was added. What is read below is what was settled last. */
void series_settle(struct series *s);
/* The greatest count, or most events in a step; *at: its time (ns), the first when there are
 * several. */
int64_t series_peak(const struct series *s, int64_t *at);
/* Of events: how many between two times (to excluded), and in all. */
int64_t series_between(const struct series *s, int64_t from, int64_t to);
int64_t series_total(const struct series *s);
/* Step in ns, and the time of a point. */
int64_t series_step(const struct series *s);
int64_t series_time(const struct series *s, const struct series_point *p);
void series_done(struct series *s);

/* Equidistant points that cover a series. */
struct series_grid {
    int64_t start, step; /* ns */
    size_t n;
};

/* The finest grid of at most `most` points, aligned to the epoch. */
struct series_grid series_grid(const struct series *s, size_t most);
/* The counts at its points into count[grid->n]; of events: in the step after each. */
void series_sample(const struct series *s, const struct series_grid *grid, int64_t *count);
/* Into high[width] the greatest count within each of `width` equal parts of the time from `from` to
 * `to` (ns, whole seconds, to excluded). */
void series_outline(const struct series *s, int64_t from, int64_t to, size_t width, int64_t *high);

#endif
