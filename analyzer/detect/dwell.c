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

/* Divides only where there is no room for the sum. */
static void add_to_sum(struct dwell *d, int64_t ns)
{
    if (ns > INT64_MAX - d->sum_ns) {
        d->sum_s += d->sum_ns / NS_PER_S + ns / NS_PER_S;
        d->sum_ns %= NS_PER_S;
        ns %= NS_PER_S;
    }
    d->sum_ns += ns;
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
    if (ns > d->max)
        d->max = ns;
    add_to_sum(d, ns);
}

int64_t dwell_mean(const struct dwell *d)
{
    int64_t n = (int64_t)d->n, s = d->sum_s + d->sum_ns / NS_PER_S, ns = d->sum_ns % NS_PER_S;

    return n ? s / n * NS_PER_S + (s % n * NS_PER_S + ns) / n : 0;
}

static int64_t duration_of(const struct dwell *d, unsigned bin)
{
    int64_t middle = edge[bin] + (edge[bin + 1] - edge[bin]) / 2;

    return middle < d->max ? middle : d->max;
}

/* How many durations are not above `percent` of all. */
static uint64_t rank_of(const struct dwell *d, unsigned percent)
{
    uint64_t rank = (d->n * percent + 99) / 100;

    return rank ? rank : 1;
}

/* The first durations, counted as the many are: bins from *low on in `bin`; returns their number.
 */
static unsigned count_few(const struct dwell *d, uint32_t bin[DWELL_BINS], unsigned *low)
{
    unsigned high = d->few[0];

    *low = high;
    for (uint64_t i = 1; i < d->n; i++) {
        *low = d->few[i] < *low ? d->few[i] : *low;
        high = d->few[i] > high ? d->few[i] : high;
    }
    memset(bin, 0, (high - *low + 1) * sizeof *bin);
    for (uint64_t i = 0; i < d->n; i++)
        bin[d->few[i] - *low]++;
    return high - *low + 1;
}

void dwell_percentiles(const struct dwell *d, size_t n, const unsigned *percent, int64_t *out)
{
    uint32_t few[DWELL_BINS];
    const uint32_t *count = d->few ? few : d->bin;
    unsigned low = d->low, bins = d->few ? count_few(d, few, &low) : d->bins, bin = 0;
    uint64_t below = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t rank = rank_of(d, percent[i]);

        for (; bin + 1 < bins && below + count[bin] < rank; bin++)
            below += count[bin];
        out[i] = d->n ? duration_of(d, low + bin) : 0;
    }
}

int64_t dwell_percentile(const struct dwell *d, unsigned percent)
{
    int64_t out;

    dwell_percentiles(d, 1, &percent, &out);
    return out;
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
