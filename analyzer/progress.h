/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How far the reading is, on standard error, for whoever waits at a terminal. */
#ifndef LASTACK_PROGRESS_H
#define LASTACK_PROGRESS_H

#include "capture/input.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct progress {
    bool on, shown;
    uint64_t next; /* records at which the clock is asked again */
    struct timespec start, last;
};

/* quiet: show nothing. Nothing is shown either when standard error is no terminal. */
void progress_start(struct progress *p, bool quiet);
/* Call it often: so many records of the input were read. */
void progress_show(struct progress *p, const struct input *in, uint64_t records);
void progress_end(const struct progress *p);

#endif
