/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json_parse.h"

#include "base/ref.h"
#include "base/strbuf.h"
#include "base/timetext.h"

#include <math.h>
#include <string.h>

const cJSON *member(const cJSON *o, const char *key)
{
    return o ? cJSON_GetObjectItemCaseSensitive(o, key) : NULL;
}

double member_real(const cJSON *o, const char *key)
{
    const cJSON *item = member(o, key);

    return cJSON_IsNumber(item) && isfinite(item->valuedouble) ? item->valuedouble : 0;
}

int64_t member_number(const cJSON *o, const char *key)
{
    double number = member_real(o, key);

    return fabs(number) < 9e18 ? (int64_t)number : 0;
}

uint64_t member_count(const cJSON *o, const char *key, uint64_t most)
{
    int64_t number = member_number(o, key);

    return number > 0 && (uint64_t)number <= most ? (uint64_t)number : 0;
}

int64_t member_seconds(const cJSON *o, const char *key)
{
    double ns = member_real(o, key) * 1e9;

    return fabs(ns) < 8e18 ? (int64_t)(ns < 0 ? ns - 0.5 : ns + 0.5) : 0;
}

bool member_bool(const cJSON *o, const char *key)
{
    return cJSON_IsTrue(member(o, key));
}

static const char *raw(const cJSON *item)
{
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

bool member_time(const cJSON *o, const char *key, int64_t *t)
{
    const char *text = raw(member(o, key));

    return text && time_parse_rfc3339(text, t);
}

const char *text_of(const cJSON *item, struct arena *arena)
{
    const char *text = raw(item);
    struct strbuf b = {0};

    if (!text)
        return NULL;
    strbuf_put_untrusted(&b, text, strlen(text));
    const char *safe = arena_printf(arena, "%s", b.text ? b.text : "");
    strbuf_done(&b);
    return safe;
}

const char *member_text(const cJSON *o, const char *key, struct arena *arena)
{
    return text_of(member(o, key), arena);
}

bool member_addr(const cJSON *o, const char *key, struct addr *addr)
{
    const char *text = raw(member(o, key));

    return text && addr_parse(text, addr);
}

/* --- words ------------------------------------------------------------------------------------ */

bool member_finding_id(const cJSON *o, const char *key, enum finding_id *id)
{
    const char *text = raw(member(o, key));

    return text && finding_parse(text, id);
}

bool member_severity(const cJSON *o, const char *key, enum severity *s)
{
    const char *text = raw(member(o, key));

    return text && severity_parse(text, s);
}

bool member_state(const cJSON *o, const char *key, enum tcp_state *s)
{
    const char *text = raw(member(o, key));

    return text && tcp_state_parse(text, s);
}

/* A lookup of the other enums: those whose names only go one way elsewhere. */
#define GET_WORD(function, type, first, count, name)                                               \
    bool function(const cJSON *o, const char *key, type *value)                                    \
    {                                                                                              \
        const char *text = raw(member(o, key));                                                    \
                                                                                                   \
        for (int i = first; text && i < (count); i++) {                                            \
            if (strcmp(text, name((type)i)) == 0) {                                                \
                *value = (type)i;                                                                  \
                return true;                                                                       \
            }                                                                                      \
        }                                                                                          \
        return false;                                                                              \
    }

GET_WORD(member_layer, enum layer, LAYER_APPLICATION, LAYER_CAPTURE + 1, layer_name)
GET_WORD(member_reason, enum doubt_reason, 0, DOUBT_REASON_COUNT, doubt_reason_name)
GET_WORD(member_end, enum end, END_CLIENT, END_NONE, end_name)
GET_WORD(member_close_kind, enum close_kind, 0, CLOSE_KIND_COUNT, close_kind_name)
GET_WORD(member_handshake, enum handshake, 0, HANDSHAKE_COUNT, handshake_name)
