/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The capture over time, in bins that grow with it: how many connections were opened, FINs and RSTs
 * sent, and how many ends were in each state that lasts. For plots; what rules count is in
 * detect/series.h. Bins are aligned to the epoch, and no wider than the span of what is in them
 * asks for, so the result does not depend on the order in which connections come. */
#ifndef LASTACK_REPORT_TIMELINE_H
#define LASTACK_REPORT_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum timeline_track {
    TRACK_OPENED, /* connections whose opening is in the capture, at their first packet */
    TRACK_FIN,    /* first copies */
    TRACK_RST,
    TRACK_ESTABLISHED, /* this and the following: ends in the state, at the start of a bin */
    TRACK_TIME_WAIT,
    TRACK_CLOSE_WAIT,
    TRACK_FIN_WAIT_2,
    TRACK_LAST_ACK,
    TRACKS
};

enum { TIMELINE_BINS = 4096 };

struct timeline {
    bool any;
    unsigned k;                         /* a bin is 1 us x 2^k */
    int64_t first;                      /* bins of that width from the epoch to bin[..][0] */
    size_t n;                           /* bins in use */
    int32_t bin[TRACKS][TIMELINE_BINS]; /* events; of states: changes against the bin before */
};

struct model_connection;

/* Count a connection; strays are not counted. */
void timeline_add(struct timeline *t, const struct model_connection *c);
int64_t timeline_step(const struct timeline *t);  /* width of a bin, ns */
int64_t timeline_start(const struct timeline *t); /* of the first bin, ns since the epoch */
/* Into value[n], for n equal parts of the time from `from` to `to` (ns): events in the part, the
 * greatest number of ends in the state. Parts should not be narrower than bins. Returns the
 * greatest of them. */
int64_t timeline_sample(const struct timeline *t, enum timeline_track track, int64_t from,
                        int64_t to, size_t n, int64_t *value);
const char *timeline_track_name(enum timeline_track track); /* "TIME_WAIT", "RST" */

#endif
