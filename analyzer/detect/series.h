/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How many of something there were at each moment: counts at the grid points of a fixed grid
 * (multiples of 1 s x 2^k since the epoch). However long the capture, a series has at most
 * SERIES_POINTS points; k grows instead. Adding is exact, in any order, so series of parts of a
 * capture add up to the series of the whole. A series of events counts them by step instead, for
 * rates. */
#ifndef LASTACK_DETECT_SERIES_H
#define LASTACK_DETECT_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SERIES_POINTS = 4096 };

/* Most hosts are quiet most of the time: only points where something changed are kept. */
struct series_change {
    uint32_t at;    /* grid point, from 0 */
    int32_t change; /* of the count, or events in the step after it */
};

struct series {
    int64_t origin; /* index of the first point: time / step */
    unsigned k;     /* a step is 2^k seconds */
    bool events;    /* series_event() was used: counts by step, not changes */
    size_t n;       /* grid points from the first to the last in use */
    size_t n_changes, cap;
    struct series_change *change; /* in order of place; owned, NULL while empty */
};

/* Something lasted from `from` to `to` (ns, to excluded): it counts at the grid points in between.
 */
void series_add(struct series *s, int64_t from, int64_t to);
/* Something happened at t (ns). A series takes either durations or events. */
void series_event(struct series *s, int64_t t);
/* The counts at all points into count[s->n]; returns the greatest and sets *at to its time (ns). */
int64_t series_counts(const struct series *s, int64_t *count, int64_t *at);
/* Step in ns, and time of point i. */
int64_t series_step(const struct series *s);
int64_t series_time(const struct series *s, size_t i);
void series_done(struct series *s);

#endif
