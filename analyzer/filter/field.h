/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a filter can ask a connection for. One table makes the parser, --help-filter and the
 * completion; a test holds the manual page against it. To add a field: a row in field.c, its getter
 * in field_get.c when none fits, its name in the manual. */
#ifndef LASTACK_FILTER_FIELD_H
#define LASTACK_FILTER_FIELD_H

#include "filter/type.h"
#include "report/model.h"

struct filter_field {
    const char *name;
    enum filter_type type;
    /* Value number i, from 0, of the field; false when the connection has no more. `of` is the
     * row's own: it tells fields apart that share a getter. */
    bool (*get)(const struct model_connection *c, int of, size_t i, struct filter_value *v);
    int of;
    const char *help;
};

/* In order of --help-filter. */
const struct filter_field *filter_fields(size_t *n);
/* In any case; NULL: none has that name. */
const struct filter_field *filter_field_find(const char *name);
/* Whether a row of the report's store (report/store.h) knows the field, so that the connection need
 * not be judged anew. */
bool filter_field_in_row(const struct filter_field *f);

#endif
