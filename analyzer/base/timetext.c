/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/timetext.h"

#include "base/digits.h"
#include "base/ref.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Days from 1970-01-01 to a day of the Gregorian calendar; years are counted from March, so that
 * the leap day is the last. */
static int64_t days_since_epoch(int64_t year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int m = month > 2 ? month - 3 : month + 9;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* The reverse, of the years 1 to 9999. */
static char *put_date(char *to, int64_t days)
{
    int64_t year = (days + 719470) * 400 / 146097; /* from March, or the one after it */

    if (days_since_epoch(year, 3, 1) > days)
        year--;
    unsigned day = (unsigned)(days - days_since_epoch(year, 3, 1)); /* of that year, from 0 */
    unsigned month = (5 * day + 2) / 153;

    to = digits_put_4(to, (unsigned)(month < 10 ? year : year + 1));
    *to++ = '-';
    to = digits_put_2(to, month < 10 ? month + 3 : month - 9);
    *to++ = '-';
    return digits_put_2(to, day - (153 * month + 2) / 5 + 1);
}

static char *put_clock(char *to, unsigned second)
{
    to = digits_put_2(to, second / 3600);
    *to++ = ':';
    to = digits_put_2(to, second / 60 % 60);
    *to++ = ':';
    return digits_put_2(to, second % 60);
}

char *time_put_rfc3339(char *to, int64_t t)
{
    int64_t s = t / NS_PER_S, ns = t % NS_PER_S;

    if (ns < 0) {
        ns += NS_PER_S;
        s--;
    }
    int64_t days = s / 86400 - (s % 86400 < 0);
    to = put_date(to, days);
    *to++ = 'T';
    to = put_clock(to, (unsigned)(s - days * 86400));
    *to++ = '.';
    to = digits_put_9(to, (unsigned)ns);
    *to++ = 'Z';
    return to;
}

const char *time_rfc3339(int64_t t, char text[static TIME_TEXT])
{
    *time_put_rfc3339(text, t) = '\0';
    return text;
}

bool time_parse_rfc3339(const char *text, int64_t *t)
{
    int year, month, day, hour, minute, second, end = -1;
    int64_t ns;

    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%9" SCNd64 "Z%n", &year, &month, &day, &hour, &minute,
               &second, &ns, &end) != 7 ||
        end != 30 || text[end] || year < 1970 || year > 2223 || month < 1 || month > 12 ||
        day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 60 || ns < 0)
        return false;
    *t = (days_since_epoch(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) *
             NS_PER_S +
         ns;
    return true;
}

char *time_put_seconds(char *to, int64_t ns, int digits)
{
    uint64_t abs = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

    if (ns < 0)
        *to++ = '-';
    to = digits_put(to, abs / (uint64_t)NS_PER_S);
    *to++ = '.';
    to = digits_put_9(to, (unsigned)(abs % NS_PER_S));
    return to - (digits > 0 ? 9 - digits : 10);
}

const char *time_seconds(int64_t ns, int digits, char text[static TIME_TEXT])
{
    *time_put_seconds(text, ns, digits) = '\0';
    return text;
}

/* value/unit with three significant digits, rounded */
static void put_scaled(uint64_t ns, uint64_t unit, const char *name, char *text)
{
    uint64_t step = ns < 10 * unit ? unit / 100 : ns < 100 * unit ? unit / 10 : unit;
    uint64_t rounded = (ns + step / 2) / step;
    char *to = digits_put(text, rounded * step / unit);

    if (step < unit)
        *to++ = '.';
    if (step == unit / 10)
        to = digits_put(to, rounded % 10);
    else if (step < unit)
        to = digits_put_2(to, (unsigned)(rounded % 100));
    *to++ = ' ';
    strcpy(to, name);
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

/* Exactly `digits` digits, at most `limit`; moves *text behind them. */
static bool read_digits(const char **text, int digits, int limit, int *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        *out = *out * 10 + (**text - '0');
    }
    return *out <= limit;
}

static bool read_mark(const char **text, char mark)
{
    bool there = **text == mark;

    *text += there;
    return there;
}

static bool read_clock(const char **text, int64_t *ns)
{
    int hour, minute, second = 0;
    int64_t fraction = 0, weight = NS_PER_S;

    if (!read_digits(text, 2, 23, &hour) || !read_mark(text, ':') ||
        !read_digits(text, 2, 59, &minute))
        return false;
    if (read_mark(text, ':')) {
        if (!read_digits(text, 2, 60, &second))
            return false;
        if (read_mark(text, '.'))
            for (; **text >= '0' && **text <= '9'; ++*text)
                fraction += (weight /= 10) * (**text - '0');
    }
    *ns = (hour * 3600LL + minute * 60LL + second) * NS_PER_S + fraction;
    return true;
}

bool time_parse(const char *text, int64_t *t)
{
    int year, month, day;
    int64_t clock = 0;

    if (!read_digits(&text, 4, 2199, &year) || year < 1970 || !read_mark(&text, '-') ||
        !read_digits(&text, 2, 12, &month) || month < 1 || !read_mark(&text, '-') ||
        !read_digits(&text, 2, 31, &day) || day < 1)
        return false;
    if (*text && !((read_mark(&text, 'T') || read_mark(&text, ' ')) && read_clock(&text, &clock)))
        return false;
    read_mark(&text, 'Z');
    *t = days_since_epoch(year, month, day) * 86400 * NS_PER_S + clock;
    return !*text;
}
