/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Everything that is known over many connections: hosts and their populations, storms, doubts about
 * the capture. Each judged connection is added once; the findings are made at the end. Memory is
 * bounded whatever the capture's length. */
#ifndef LASTACK_DETECT_ACROSS_H
#define LASTACK_DETECT_ACROSS_H

#include "detect/capture_wide.h"
#include "detect/facts.h"
#include "detect/host.h"
#include "detect/pair.h"
#include "detect/middlebox.h"
#include "detect/storm.h"
#include "detect/twins.h"
#include "detect/what_if.h"

enum { ACROSS_BATCH = 16 };

struct across {
    struct facts waiting[ACROSS_BATCH]; /* that are not counted in the tables yet */
    size_t n_waiting;
    struct arena stays; /* of these */
    struct capture_wide wide;
    struct host_table hosts;
    struct storms storms;
    struct boxes boxes;
    struct pairs pairs;
    struct what_if what_if;
    struct twins twins;
};

/* f is copied. */
void across_add(struct across *a, const struct facts *f);
/* Put everything in order that was added: needed before anything is read, here or in the parts. */
void across_settle(struct across *a);
/* The findings, worst first, in the arena; *n is set to their number. */
struct cross_finding *across_finish(const struct across *a, const struct input *input,
                                    const struct settings *settings, struct arena *arena,
                                    size_t *n);
/* How often something found no place in a table that was full: what is told is less than all. */
uint64_t across_omitted(const struct across *a);
void across_free(struct across *a);

#endif
