/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/settings.h"

#include "base/ref.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct threshold_info thresholds[] = {
#define THRESHOLD_ROW(id, name, value, unit, text) {name, unit, text, value},
    THRESHOLDS(THRESHOLD_ROW)
#undef THRESHOLD_ROW
};

const struct threshold_info *threshold_info(enum threshold t)
{
    return &thresholds[t];
}

struct settings settings_default(void)
{
    struct settings s = {.guess = true, .limits = limits_default()};

    time_wait_parse("linux", &s.time_wait);
    for (int i = 0; i < THRESHOLD_COUNT; i++)
        s.threshold[i] = thresholds[i].value;
    return s;
}

/* --- TIME_WAIT -------------------------------------------------------------------------------- */

bool settings_time_wait(struct settings *s, const char *text, struct error *err)
{
    char name[64];
    const char *at = strchr(text, '@');
    size_t len = at ? (size_t)(at - text) : strlen(text);
    struct time_wait_rule rule = {0};

    if (len < sizeof name) {
        memcpy(name, text, len);
        name[len] = 0;
    }
    if (len >= sizeof name || !time_wait_parse(name, &rule.time_wait)) {
        error_set(err,
                  "--time-wait: '%s' is neither a profile (see --help) nor seconds up to 86400",
                  text);
        return false;
    }
    if (!at) {
        s->guess = strcasecmp(name, "auto") == 0;
        s->time_wait = s->guess ? settings_default().time_wait : rule.time_wait;
        return true;
    }
    if (!addr_parse_prefix(at + 1, &rule.prefix, &rule.bits) || s->n_rules == TIME_WAIT_RULES) {
        error_set(err,
                  s->n_rules == TIME_WAIT_RULES
                      ? "--time-wait: too many rules: '%s'"
                      : "--time-wait: '%s': behind @ stands an address or a prefix",
                  text);
        return false;
    }
    s->rule[s->n_rules++] = rule;
    return true;
}

struct time_wait settings_time_wait_of(const struct settings *s, const struct addr *addr,
                                       const char *os, bool *assumed)
{
    struct time_wait guessed;

    *assumed = false;
    const struct time_wait_rule *best = NULL;
    for (size_t i = 0; i < s->n_rules; i++)
        if (addr_within(addr, &s->rule[i].prefix, s->rule[i].bits) &&
            (!best || s->rule[i].bits >= best->bits))
            best = &s->rule[i];
    if (best)
        return best->time_wait;
    if (s->guess && os && time_wait_parse(os, &guessed))
        return guessed;
    *assumed = s->guess;
    return s->time_wait;
}

int64_t settings_ports_of(const struct settings *s, const char *os)
{
    size_t n;
    const struct time_wait_profile *profile = time_wait_profiles(&n);
    bool changed = s->threshold[TH_PORTS] != thresholds[TH_PORTS].value;

    for (size_t i = 0; os && !changed && i < n; i++)
        if (strcmp(profile[i].name, os) == 0 && profile[i].ports)
            return profile[i].ports;
    return settings_count(s, TH_PORTS);
}

int64_t settings_longest_time_wait(const struct settings *s)
{
    int64_t longest = s->time_wait.ns > s->what_if_longest ? s->time_wait.ns : s->what_if_longest;
    size_t n;
    const struct time_wait_profile *profile = time_wait_profiles(&n);

    for (size_t i = 0; i < s->n_rules; i++)
        longest = s->rule[i].time_wait.ns > longest ? s->rule[i].time_wait.ns : longest;
    for (size_t i = 0; s->guess && i < n; i++)
        longest = seconds(profile[i].seconds) > longest ? seconds(profile[i].seconds) : longest;
    return longest;
}

/* --- thresholds ------------------------------------------------------------------------------- */

bool settings_set_threshold(struct settings *s, enum threshold t, double value)
{
    bool good = value >= 0 && value <= 1e9; /* as seconds, nanoseconds hold nine times that */

    if (good)
        s->threshold[t] = value;
    return good;
}

bool settings_threshold(struct settings *s, const char *text, struct error *err)
{
    const char *equals = strchr(text, '=');

    for (int i = 0; equals && i < THRESHOLD_COUNT; i++) {
        size_t len = strlen(thresholds[i].name);
        char *end;

        if (len != (size_t)(equals - text) || strncasecmp(text, thresholds[i].name, len) != 0)
            continue;
        double value = strtod(equals + 1, &end);
        if (end == equals + 1 || *end || !settings_set_threshold(s, (enum threshold)i, value)) {
            error_set(err, "--set %s: '%s' is not a number", thresholds[i].name, equals + 1);
            return false;
        }
        return true;
    }
    error_set(err, "--set: unknown threshold '%s' (NAME=VALUE; --help-thresholds lists them)",
              text);
    return false;
}

int64_t settings_ns(const struct settings *s, enum threshold t)
{
    return seconds(s->threshold[t]);
}

int64_t settings_count(const struct settings *s, enum threshold t)
{
    return (int64_t)s->threshold[t];
}
