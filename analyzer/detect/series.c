/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/series.h"

#include "base/ref.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

int64_t series_step(const struct series *s)
{
    return NS_PER_S << s->k;
}

int64_t series_time(const struct series *s, size_t i)
{
    return (s->origin + (int64_t)i) * series_step(s);
}

static int64_t ceil_div(int64_t a, int64_t b)
{
    return a / b + (a % b > 0);
}

/* Halve the resolution: a change at point i is seen at the next point that is left. */
static void coarsen(struct series *s)
{
    int64_t origin = s->events ? s->origin / 2 : ceil_div(s->origin, 2);
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        int64_t index = s->origin + (int64_t)i;
        size_t to = (size_t)((s->events ? index / 2 : ceil_div(index, 2)) - origin);
        int32_t change = s->change[i];

        if (to >= n) {
            s->change[to] = 0;
            n = to + 1;
        }
        s->change[to] += change;
    }
    s->origin = origin;
    s->n = n;
    s->k++;
}

static void reserve(struct series *s, size_t n)
{
    if (n <= s->cap)
        return;
    s->cap = s->cap ? s->cap * 2 : 16;
    if (s->cap < n)
        s->cap = n;
    s->change = xreallocarray(s->change, s->cap, sizeof *s->change);
}

/* The place of the grid point at or after t (of events: before it); the resolution halves when
 * there are too many. */
static size_t point(struct series *s, int64_t t)
{
    if (!s->change) {
        reserve(s, 1);
        s->origin = s->events ? t / series_step(s) : ceil_div(t, series_step(s));
        s->change[0] = 0;
        s->n = 1;
    }
    for (;;) {
        int64_t index = s->events ? t / series_step(s) : ceil_div(t, series_step(s)),
                first = index < s->origin ? index : s->origin;
        int64_t last = s->origin + (int64_t)s->n - 1;

        last = index > last ? index : last;
        if (last - first >= SERIES_POINTS) {
            coarsen(s);
            continue;
        }
        if (first < s->origin) {
            size_t shift = (size_t)(s->origin - first);
            reserve(s, s->n + shift);
            memmove(s->change + shift, s->change, s->n * sizeof *s->change);
            memset(s->change, 0, shift * sizeof *s->change);
            s->n += shift;
            s->origin = first;
        }
        reserve(s, (size_t)(last - s->origin) + 1);
        for (; (int64_t)s->n <= last - s->origin; s->n++)
            s->change[s->n] = 0;
        return (size_t)(index - s->origin);
    }
}

void series_add(struct series *s, int64_t from, int64_t to)
{
    if (to <= from || from < 0)
        return;
    size_t i = point(s, from); /* makes the array when there is none */
    s->change[i]++;
    i = point(s, to);
    s->change[i]--;
}

void series_event(struct series *s, int64_t t)
{
    s->events = true;
    size_t i = point(s, t);
    s->change[i]++;
}

int64_t series_counts(const struct series *s, int64_t *count, int64_t *at)
{
    int64_t now = 0, most = 0;

    *at = s->n ? series_time(s, 0) : 0;
    for (size_t i = 0; i < s->n; i++) {
        now = s->events ? s->change[i] : now + s->change[i];
        if (count)
            count[i] = now;
        if (now > most) {
            most = now;
            *at = series_time(s, i);
        }
    }
    return most;
}

void series_done(struct series *s)
{
    free(s->change);
    *s = (struct series){0};
}
