/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Fields that JSON objects of every kind are made of. */
#ifndef LASTACK_REPORT_JSON_FIELDS_H
#define LASTACK_REPORT_JSON_FIELDS_H

#include "report/writer.h"

#include <cjson/cJSON.h>

/* A whole number; cJSON's doubles hold all that captures can count. */
void put_number(cJSON *o, const char *key, int64_t number);
/* Seconds with exactly nine decimals. */
void put_seconds(cJSON *o, const char *key, int64_t ns);
/* RFC 3339 UTC with nine digits. */
void put_time(cJSON *o, const char *key, int64_t t);
/* A string, or null when text is NULL. */
void put_text(cJSON *o, const char *key, const char *text);
/* Text from outside: made safe and valid UTF-8. */
void put_untrusted(cJSON *o, const char *key, const char *text);
/* "confidence", 0 to 1, rounded. */
void put_confidence(cJSON *o, double confidence);
/* "packet", and "file" when there are several. */
void put_packet(cJSON *o, const struct ref *at, const struct write_options *w);
/* put_packet() and "t". */
void put_ref(cJSON *o, const struct ref *at, const struct write_options *w);
/* An object of packet, t and time under key. */
void put_moment(cJSON *o, const char *key, const struct ref *at, const struct write_options *w);
/* The fields that findings of one connection and over several share; blamed: valid when the finding
 * blames an end. */
void put_finding(cJSON *o, const struct finding *f, const struct addr *blamed,
                 const struct write_options *w);

#endif
