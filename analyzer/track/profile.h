/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How long an end holds TIME_WAIT. RFC 9293 3.4.2 says 2 MSL = 4 minutes; systems differ
 * (close-semantics 2.2). */
#ifndef LASTACK_TRACK_PROFILE_H
#define LASTACK_TRACK_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct time_wait {
    const char *name; /* profile, constant; NULL for a plain number of seconds */
    int64_t ns;       /* length of TIME_WAIT */
};

struct time_wait_profile {
    const char *name;
    double seconds;
    int ports;          /* usual ephemeral ports (close-semantics 5.3); 0: not known */
    const char *source; /* where the figure comes from */
};

/* A profile name ("linux", "windows-2003", ...), "auto", or seconds ("90", "0.25"). False when it
 * is neither, or not above 0 and at most a day. */
bool time_wait_parse(const char *text, struct time_wait *out);
/* All profiles; *n is set to their number. */
const struct time_wait_profile *time_wait_profiles(size_t *n);

#endif
