/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/series.h"

#include "base/ref.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t ceil_div(int64_t a, int64_t b)
{
    return a / b + (a % b > 0);
}

int64_t series_step(const struct series *s)
{
    return NS_PER_S << s->k;
}

int64_t series_time(const struct series *s, const struct series_point *p)
{
    return (s->origin + p->at) * series_step(s);
}

/* --- adding ----------------------------------------------------------------------------------- */

/* The step of twice the length that takes over what changed at a step: of counts the one at whose
 * begin the change is seen. */
static int64_t half(const struct series *s, int64_t step)
{
    return s->events ? floor_div(step, 2) : ceil_div(step, 2);
}

static void coarsen(struct series *s)
{
    int64_t origin = floor_div(s->origin, 2);
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        int32_t at = (int32_t)(half(s, s->origin + s->point[i].at) - origin);

        if (n && s->point[n - 1].at == at)
            s->point[n - 1].change += s->point[i].change;
        else
            s->point[n++] = (struct series_point){.at = at, .change = s->point[i].change};
    }
    s->origin = origin;
    s->n = n;
    s->k++;
}

/* Clocks that are decades apart are nonsense: they meet at the end of what an index can hold. */
static int32_t place_of(const struct series *s, int64_t step)
{
    int64_t at = step - s->origin;

    return at > INT32_MAX ? INT32_MAX : at < INT32_MIN ? INT32_MIN : (int32_t)at;
}

static int by_place(const void *a, const void *b)
{
    const struct series_point *p = a, *q = b;

    return p->at < q->at ? -1 : p->at > q->at;
}

/* Points that are few and nearly in order. */
static void sort_by_insertion(struct series_point *p, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct series_point point = p[i];
        size_t j = i;

        for (; j > 0 && p[j - 1].at > point.at; j--)
            p[j] = p[j - 1];
        p[j] = point;
    }
}

enum { CELLS = 2048 };

/* Points that are less than CELLS apart: each place has its cell, in which those at the same place
 * become one. Returns how many there are then. */
static size_t sort_by_counting(struct series_point *p, size_t n, int32_t low, int32_t high)
{
    struct {
        int32_t change;
        bool used;
    } cell[CELLS];
    size_t cells = (size_t)(high - low) + 1, to = 0;

    memset(cell, 0, cells * sizeof *cell);
    for (size_t i = 0; i < n; i++) {
        cell[p[i].at - low].change += p[i].change;
        cell[p[i].at - low].used = true;
    }
    for (size_t i = 0; i < cells; i++)
        if (cell[i].used)
            p[to++] = (struct series_point){.at = low + (int32_t)i, .change = cell[i].change};
    return to;
}

/* Put n points in order; returns how many are left. */
static size_t sort(struct series_point *p, size_t n)
{
    enum { FEW = 32 };
    int32_t low = INT32_MAX, high = INT32_MIN;

    if (n <= FEW) {
        sort_by_insertion(p, n);
        return n;
    }
    for (size_t i = 0; i < n; i++) {
        low = p[i].at < low ? p[i].at : low;
        high = p[i].at > high ? p[i].at : high;
    }
    if ((int64_t)high - low < CELLS)
        return sort_by_counting(p, n, low, high);
    qsort(p, n, sizeof *p, by_place);
    return n;
}

/* Merge two ascending lists; those at the same place become one. Returns how many there are. */
static size_t merge(struct series_point *to, const struct series_point *a, size_t n_a,
                    const struct series_point *b, size_t n_b)
{
    size_t n = 0;

    while (n_a || n_b) {
        bool from_a = n_a && (!n_b || a->at <= b->at);
        struct series_point next = from_a ? *a++ : *b++;

        n_a -= from_a;
        n_b -= !from_a;
        if (n && to[n - 1].at == next.at)
            to[n - 1].change += next.change;
        else
            to[n++] = next;
    }
    return n;
}

/* Put the fresh ones in their places, in room for `cap`. */
static void settle(struct series *s, size_t cap)
{
    struct series_point *old = s->point, *fresh = old ? old + s->n : NULL,
                        *to = xreallocarray(NULL, cap, sizeof *to);

    s->n = merge(to, old, s->n, fresh, sort(fresh, s->fresh));
    s->fresh = 0;
    s->point = to;
    s->cap = cap;
    free(old);
}

void series_settle(struct series *s)
{
    if (s->fresh)
        settle(s, s->cap);
    while (s->n > SERIES_POINTS)
        coarsen(s);
}

/* Room for a quarter of it again at least, so that what is added waits behind the others and
 * costs the same whatever its time. Returns the step, which may have doubled. */
static int64_t make_room(struct series *s, int64_t step)
{
    unsigned k = s->k;

    if (s->fresh || !s->cap)
        settle(s, s->cap ? s->cap : 4);
    while (s->n > SERIES_POINTS)
        coarsen(s);
    if (s->n >= s->cap - s->cap / 4) {
        s->cap += s->cap / 2;
        s->point = xreallocarray(s->point, s->cap, sizeof *s->point);
    }
    for (; k < s->k; k++)
        step = half(s, step);
    return step;
}

static void change(struct series *s, int64_t step, int32_t by)
{
    size_t n = s->n + s->fresh;

    if (!n)
        s->origin = step;
    int32_t at = place_of(s, step);
    if (n && s->point[n - 1].at == at) {
        s->point[n - 1].change += by;
        return;
    }
    if (n == s->cap) {
        at = place_of(s, make_room(s, step));
        n = s->n;
    }
    bool in_order = !s->fresh && (!n || s->point[n - 1].at < at);
    s->point[n] = (struct series_point){.at = at, .change = by};
    s->n += in_order;
    s->fresh += !in_order;
}

static void add(struct series *s, int64_t from, int64_t to, int32_t sign)
{
    int64_t first = ceil_div(from, series_step(s)), behind = ceil_div(to, series_step(s));

    if (first >= behind)
        return; /* between two grid points nobody counts it */
    change(s, first, sign);
    change(s, ceil_div(to, series_step(s)), -sign); /* the step may have doubled */
}

void series_add(struct series *s, int64_t from, int64_t to)
{
    add(s, from, to, 1);
}

void series_take_back(struct series *s, int64_t from, int64_t to)
{
    add(s, from, to, -1);
}

void series_event(struct series *s, int64_t t)
{
    s->events = true;
    change(s, floor_div(t, series_step(s)), 1);
}

void series_merge(struct series *s, const struct series *other)
{
    s->events |= other->events;
    series_settle(s);
    while (s->k < other->k)
        coarsen(s);
    for (size_t i = 0; i < other->n + other->fresh; i++) {
        int64_t step = other->origin + other->point[i].at;

        for (unsigned k = other->k; k < s->k; k++)
            step = half(s, step);
        change(s, step, other->point[i].change);
    }
}

void series_done(struct series *s)
{
    free(s->point);
    *s = (struct series){0};
}

/* --- reading ---------------------------------------------------------------------------------- */

int64_t series_peak(const struct series *s, int64_t *at)
{
    int64_t now = 0, most = 0;

    *at = s->n ? series_time(s, &s->point[0]) : 0;
    for (size_t i = 0; i < s->n; i++) {
        now = (s->events ? 0 : now) + s->point[i].change;
        if (now > most) {
            most = now;
            *at = series_time(s, &s->point[i]);
        }
    }
    return most;
}

int64_t series_between(const struct series *s, int64_t from, int64_t to)
{
    int64_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        int64_t t = series_time(s, &s->point[i]);

        n += t >= from && t < to ? s->point[i].change : 0;
    }
    return n;
}

int64_t series_total(const struct series *s)
{
    return series_between(s, INT64_MIN, INT64_MAX);
}

struct series_grid series_grid(const struct series *s, size_t most)
{
    struct series_grid g = {.step = series_step(s)};

    if (!s->n)
        return g;
    int64_t first = s->origin + s->point[0].at, last = s->origin + s->point[s->n - 1].at;
    while (last - first >= (int64_t)most) {
        first = floor_div(first, 2);
        last = half(s, last);
        g.step *= 2;
    }
    g.start = first * g.step;
    g.n = (size_t)(last - first) + 1;
    return g;
}

void series_sample(const struct series *s, const struct series_grid *grid, int64_t *count)
{
    int64_t now = 0;
    size_t i = 0;

    for (size_t column = 0; column < grid->n; column++) {
        int64_t t = grid->start + (int64_t)column * grid->step;
        int64_t until = s->events ? t + grid->step : t + 1;

        now = s->events ? 0 : now;
        for (; i < s->n && series_time(s, &s->point[i]) < until; i++)
            now += s->point[i].change;
        count[column] = now;
    }
}

void series_outline(const struct series *s, int64_t from, int64_t to, size_t width, int64_t *high)
{
    int64_t now = 0, columns = (int64_t)width, length = (to - from) / NS_PER_S;

    memset(high, 0, width * sizeof *high);
    for (size_t i = 0; i < s->n && length > 0; i++) {
        int64_t begin = (series_time(s, &s->point[i]) - from) / NS_PER_S;
        int64_t end = !s->events && i + 1 < s->n
                          ? (series_time(s, &s->point[i + 1]) - from) / NS_PER_S
                          : begin + 1;

        now = (s->events ? 0 : now) + s->point[i].change;
        begin = begin < 0 ? 0 : begin;
        end = end > length ? length : end;
        for (int64_t column = begin * columns / length;
             begin < end && column * length < end * columns; column++)
            high[column] = now > high[column] ? now : high[column];
    }
}
