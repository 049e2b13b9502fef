/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/type.h"

#include "base/ref.h"
#include "base/timetext.h"
#include "base/word.h"
#include "detect/finding.h"
#include "track/close.h"
#include "track/state.h"

#include <string.h>
#include <strings.h>

/* --- numbers ---------------------------------------------------------------------------------- */

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit sizes[] = {
    {"", 1},           {"k", 1000},       {"M", 1000000},    {"G", 1000000000},
    {"Ki", 1LL << 10}, {"Mi", 1LL << 20}, {"Gi", 1LL << 30},
};

static const struct unit times[] = {
    {"", NS_PER_S},
    {"ns", 1},
    {"us", 1000},
    {"ms", 1000000},
    {"s", NS_PER_S},
    {"m", 60 * NS_PER_S},
    {"min", 60 * NS_PER_S},
    {"h", 3600 * NS_PER_S},
    {"d", 86400 * NS_PER_S},
};

enum { SIZES = sizeof sizes / sizeof *sizes, TIMES = sizeof times / sizeof *times };

/* "1.5" and a unit, exactly; false when it is no such thing, too large, or when the fraction does
 * not come out even. */
static bool scaled(const char *word, const struct unit *units, size_t n, int64_t *out)
{
    const int64_t giga = 1000000000;
    bool minus = *word == '-';
    int64_t whole = 0, fraction = 0, weight = giga; /* fraction in units of 1e-9 */
    const char *c = word + minus;

    if (*c < '0' || *c > '9')
        return false;
    for (; *c >= '0' && *c <= '9'; c++) {
        if (whole > giga * giga / 10)
            return false;
        whole = whole * 10 + (*c - '0');
    }
    if (*c == '.')
        for (c++; *c >= '0' && *c <= '9'; c++) {
            weight /= 10;
            fraction += weight * (*c - '0');
        }
    for (size_t i = 0; i < n; i++) {
        int64_t factor = units[i].factor;
        bool large = factor % giga == 0;
        int64_t part = large ? fraction * (factor / giga) : fraction * factor;

        if (strcmp(c, units[i].name) != 0)
            continue;
        if (whole > INT64_MAX / 2 / factor || (!large && part % giga != 0))
            return false;
        *out = whole * factor + (large ? part : part / giga);
        *out = minus ? -*out : *out;
        return true;
    }
    return false;
}

static bool parse_number(enum filter_type t, const char *word, struct filter_value *v)
{
    (void)t;
    return scaled(word, sizes, SIZES, &v->number);
}

static bool parse_duration(enum filter_type t, const char *word, struct filter_value *v)
{
    (void)t;
    return scaled(word, times, TIMES, &v->number);
}

static bool parse_time(enum filter_type t, const char *word, struct filter_value *v)
{
    v->date = time_parse(word, &v->number);
    return v->date || parse_duration(t, word, v);
}

/* --- addresses, text, flags ------------------------------------------------------------------- */

static bool parse_address(enum filter_type t, const char *word, struct filter_value *v)
{
    (void)t;
    return addr_parse_prefix(word, &v->addr, &v->bits);
}

static bool parse_text(enum filter_type t, const char *word, struct filter_value *v)
{
    (void)t;
    v->text = word;
    return true;
}

/* --- names ------------------------------------------------------------------------------------ */

static const char *flag(size_t i)
{
    static const char *const names[] = {"false", "true", NULL};
    return names[i];
}

static const char *end(size_t i)
{
    static const char *const names[] = {"client", "server", NULL};
    return names[i];
}

static const char *end_about(size_t i)
{
    static const char *const about[] = {"who sent the first SYN", "who answered"};
    return about[i];
}

static const char *closer(size_t i)
{
    static const char *const names[] = {"client", "server", "both", "unknown", NULL};
    return names[i];
}

static const char *holder(size_t i)
{
    static const char *const names[] = {"client", "server", "nobody", "unknown", NULL};
    return names[i];
}

static const char *after_fin(size_t i)
{
    static const char *const names[] = {"none", "own", "peer", "both", NULL};
    return names[i];
}

static const char *state(size_t i)
{
    return i >= ST_COUNT ? NULL : i < ST_SYN_SENT ? "" : tcp_state_name((enum tcp_state)i);
}

static const char *kind(size_t i)
{
    return i < CLOSE_KIND_COUNT ? close_kind_name((enum close_kind)i) : NULL;
}

static const char *kind_about(size_t i)
{
    return close_kind_text((enum close_kind)i);
}

static const char *handshake(size_t i)
{
    return i < HANDSHAKE_COUNT ? handshake_name((enum handshake)i) : NULL;
}

static const char *finding(size_t i)
{
    return i < FINDING_COUNT ? finding_info((enum finding_id)i)->id : NULL;
}

static const char *finding_about(size_t i)
{
    return finding_info((enum finding_id)i)->title;
}

static const char *severity(size_t i)
{
    return i < SEVERITY_COUNT ? severity_name((enum severity)i) : NULL;
}

static const char *layer(size_t i)
{
    return i <= LAYER_CAPTURE ? layer_name((enum layer)i) : NULL;
}

static const char *nothing(size_t i)
{
    (void)i;
    return "";
}

static const struct filter_type_info types[TYPE_COUNT];

static bool parse_name(enum filter_type t, const char *word, struct filter_value *v)
{
    for (size_t i = 0; types[t].nth(i); i++) {
        if (*types[t].nth(i) && word_same(types[t].nth(i), word)) {
            v->number = (int64_t)i;
            return true;
        }
    }
    return false;
}

static bool parse_flag(enum filter_type t, const char *word, struct filter_value *v)
{
    bool yes = strcasecmp(word, "yes") == 0 || strcmp(word, "1") == 0;

    if (!yes && strcasecmp(word, "no") != 0 && strcmp(word, "0") != 0)
        return parse_name(t, word, v);
    v->number = yes;
    return true;
}

static bool parse_state(enum filter_type t, const char *word, struct filter_value *v)
{
    enum tcp_state s;

    (void)t;
    if (!tcp_state_parse(word, &s))
        return false;
    v->number = s;
    return true;
}

static bool parse_finding(enum filter_type t, const char *word, struct filter_value *v)
{
    enum finding_id id;

    if (!finding_parse(word, &id))
        return parse_name(t, word, v); /* with '_' for '-' */
    v->number = id;
    return true;
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct filter_type_info types[TYPE_COUNT] = {
    [TYPE_NUMBER] = {"number", "80, 1k, 2.5M, 64Ki", true, false, parse_number, NULL, NULL},
    [TYPE_DURATION] = {"duration", "0.5 (seconds), 200ms, 30s, 5m, 2h", true, false, parse_duration,
                       NULL, NULL},
    [TYPE_TIME] = {"time", "12.5 (seconds since the first packet), 90s, 2026-11-23T10:59:52Z", true,
                   false, parse_time, NULL, NULL},
    [TYPE_ADDRESS] = {"address", "10.0.0.1, 10.0.0.0/8, 2001:db8::/32", true, true, parse_address,
                      NULL, NULL},
    [TYPE_TEXT] = {"text", "word or \"quoted text\"", true, true, parse_text, NULL, NULL},
    [TYPE_FLAG] = {"yes or no", "true, false", false, false, parse_flag, flag, nothing},
    [TYPE_STATE] = {"state", "FIN_WAIT_1, FIN-WAIT-1, fin_wait1", false, true, parse_state, state,
                    nothing},
    [TYPE_KIND] = {"kind of close", "", false, true, parse_name, kind, kind_about},
    [TYPE_HANDSHAKE] = {"handshake", "", false, true, parse_name, handshake, nothing},
    [TYPE_END] = {"end", "", false, true, parse_name, end, end_about},
    [TYPE_CLOSER] = {"closer", "", false, true, parse_name, closer, nothing},
    [TYPE_HOLDER] = {"holder", "", false, true, parse_name, holder, nothing},
    [TYPE_AFTER_FIN] = {"whose FIN", "", false, true, parse_name, after_fin, nothing},
    [TYPE_FINDING] = {"finding", "close-wait-held, P1", false, true, parse_finding, finding,
                      finding_about},
    [TYPE_SEVERITY] = {"severity", "", true, true, parse_name, severity, nothing},
    [TYPE_LAYER] = {"layer", "", false, true, parse_name, layer, nothing},
};

const struct filter_type_info *filter_type_info(enum filter_type t)
{
    return &types[t];
}

static int order(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

int filter_type_compare(enum filter_type t, const struct filter_value *v,
                        const struct filter_value *limit, int64_t origin)
{
    switch (t) {
    case TYPE_ADDRESS:
        if (addr_is_v4(&v->addr) == addr_is_v4(&limit->addr) &&
            addr_within(&v->addr, &limit->addr, limit->bits))
            return 0;
        return addr_compare(&v->addr, &limit->addr) < 0 ? -1 : 1;
    case TYPE_TEXT:
        return strcasecmp(v->text, limit->text);
    case TYPE_TIME:
        return order(limit->date ? v->number : v->number - origin, limit->number);
    default:
        return order(v->number, limit->number);
    }
}

const char *filter_type_text(enum filter_type t, const struct filter_value *v,
                             char room[static TYPE_TEXT_MAX])
{
    if (t == TYPE_TEXT)
        return v->text;
    return t == TYPE_ADDRESS ? addr_text(&v->addr, room) : types[t].nth((size_t)v->number);
}
