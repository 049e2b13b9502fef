/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/storm_episodes.h"

#include "base/ref.h"
#include "base/xalloc.h"

#include <stdlib.h>

enum { WINDOWS_LEAST = 6, WINDOWS_MOST = 1 << 16, TIMES_MEDIAN = 5 };

bool episode_next(const struct series *s, int64_t window, int64_t limit, struct episode *e)
{
    int64_t sum = 0, after = e->to;
    size_t oldest = 0;
    bool found = false;

    for (size_t i = 0; i < s->n; i++) {
        int64_t end = series_time(s, &s->point[i]) + series_step(s), begin = end - window;

        sum += s->point[i].change;
        while (series_time(s, &s->point[oldest]) < begin)
            sum -= s->point[oldest++].change;
        if (found && end - e->to > window)
            return true;
        if (sum < limit || begin < after)
            continue;
        if (!found)
            *e = (struct episode){.from = series_time(s, &s->point[oldest])};
        found = true;
        e->to = end;
        if (sum > e->most) {
            e->most = sum;
            e->peak = series_time(s, &s->point[oldest]);
        }
    }
    return found;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

bool episode_stands_out(const struct episode *e, const struct series *s, const struct series *all,
                        int64_t window)
{
    int64_t first = all->n ? series_time(all, &all->point[0]) : 0;
    int64_t last = all->n ? series_time(all, &all->point[all->n - 1]) : 0;
    int64_t n = window > 0 ? (last - first) / window + 1 : 0;

    if (n < WINDOWS_LEAST || n > WINDOWS_MOST)
        return true;
    int64_t *count = xcalloc((size_t)n, sizeof *count);
    for (size_t i = 0; i < s->n; i++) {
        int64_t at = (series_time(s, &s->point[i]) - first) / window;

        if (at >= 0 && at < n)
            count[at] += s->point[i].change;
    }
    qsort(count, (size_t)n, sizeof *count, by_number);
    int64_t median = count[n / 2];
    free(count);
    return e->most >= TIMES_MEDIAN * median;
}
