/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Where and when something was seen: the coordinates by which every claim of lastack can be checked
 * in Wireshark. */
#ifndef LASTACK_BASE_REF_H
#define LASTACK_BASE_REF_H

#include <stdint.h>

#define NS_PER_S 1000000000LL

struct ref {
    int64_t t;       /* nanoseconds since 1970-01-01 00:00 UTC */
    uint64_t packet; /* number of the record in its file, from 1, all records counted (Wireshark's
                        frame.number); 0: none */
    uint32_t file;   /* index into the capture's files */
};

/* Seconds as nanoseconds, for thresholds. */
static inline int64_t seconds(double s)
{
    return (int64_t)(s * NS_PER_S);
}

#endif
