/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How far the reading is, on standard error, for whoever waits at a terminal. */
#ifndef LASTACK_PROGRESS_H
#define LASTACK_PROGRESS_H

#include "intake.h"

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
/* Call it often: so much of the input was read. */
void progress_show(struct progress *p, const struct intake_counts *read);
void progress_end(const struct progress *p);

#endif
