/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The clock of a pcapng interface. */
#ifndef LASTACK_CAPTURE_PCAPNG_CLOCK_H
#define LASTACK_CAPTURE_PCAPNG_CLOCK_H

#include <stdint.h>

enum { PCAPNG_MICROSECONDS = 6 }; /* the resolution when none is given */

struct pcapng_clock {
    uint8_t resolution;    /* if_tsresol: 10^-n s, or 2^-n s with the highest bit set */
    int64_t offset;        /* if_tsoffset, s */
    uint64_t scale, limit; /* up to `limit` ticks, time is ticks times scale */
};

struct pcapng_clock pcapng_clock(uint8_t resolution, int64_t offset);
/* Any number of ticks as nanoseconds since the epoch; what is no time is cut as savefile.h says. */
int64_t pcapng_clock_slow(const struct pcapng_clock *c, uint64_t ticks);

static inline int64_t pcapng_clock_time(const struct pcapng_clock *c, uint64_t ticks)
{
    return ticks - 1 < c->limit ? (int64_t)(ticks * c->scale) : pcapng_clock_slow(c, ticks);
}

#endif
