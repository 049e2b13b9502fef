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

    for (size_t i = 0; i < s->n_changes; i++) {
        int64_t index = s->origin + s->change[i].at;
        uint32_t to = (uint32_t)((s->events ? index / 2 : ceil_div(index, 2)) - origin);
        int32_t change = s->change[i].change;

        if (n && s->change[n - 1].at == to)
            s->change[n - 1].change += change;
        else
            s->change[n++] = (struct series_change){.at = to, .change = change};
    }
    int64_t last = s->origin + (int64_t)s->n - 1;
    s->n = (size_t)((s->events ? last / 2 : ceil_div(last, 2)) - origin) + 1;
    s->n_changes = n;
    s->origin = origin;
    s->k++;
}

/* Make the grid reach the index; false when it would get too many points. */
static bool reach(struct series *s, int64_t index)
{
    int64_t first = s->origin, last = s->origin + (int64_t)s->n - 1;

    if (!s->n)
        first = last = index;
    first = index < first ? index : first;
    last = index > last ? index : last;
    if (last - first >= SERIES_POINTS)
        return false;
    if (first < s->origin) /* not often: connections come in order of time */
        for (size_t i = 0; i < s->n_changes; i++)
            s->change[i].at += (uint32_t)(s->origin - first);
    s->origin = first;
    s->n = (size_t)(last - first) + 1;
    return true;
}

/* Add to the change at a grid point. */
static void add(struct series *s, uint32_t at, int32_t change)
{
    size_t low = 0, high = s->n_changes;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->change[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < s->n_changes && s->change[low].at == at) {
        s->change[low].change += change;
        return;
    }
    if (s->n_changes == s->cap) {
        s->cap = s->cap ? s->cap + s->cap / 2 : 8;
        s->change = xreallocarray(s->change, s->cap, sizeof *s->change);
    }
    memmove(s->change + low + 1, s->change + low, (s->n_changes - low) * sizeof *s->change);
    s->change[low] = (struct series_change){.at = at, .change = change};
    s->n_changes++;
}

/* A change at the grid point at or after t (of events: before it); the resolution halves when there
 * are too many points. */
static void change_at(struct series *s, int64_t t, int32_t change)
{
    for (;;) {
        int64_t index = s->events ? t / series_step(s) : ceil_div(t, series_step(s));

        if (reach(s, index)) {
            add(s, (uint32_t)(index - s->origin), change);
            return;
        }
        coarsen(s);
    }
}

void series_add(struct series *s, int64_t from, int64_t to)
{
    if (to <= from || from < 0)
        return;
    change_at(s, from, 1);
    change_at(s, to, -1);
}

void series_event(struct series *s, int64_t t)
{
    s->events = true;
    change_at(s, t, 1);
}

int64_t series_counts(const struct series *s, int64_t *count, int64_t *at)
{
    int64_t now = 0, most = 0;
    size_t next = 0;

    *at = s->n ? series_time(s, 0) : 0;
    for (size_t i = 0; i < s->n; i++) {
        int32_t change = 0;

        if (next < s->n_changes && s->change[next].at == i)
            change = s->change[next++].change;
        now = s->events ? change : now + change;
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
