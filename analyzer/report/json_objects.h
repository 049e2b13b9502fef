/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The model as JSON objects: the one description of schema lastack/1 (tests hold it against
 * lastack.schema.json). Both JSON outputs are made of these. */
#ifndef LASTACK_REPORT_JSON_OBJECTS_H
#define LASTACK_REPORT_JSON_OBJECTS_H

#include "report/json_write.h"
#include "report/writer.h"

/* Each writes one object. */
void json_connection(struct json *j, const struct model_connection *c,
                     const struct write_options *w);
void json_cross_finding(struct json *j, const struct model_cross_finding *f,
                        const struct write_options *w);
/* Its member "facts": what `lastack merge` needs beside the rest. */
void json_facts(struct json *j, const struct facts *f, const struct write_options *w);
/* One end of a service. */
void json_host(struct json *j, const struct model_host *h);
/* How many of its connections were in a state over time; false, and nothing written, when none was.
 */
bool json_population(struct json *j, const struct model_host *h, int state);
void json_what_if(struct json *j, const struct what_if *what_if);
void json_capture(struct json *j, const struct model_summary *s, const struct write_options *w);
void json_options(struct json *j, const struct model_summary *s);
void json_summary(struct json *j, const struct model_summary *s);

#endif
