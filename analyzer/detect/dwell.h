/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How long something lasted, as a histogram of fixed logarithmic bins (factor 1.02: a percentile is
 * wrong by 1 % at most). Histograms add up exactly. */
#ifndef LASTACK_DETECT_DWELL_H
#define LASTACK_DETECT_DWELL_H

#include <stdint.h>

enum { DWELL_BINS = 1400 }; /* 1 us to more than a week */

struct dwell {
    uint64_t n;
    int64_t sum, max; /* ns */
    uint32_t *bin;    /* of the bins from `low` on; owned; NULL while empty */
    unsigned low, bins;
};

void dwell_add(struct dwell *d, int64_t ns);
/* The duration below which `percent` of all lie, ns; 0 when there are none. */
int64_t dwell_percentile(const struct dwell *d, unsigned percent);
void dwell_done(struct dwell *d);

#endif
