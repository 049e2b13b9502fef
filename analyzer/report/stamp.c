/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *letters;
    enum stamp_format format;
} names[] = {
    {"r", STAMP_RELATIVE},       {"a", STAMP_ABSOLUTE}, {"u", STAMP_ABSOLUTE},
    {"ad", STAMP_DATE},          {"ud", STAMP_DATE},    {"adoy", STAMP_DAY_OF_YEAR},
    {"udoy", STAMP_DAY_OF_YEAR}, {"d", STAMP_DELTA},    {"dd", STAMP_DELTA},
    {"e", STAMP_EPOCH},
};

bool stamp_parse(const char *letters, enum stamp_format *format)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(letters, names[i].letters) == 0) {
            *format = names[i].format;
            return true;
        }
    }
    return false;
}

/* Days before month m (0 to 11) in a common year. */
static int day_of_year(const char *date)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int year = atoi(date), month = atoi(date + 5), day = atoi(date + 8);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return before[month - 1] + day + (leap && month > 2);
}

const char *stamp(enum stamp_format format, int64_t t, int64_t first, int64_t before,
                  char text[static TIME_TEXT])
{
    char full[TIME_TEXT];

    switch (format) {
    case STAMP_RELATIVE:
        return time_seconds(t - first, 6, text);
    case STAMP_DELTA:
        return time_seconds(t - before, 6, text);
    case STAMP_EPOCH:
        return time_seconds(t, 6, text);
    default:
        break;
    }
    time_rfc3339(t, full); /* 2026-01-02T03:04:05.123456789Z */
    if (format == STAMP_ABSOLUTE)
        snprintf(text, TIME_TEXT, "%.15s", full + 11);
    else if (format == STAMP_DATE)
        snprintf(text, TIME_TEXT, "%.10s %.15s", full, full + 11);
    else
        snprintf(text, TIME_TEXT, "%.4s/%03d %.15s", full, day_of_year(full), full + 11);
    return text;
}

int stamp_width(enum stamp_format format)
{
    static const int width[] = {
        [STAMP_RELATIVE] = 11,    [STAMP_ABSOLUTE] = 15, [STAMP_DATE] = 26,
        [STAMP_DAY_OF_YEAR] = 24, [STAMP_DELTA] = 11,    [STAMP_EPOCH] = 17};

    return width[format];
}
