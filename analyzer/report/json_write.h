/* SPDX-License-Identifier: BSD-2-Clause
 *
 * JSON as text, written from the first octet to the last: a connection costs about as much as its
 * octets, where a tree of nodes would cost an allocation for each. Objects and arrays are opened
 * and closed in order; commas are put where they belong. Members of an array have the key NULL. */
#ifndef LASTACK_REPORT_JSON_WRITE_H
#define LASTACK_REPORT_JSON_WRITE_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

struct json {
    struct strbuf text; /* what was written so far; strbuf_done() frees it */
    bool more;          /* the open object or array has a member already */
};

void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);

void json_number(struct json *j, const char *key, int64_t number);
/* A number with a fraction; up to 15 digits. */
void json_real(struct json *j, const char *key, double number);
/* Nanoseconds as seconds with exactly nine decimals. */
void json_seconds(struct json *j, const char *key, int64_t ns);
void json_bool(struct json *j, const char *key, bool value);
/* A string, or null when text is NULL. Its octets must be valid UTF-8: put what comes from outside
 * through strbuf_put_untrusted() first. */
void json_text(struct json *j, const char *key, const char *text);

#endif
