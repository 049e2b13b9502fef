/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The model as JSON objects: the one description of schema lastack/1 (tests hold it against
 * lastack.schema.json). Both JSON outputs are made of these. */
#ifndef LASTACK_REPORT_JSON_OBJECTS_H
#define LASTACK_REPORT_JSON_OBJECTS_H

#include "report/writer.h"

#include <cjson/cJSON.h>

/* Each returns an object that the caller frees with cJSON_Delete(). */
cJSON *json_connection(const struct model_connection *c, const struct write_options *o);
cJSON *json_cross_finding(const struct model_cross_finding *f, const struct write_options *o);
/* One end of a service, and how many of its connections were in a state over time (NULL: never). */
cJSON *json_host(const struct model_host *h);
cJSON *json_population(const struct model_host *h, int state);
/* NULL when it was not asked. */
cJSON *json_what_if(const struct what_if *w);
cJSON *json_capture(const struct model_summary *s, const struct write_options *o);
cJSON *json_options(const struct model_summary *s);
cJSON *json_summary(const struct model_summary *s);

#endif
