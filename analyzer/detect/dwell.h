/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How long something lasted, as a histogram of fixed logarithmic bins (factor 1.02: a percentile is
 * wrong by 1 % at most). Histograms add up exactly. */
#ifndef LASTACK_DETECT_DWELL_H
#define LASTACK_DETECT_DWELL_H

#include <stddef.h>
#include <stdint.h>

enum { DWELL_BINS = 1860 }; /* 1 us to three centuries: longer than any capture is */

enum { DWELL_FEW = 512 };

struct dwell {
    uint64_t n;
    int64_t sum_s, sum_ns; /* the sum: whole seconds, and ns for what came since (dwell_add) */
    int64_t max;           /* ns */
    uint16_t *few;         /* the bins of the first DWELL_FEW durations, as they came: most hosts
                              have no more; owned; NULL while empty and once there are more: */
    uint32_t *bin;         /* counts of the bins from `low` on; owned */
    unsigned low, bins;    /* bins: of bin, or room at few */
};

void dwell_add(struct dwell *d, int64_t ns);
/* ns; 0 when there are none. */
int64_t dwell_mean(const struct dwell *d);
/* The duration below which `percent` of all lie, ns; 0 when there are none. */
int64_t dwell_percentile(const struct dwell *d, unsigned percent);
/* The same for n of them, ascending. */
void dwell_percentiles(const struct dwell *d, size_t n, const unsigned *percent, int64_t *out);
/* How many lasted between two times, as far as the bins can tell. */
uint64_t dwell_between(const struct dwell *d, int64_t from, int64_t to);
void dwell_done(struct dwell *d);

#endif
