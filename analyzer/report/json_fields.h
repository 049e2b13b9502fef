/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Fields that JSON objects of every kind are made of. */
#ifndef LASTACK_REPORT_JSON_FIELDS_H
#define LASTACK_REPORT_JSON_FIELDS_H

#include "report/json_write.h"
#include "report/writer.h"

/* Text from outside: made safe and valid UTF-8. */
void put_untrusted(struct json *j, const char *key, const char *text);
void put_addr(struct json *j, const char *key, const struct addr *addr);
/* "confidence", 0 to 1, rounded. */
void put_confidence(struct json *j, double confidence);
/* "packet", and "file" when there are several. */
void put_packet(struct json *j, const struct ref *at, const struct write_options *w);
/* put_packet() and "t". */
void put_ref(struct json *j, const struct ref *at, const struct write_options *w);
/* An object of packet, t and time under key. */
void put_moment(struct json *j, const char *key, const struct ref *at,
                const struct write_options *w);
/* The fields that findings of one connection and over several share; blamed: valid when the finding
 * blames an end. */
void put_finding(struct json *j, const struct finding *f, const struct addr *blamed,
                 const struct write_options *w);

#endif
