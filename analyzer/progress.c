/* SPDX-License-Identifier: BSD-2-Clause */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { RECORDS = 1 << 16 }; /* the clock is asked once for so many */

static double since(const struct timespec *a, const struct timespec *b)
{
    return (double)(b->tv_sec - a->tv_sec) + (double)(b->tv_nsec - a->tv_nsec) / 1e9;
}

void progress_start(struct progress *p, bool quiet)
{
    *p = (struct progress){.on = !quiet && isatty(STDERR_FILENO), .next = RECORDS};
    clock_gettime(CLOCK_MONOTONIC, &p->start);
    p->last = p->start;
}

void progress_show(struct progress *p, const struct intake_counts *read)
{
    const uint64_t records = read->records, done = read->done, total = read->total;
    struct timespec now;

    if (!p->on || records < p->next)
        return;
    p->next = records + RECORDS;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (since(&p->last, &now) < 0.25)
        return;
    p->last = now;
    p->shown = true;
    double seconds = since(&p->start, &now);
    fprintf(stderr, "\r%" PRIu64 " packets, %.0f MB", records, (double)done / 1e6);
    if (total && done)
        fprintf(stderr, " of %.0f (%.0f %%), %.0f s left", (double)total / 1e6,
                100.0 * (double)done / (double)total,
                seconds * ((double)total - (double)done) / (double)done);
    fputs("   ", stderr);
}

void progress_end(const struct progress *p)
{
    if (p->shown)
        fprintf(stderr, "\r%78s\r", "");
}
