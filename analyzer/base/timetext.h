/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Times and durations as text: UTC only, no locale, no floating point, so that the same nanoseconds
 * always give the same characters. */
#ifndef LASTACK_BASE_TIMETEXT_H
#define LASTACK_BASE_TIMETEXT_H

#include <stdbool.h>
#include <stdint.h>

enum { TIME_TEXT = 96 }; /* octets that the texts below need, NUL included */

/* RFC 3339 with nine digits: "2026-11-24T09:50:05.123456789Z". t: nanoseconds since the epoch.
 * Returns text. */
const char *time_rfc3339(int64_t t, char text[static TIME_TEXT]);
/* The same from `to` on, without a NUL; returns the place behind it. */
char *time_put_rfc3339(char *to, int64_t t);
/* The same back into nanoseconds; false when text is not of exactly that form. */
bool time_parse_rfc3339(const char *text, int64_t *t);
/* Seconds with exactly `digits` (0 to 9) decimals, cut, not rounded: "-0.500000000". Returns text.
 */
const char *time_seconds(int64_t ns, int digits, char text[static TIME_TEXT]);
/* The same from `to` on, without a NUL; returns the place behind it. */
char *time_put_seconds(char *to, int64_t ns, int digits);
/* For people: "312 us", "45.1 ms", "2.35 s", "61 s", "4 min 10 s", "3 h 05 min", "2 d 04 h".
 * Returns text. */
const char *time_human(int64_t ns, char text[static TIME_TEXT]);
/* The reverse of time_rfc3339(), read generously: "2026-11-24", "2026-11-24 09:50",
 * "2026-11-24T09:50:05.123Z"; always UTC, years 1970 to 2199. False when text is no date. */
bool time_parse(const char *text, int64_t *t);

#endif
