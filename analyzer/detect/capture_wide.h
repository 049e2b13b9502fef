/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Doubts about the capture as a whole, which no single connection can show: Q1 capture-gap, where
 * the files say that packets were lost, or many connections lack some; Q3 clock-step and Q7
 * flags-only-capture. Counts only, so that the results of parts of a capture add up. */
#ifndef LASTACK_DETECT_CAPTURE_WIDE_H
#define LASTACK_DETECT_CAPTURE_WIDE_H

#include "detect/facts.h"

enum { CROSS_MEMBERS = 16, CROSS_SUPERSEDES = 4, CAPTURE_WIDE_FINDINGS = 3 };

/* A finding over several connections. */
struct cross_finding {
    struct finding finding;
    const char *key;
    struct addr blame;                            /* valid when finding.blame is an end */
    uint64_t member[CROSS_MEMBERS];               /* streams, ascending; the lowest ones */
    size_t n_named;                               /* members in that list */
    uint64_t n_members;                           /* all of them counted */
    struct ref first, peak, last;                 /* packet 0: does not apply */
    enum finding_id supersedes[CROSS_SUPERSEDES]; /* ids of members' findings that it explains */
    size_t n_supersedes;
};

/* Put a stream into an ascending list of n that keeps the lowest CROSS_MEMBERS. */
void cross_member(uint64_t member[CROSS_MEMBERS], size_t n, uint64_t stream);

struct capture_wide {
    uint64_t connections, segments, plain, flags_only;
    uint64_t clock_member[CROSS_MEMBERS], flags_member[CROSS_MEMBERS], gap_member[CROSS_MEMBERS];
    uint64_t n_clock, n_gaps;
};

/* Take a judged connection that is no stray into account. */
void capture_wide_add(struct capture_wide *w, const struct facts *f);
/* By how much less sure everything is because of this finding over connections: 1, or 0.6 when it
 * says that the capture misses packets (close-semantics 0.6, 1.7). */
double capture_wide_factor(const struct finding *f);
/* The findings over the whole capture, in the arena; returns their number. */
size_t capture_wide_finish(const struct capture_wide *w, const struct input *input,
                           struct arena *arena, struct cross_finding out[CAPTURE_WIDE_FINDINGS]);

#endif
