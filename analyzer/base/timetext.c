/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/timetext.h"

#include "base/ref.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

const char *time_rfc3339(int64_t t, char text[static TIME_TEXT])
{
    int64_t s = t / NS_PER_S, ns = t % NS_PER_S;

    if (ns < 0) {
        ns += NS_PER_S;
        s--;
    }
    time_t seconds_since_epoch = (time_t)s;
    struct tm tm;
    if (!gmtime_r(&seconds_since_epoch, &tm))
        tm = (struct tm){.tm_year = 70, .tm_mday = 1};
    snprintf(text, TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%09" PRId64 "Z",
             (int)((tm.tm_year + 1900LL) % 10000), tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
             tm.tm_sec, ns);
    return text;
}

const char *time_seconds(int64_t ns, int digits, char text[static TIME_TEXT])
{
    uint64_t abs = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    uint64_t part = abs % NS_PER_S;

    int n = snprintf(text, TIME_TEXT, "%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "",
                     abs / (uint64_t)NS_PER_S, part);
    text[digits > 0 ? n - 9 + digits : n - 10] = '\0';
    return text;
}

/* value/unit with three significant digits, rounded */
static void put_scaled(uint64_t ns, uint64_t unit, const char *name, char *text)
{
    uint64_t step = ns < 10 * unit ? unit / 100 : ns < 100 * unit ? unit / 10 : unit;
    uint64_t rounded = (ns + step / 2) / step, whole = rounded * step / unit;

    if (step == unit)
        snprintf(text, TIME_TEXT, "%" PRIu64 " %s", whole, name);
    else if (step == unit / 10)
        snprintf(text, TIME_TEXT, "%" PRIu64 ".%" PRIu64 " %s", whole, rounded % 10, name);
    else
        snprintf(text, TIME_TEXT, "%" PRIu64 ".%02" PRIu64 " %s", whole, rounded % 100, name);
}

const char *time_human(int64_t ns, char text[static TIME_TEXT])
{
    uint64_t abs = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    uint64_t s = abs / NS_PER_S;

    if (abs < 1000)
        snprintf(text, TIME_TEXT, "%" PRIu64 " ns", abs);
    else if (abs < 1000000)
        snprintf(text, TIME_TEXT, "%" PRIu64 " us", abs / 1000);
    else if (abs < NS_PER_S)
        put_scaled(abs, 1000000, "ms", text);
    else if (s < 180)
        put_scaled(abs, NS_PER_S, "s", text);
    else if (s < 7200)
        snprintf(text, TIME_TEXT, "%" PRIu64 " min %02" PRIu64 " s", s / 60, s % 60);
    else if (s < 172800)
        snprintf(text, TIME_TEXT, "%" PRIu64 " h %02" PRIu64 " min", s / 3600, s % 3600 / 60);
    else
        snprintf(text, TIME_TEXT, "%" PRIu64 " d %02" PRIu64 " h", s / 86400, s % 86400 / 3600);
    return text;
}
