/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/dwell.h"

#include "base/ref.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/* Lower edges of the bins, ns; made once, with integers only, so that every machine has the same.
 */
static int64_t edge[DWELL_BINS + 1];

static void make_edges(void)
{
    int fraction = 10; /* so many bits, while there is room for them */
    int64_t e = 1000 << fraction;

    for (int i = 0; i <= DWELL_BINS; i++) {
        edge[i] = e >> fraction;
        if (e > INT64_MAX / 4) {
            e >>= fraction;
            fraction = 0;
        }
        e = e < INT64_MAX - e / 50 ? e + e / 50 : INT64_MAX;
    }
}

/* A number's length in bits and the five bits behind the first: so many classes that each holds two
 * bins at most, where the search for a bin begins. */
enum { CLASSES = 64 * 32 };

static uint16_t first_bin[CLASSES];

static unsigned class_of(uint64_t ns)
{
    unsigned bits = 63 - (unsigned)__builtin_clzll(ns | 32);

    return bits << 5 | (unsigned)(ns >> (bits - 5) & 31);
}

static void make_first_bins(void)
{
    unsigned c = 0;

    for (unsigned i = 0; i < DWELL_BINS; i++)
        for (; c <= class_of((uint64_t)edge[i + 1]) && c < CLASSES; c++)
            first_bin[c] = (uint16_t)i;
}

static int bin_of(int64_t ns)
{
    if (!edge[1]) {
        make_edges();
        make_first_bins();
    }
    int i = first_bin[class_of((uint64_t)ns)];
    while (i + 1 < DWELL_BINS && edge[i + 1] <= ns)
        i++;
    return i;
}

/* Keep counters for the bins between the least and the greatest that occur only. */
static void cover(struct dwell *d, unsigned bin)
{
    unsigned low = d->bin && d->low < bin ? d->low : bin;
    unsigned end = d->bin && d->low + d->bins > bin + 1 ? d->low + d->bins : bin + 1;

    if (d->bin && low == d->low && end == d->low + d->bins)
        return;
    uint32_t *wider = xcalloc(end - low, sizeof *wider);
    if (d->bin)
        memcpy(wider + (d->low - low), d->bin, d->bins * sizeof *wider);
    free(d->bin);
    d->bin = wider;
    d->low = low;
    d->bins = end - low;
}

static void count(struct dwell *d, unsigned bin)
{
    cover(d, bin);
    d->bin[bin - d->low]++;
}

/* Too many to be kept one by one. */
static void count_all(struct dwell *d)
{
    uint16_t *few = d->few;

    d->few = NULL;
    d->bins = 0;
    for (unsigned i = 0; i < DWELL_FEW; i++)
        count(d, few[i]);
    free(few);
}

static void keep_one(struct dwell *d, unsigned bin)
{
    if (d->n == d->bins) {
        d->bins = d->bins ? 2 * d->bins : 8;
        d->few = xreallocarray(d->few, d->bins, sizeof *d->few);
    }
    d->few[d->n] = (uint16_t)bin;
}

void dwell_add(struct dwell *d, int64_t ns)
{
    if (ns < 0)
        return;
    unsigned bin = (unsigned)bin_of(ns);
    if (d->n == DWELL_FEW)
        count_all(d);
    if (d->n < DWELL_FEW)
        keep_one(d, bin);
    else
        count(d, bin);
    d->n++;
    d->sum_ns += ns % NS_PER_S;
    d->sum_s += ns / NS_PER_S + d->sum_ns / NS_PER_S;
    d->sum_ns %= NS_PER_S;
    if (ns > d->max)
        d->max = ns;
}

int64_t dwell_mean(const struct dwell *d)
{
    int64_t n = (int64_t)d->n;

    return n ? d->sum_s / n * NS_PER_S + (d->sum_s % n * NS_PER_S + d->sum_ns) / n : 0;
}

static int by_bin(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* The bin of the duration that `rank` are not above, from 1. */
static unsigned bin_at(const struct dwell *d, uint64_t rank)
{
    uint64_t below = 0;
    unsigned i = 0;

    if (d->few) {
        uint16_t sorted[DWELL_FEW];

        memcpy(sorted, d->few, d->n * sizeof *sorted);
        qsort(sorted, d->n, sizeof *sorted, by_bin);
        return sorted[rank - 1];
    }
    while (i + 1 < d->bins && (below += d->bin[i]) < rank)
        i++;
    return d->low + i;
}

int64_t dwell_percentile(const struct dwell *d, unsigned percent)
{
    uint64_t rank = (d->n * percent + 99) / 100;

    if (!d->n)
        return 0;
    unsigned bin = bin_at(d, rank ? rank : 1);
    int64_t middle = edge[bin] + (edge[bin + 1] - edge[bin]) / 2;
    return middle < d->max ? middle : d->max;
}

uint64_t dwell_between(const struct dwell *d, int64_t from, int64_t to)
{
    unsigned low = (unsigned)bin_of(from), high = (unsigned)bin_of(to);
    uint64_t n = 0;

    for (uint64_t i = 0; d->few && i < d->n; i++)
        n += d->few[i] >= low && d->few[i] <= high;
    for (unsigned i = 0; d->bin && i < d->bins; i++)
        n += d->low + i >= low && d->low + i <= high ? d->bin[i] : 0;
    return n;
}

void dwell_done(struct dwell *d)
{
    free(d->few);
    free(d->bin);
    *d = (struct dwell){0};
}
