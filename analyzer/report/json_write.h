/* SPDX-License-Identifier: BSD-2-Clause
 *
 * JSON as text, written from the first octet to the last: a connection costs about as much as its
 * octets, where a tree of nodes would cost an allocation for each. Objects and arrays are opened
 * and closed in order; commas are put where they belong. Members of an array have the key NULL. */
#ifndef LASTACK_REPORT_JSON_WRITE_H
#define LASTACK_REPORT_JSON_WRITE_H

#include "base/digits.h"
#include "base/strbuf.h"
#include "base/timetext.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct json {
    struct strbuf text; /* what was written so far; strbuf_done() frees it */
    bool more;          /* the open object or array has a member already */
};

/* A string, or null when text is NULL. Its octets must be valid UTF-8: put what comes from outside
 * through strbuf_put_untrusted() first. */
static inline void json_text(struct json *j, const char *key, const char *text);
static inline void json_number(struct json *j, const char *key, int64_t number);
/* A number with a fraction; up to 15 digits. */
void json_real(struct json *j, const char *key, double number);
/* A count of thousandths as a number with as many decimals as it takes. */
void json_thousandths(struct json *j, const char *key, unsigned thousandths);
/* Nanoseconds as seconds with exactly nine decimals. */
static inline void json_seconds(struct json *j, const char *key, int64_t ns);
/* Nanoseconds since the epoch as RFC 3339 UTC with nine digits. */
static inline void json_time(struct json *j, const char *key, int64_t t);
static inline void json_bool(struct json *j, const char *key, bool value);

static inline void json_object(struct json *j, const char *key);
static inline void json_object_end(struct json *j);
static inline void json_array(struct json *j, const char *key);
static inline void json_array_end(struct json *j);

/* --- in pieces: for the above ----------------------------------------------------------------- */

/* What stands before a value, and room for `more` octets behind that. Inlined, because nearly all
 * keys are known when the program is built, and then need no loop. Keys are ours: nothing in them
 * needs an escape. */
static inline __attribute__((always_inline)) char *json_key(struct json *j, const char *key,
                                                            size_t more)
{
    size_t len = key ? strlen(key) : 0;
    char *p = strbuf_room(&j->text, len + more + 4);

    *p = ',';
    p += j->more;
    j->more = true;
    if (!key)
        return p;
    *p++ = '"';
    memcpy(p, key, len);
    p += len;
    *p++ = '"';
    *p++ = ':';
    return p;
}

/* The text ends at p. */
static inline void json_end_at(struct json *j, char *p)
{
    *p = '\0';
    j->text.len = (size_t)(p - j->text.text);
}

static inline void json_open(struct json *j, const char *key, char bracket)
{
    char *p = json_key(j, key, 1);

    *p++ = bracket;
    json_end_at(j, p);
    j->more = false;
}

static inline void json_close(struct json *j, char bracket)
{
    char *p = strbuf_room(&j->text, 1);

    *p++ = bracket;
    json_end_at(j, p);
    j->more = true;
}

/* A value as json_text() has it, at p, the end of the text. */
void json_put_text(struct json *j, char *p, const char *text);

/* --- members ---------------------------------------------------------------------------------- */

static inline void json_text(struct json *j, const char *key, const char *text)
{
    json_put_text(j, json_key(j, key, 0), text);
}

static inline void json_number(struct json *j, const char *key, int64_t number)
{
    json_end_at(j, digits_put_signed(json_key(j, key, DIGITS_MAX), number));
}

static inline void json_seconds(struct json *j, const char *key, int64_t ns)
{
    json_end_at(j, time_put_seconds(json_key(j, key, TIME_TEXT), ns, 9));
}

static inline void json_time(struct json *j, const char *key, int64_t t)
{
    char *p = json_key(j, key, TIME_TEXT);

    *p++ = '"';
    p = time_put_rfc3339(p, t);
    *p++ = '"';
    json_end_at(j, p);
}

static inline void json_bool(struct json *j, const char *key, bool value)
{
    char *p = json_key(j, key, 5);

    memcpy(p, value ? "true" : "false", 5);
    json_end_at(j, p + (value ? 4 : 5));
}

static inline void json_object(struct json *j, const char *key)
{
    json_open(j, key, '{');
}

static inline void json_object_end(struct json *j)
{
    json_close(j, '}');
}

static inline void json_array(struct json *j, const char *key)
{
    json_open(j, key, '[');
}

static inline void json_array_end(struct json *j)
{
    json_close(j, ']');
}

#endif
