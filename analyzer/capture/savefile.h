/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the readers of savefiles agree on. */
#ifndef LASTACK_CAPTURE_SAVEFILE_H
#define LASTACK_CAPTURE_SAVEFILE_H

#include "base/ref.h"

#include <stdint.h>

enum { SAVEFILE_LONGEST = 262144 }; /* octets of a record; more is damage, as in libpcap */

/* Seconds and nanoseconds as one number. Times outside 1970 to 2223 are damage; they are cut so
 * that differences of two never overflow. */
static inline int64_t savefile_time(int64_t s, int64_t ns)
{
    const int64_t last = 8000000000;

    if (s < 0 || s >= last)
        return s < 0 ? 0 : last * NS_PER_S;
    if (ns < 0 || ns > last)
        ns = 0;
    return s * NS_PER_S + ns;
}

/* Octets of a record that are handed out at most, from a snap length field, whose 0 says nothing.
 */
static inline uint32_t savefile_snaplen(uint32_t snaplen)
{
    return snaplen == 0 || snaplen > INT32_MAX ? SAVEFILE_LONGEST : snaplen;
}

#endif
