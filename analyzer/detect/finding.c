/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/finding.h"

#include <string.h>
#include <strings.h>

static const struct finding_info catalog[] = {
#define FINDING(identifier, id, rule, severity, layer, ...)                                        \
    {id, rule, severity, layer, __VA_ARGS__},
#include "detect/catalog.def"
#undef FINDING
};

const struct finding_info *finding_info(enum finding_id id)
{
    return &catalog[id];
}

bool finding_parse(const char *text, enum finding_id *id)
{
    for (int i = 0; i < FINDING_COUNT; i++) {
        if (strcasecmp(text, catalog[i].id) == 0 || strcasecmp(text, catalog[i].rule) == 0) {
            *id = (enum finding_id)i;
            return true;
        }
    }
    return false;
}

bool finding_over_many(enum finding_id id)
{
    static const enum finding_id over_many[] = {
        FINDING_TW_ACCUMULATION,
        FINDING_EPHEMERAL_PORT_PRESSURE,
        FINDING_CLOSE_WAIT_LEAK,
        FINDING_SYN_DROPPED_BY_TIMESTAMP,
        FINDING_SYN_FLOOD,
        FINDING_RST_TO_SYN_MIDDLEBOX,
        FINDING_RST_IDLE_TIMEOUT,
        FINDING_RST_STORM,
        FINDING_PORT_SCAN,
        FINDING_CAPTURE_GAP,
        FINDING_CLOCK_STEP,
        FINDING_FLAGS_ONLY_CAPTURE,
        FINDING_TRANSLATED_COPY,
        FINDING_RST_HALF_OPEN_PEER,
        FINDING_RST_INJECTION_SUSPECTED,
    };

    for (size_t i = 0; i < sizeof over_many / sizeof *over_many; i++)
        if (over_many[i] == id)
            return true;
    return false;
}

static const char *const severities[SEVERITY_COUNT] = {
    [SEVERITY_INFO] = "info",
    [SEVERITY_NOTICE] = "notice",
    [SEVERITY_WARNING] = "warning",
    [SEVERITY_ERROR] = "error",
};

const char *severity_name(enum severity s)
{
    return severities[s];
}

bool severity_parse(const char *text, enum severity *s)
{
    for (int i = 0; i < SEVERITY_COUNT; i++) {
        if (strcasecmp(text, severities[i]) == 0) {
            *s = (enum severity)i;
            return true;
        }
    }
    return false;
}

const char *layer_name(enum layer l)
{
    static const char *const names[] = {
        [LAYER_APPLICATION] = "application",
        [LAYER_HOST] = "host",
        [LAYER_PATH] = "path",
        [LAYER_CAPTURE] = "capture",
    };

    return names[l];
}

const char *doubt_reason_name(enum doubt_reason r)
{
    static const char *const names[DOUBT_REASON_COUNT] = {
        [DOUBT_CAPTURE_END] = "capture-end",
        [DOUBT_CAPTURE_START] = "capture-start",
        [DOUBT_GAP] = "gap",
        [DOUBT_CLOCK] = "clock",
        [DOUBT_FILTER] = "filter",
        [DOUBT_CONFIDENCE] = "confidence",
    };

    return names[r];
}

const char *end_name(enum end e)
{
    return e == END_CLIENT ? "client" : e == END_SERVER ? "server" : NULL;
}
