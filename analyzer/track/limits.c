/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct limit_info infos[] = {
#define LIMIT_ROW(id, name, value, least, most, text, count)                                       \
    {name, text, count, value, least, most},
    LIMITS(LIMIT_ROW)
#undef LIMIT_ROW
};

const struct limit_info *limit_info(enum limit l)
{
    return &infos[l];
}

struct limits limits_default(void)
{
    struct limits l;

    for (int i = 0; i < LIMIT_COUNT; i++)
        l.of[i] = infos[i].value;
    return l;
}

bool limits_parse(struct limits *l, const char *text, struct error *err)
{
    const char *equals = strchr(text, '=');

    for (int i = 0; equals && i < LIMIT_COUNT; i++) {
        const struct limit_info *info = &infos[i];
        size_t len = strlen(info->name);
        char *end;

        if (len != (size_t)(equals - text) || strncasecmp(text, info->name, len) != 0)
            continue;
        errno = 0;
        uint64_t value = strtoull(equals + 1, &end, 10);
        if (equals[1] < '0' || equals[1] > '9' || *end || errno || value < info->least ||
            value > info->most) {
            error_set(err, "--limit %s: '%s' is not a number from %" PRIu64 " to %" PRIu64,
                      info->name, equals + 1, info->least, info->most);
            return false;
        }
        l->of[i] = value;
        return true;
    }
    error_set(err, "--limit: unknown limit '%s' (NAME=N; --help lists them)", text);
    return false;
}
