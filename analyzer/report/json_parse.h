/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Members of JSON objects that were read, checked: a result file may come from anywhere. What is
 * absent or of another type reads as its default; strings lose what could drive a terminal. */
#ifndef LASTACK_REPORT_JSON_PARSE_H
#define LASTACK_REPORT_JSON_PARSE_H

#include "base/addr.h"
#include "base/arena.h"
#include "detect/finding.h"
#include "track/close.h"
#include "track/state.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* The member, or NULL; o may be NULL. */
const cJSON *member(const cJSON *o, const char *key);
/* A whole number between 0 and most, or 0. */
uint64_t member_count(const cJSON *o, const char *key, uint64_t most);
/* A whole number of either sign, or 0. */
int64_t member_number(const cJSON *o, const char *key);
double member_real(const cJSON *o, const char *key);
/* Seconds as nanoseconds: exact within 104 days, for a double holds no more digits. */
int64_t member_seconds(const cJSON *o, const char *key);
bool member_bool(const cJSON *o, const char *key);
/* RFC 3339 as time_rfc3339() writes it, ns since the epoch; false when it is not. */
bool member_time(const cJSON *o, const char *key, int64_t *t);
/* A string in the arena, or NULL for null, absence and other types. */
const char *member_text(const cJSON *o, const char *key, struct arena *arena);
/* The string of an array's element, as member_text(). */
const char *text_of(const cJSON *item, struct arena *arena);
bool member_addr(const cJSON *o, const char *key, struct addr *addr);

/* Words of the schema. False when it is none, or absent. */
bool member_finding_id(const cJSON *o, const char *key, enum finding_id *id);
bool member_severity(const cJSON *o, const char *key, enum severity *s);
bool member_layer(const cJSON *o, const char *key, enum layer *l);
bool member_reason(const cJSON *o, const char *key, enum doubt_reason *r);
bool member_end(const cJSON *o, const char *key, enum end *e);
bool member_state(const cJSON *o, const char *key, enum tcp_state *s);
bool member_close_kind(const cJSON *o, const char *key, enum close_kind *k);
bool member_handshake(const cJSON *o, const char *key, enum handshake *h);

#endif
