/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Times in the text outputs, in the formats that -t of tshark names. Absolute times are UTC
 * whatever the machine's zone: the same input gives the same output. */
#ifndef LASTACK_REPORT_STAMP_H
#define LASTACK_REPORT_STAMP_H

#include "base/timetext.h"

#include <stdbool.h>
#include <stdint.h>

enum stamp_format {
    STAMP_RELATIVE,    /* r: seconds since the first record of the capture */
    STAMP_ABSOLUTE,    /* a, u: time of day */
    STAMP_DATE,        /* ad, ud: with the date */
    STAMP_DAY_OF_YEAR, /* adoy, udoy: year and day of the year */
    STAMP_DELTA,       /* d, dd: seconds since the line before */
    STAMP_EPOCH,       /* e: seconds since 1970 */
};

/* tshark's letters. */
bool stamp_parse(const char *letters, enum stamp_format *format);
/* t in the format; first: of the capture, before: of the line before, all ns. Returns text. */
const char *stamp(enum stamp_format format, int64_t t, int64_t first, int64_t before,
                  char text[static TIME_TEXT]);
/* Columns that stamps of this format take. */
int stamp_width(enum stamp_format format);

#endif
