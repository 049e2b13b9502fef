/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the files that read a connection back share. */
#ifndef LASTACK_REPORT_JSON_READ_PART_H
#define LASTACK_REPORT_JSON_READ_PART_H

#include "report/json_read.h"

struct reading {
    const struct json_place *place;
    struct arena *arena;
    int64_t origin; /* of "t", ns since the epoch */
};

/* The file of an object with "file", among those of the whole. */
uint32_t json_read_file_index(const struct reading *r, const cJSON *o);
/* "packet", "file" and "t". */
struct ref json_read_ref(const struct reading *r, const cJSON *o);
/* Of the member "facts" (may be NULL) of a connection that is read but for it. */
const struct facts *json_read_facts(const struct reading *r, const cJSON *o,
                                    const struct model_connection *m);

#endif
