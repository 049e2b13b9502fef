/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Times in which a series of events has more than so many in a sliding window. */
#ifndef LASTACK_DETECT_STORM_EPISODES_H
#define LASTACK_DETECT_STORM_EPISODES_H

#include "detect/series.h"

struct episode {
    int64_t from, to; /* ns: of the first window above the limit, to the end of the last */
    int64_t peak;     /* begin of the window with most events, ns */
    int64_t most;     /* ... their number */
};

/* The next episode behind *e, which begins zeroed: runs of windows (ns) with at least `limit`
 * events that are less than a window apart. False when there is none. */
bool episode_next(const struct series *s, int64_t window, int64_t limit, struct episode *e);
/* Where there are enough windows to tell: the peak is 5 times the median of the windows in which
 * `all` has anything. */
bool episode_stands_out(const struct episode *e, const struct series *s, const struct series *all,
                        int64_t window);

#endif
