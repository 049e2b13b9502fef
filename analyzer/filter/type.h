/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The types of a filter's fields: how a value is written, compared and shown. To add one: a row in
 * type.c. */
#ifndef LASTACK_FILTER_TYPE_H
#define LASTACK_FILTER_TYPE_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum filter_type {
    TYPE_NUMBER,
    TYPE_DURATION,
    TYPE_TIME, /* a moment: seconds since the start of the capture, or a date */
    TYPE_ADDRESS,
    TYPE_TEXT,
    TYPE_FLAG,
    TYPE_STATE,
    TYPE_KIND,
    TYPE_HANDSHAKE,
    TYPE_END,
    TYPE_CLOSER,
    TYPE_HOLDER,
    TYPE_AFTER_FIN,
    TYPE_FINDING,
    TYPE_SEVERITY,
    TYPE_LAYER,
    TYPE_COUNT
};

/* A value of a connection's field, and a value in a filter. */
struct filter_value {
    int64_t number;   /* counts, ns, and the index of a name */
    const char *text; /* TYPE_TEXT; borrowed */
    struct addr addr;
    unsigned bits; /* in a filter: of an address prefix, 0 to 128 */
    bool date; /* in a filter: a TYPE_TIME counts from the epoch, not from the capture's start */
};

struct filter_type_info {
    const char *name;  /* "duration", for --help-filter and messages */
    const char *write; /* how its values are written, for the same */
    bool ordered;      /* < and ranges make sense */
    bool textual;      /* contains and matches make sense */
    /* Fill *v from a word; false when it is none of the type's values. */
    bool (*parse)(enum filter_type t, const char *word, struct filter_value *v);
    /* Types that are a list of names; both NULL otherwise. Indexes count from 0. */
    const char *(*nth)(size_t i); /* NULL beyond the end, "" for an index without name */
    const char *(*about)(size_t i);
};

enum { TYPE_TEXT_MAX = ADDR_TEXT };

const struct filter_type_info *filter_type_info(enum filter_type t);
/* <0, 0, >0 as v is below, equal to or above `limit`. Equal for an address means: within its
 * prefix. origin as in filter_matches(). */
int filter_type_compare(enum filter_type t, const struct filter_value *v,
                        const struct filter_value *limit, int64_t origin);
/* A value of a textual type as text; room is used when it has to be made. */
const char *filter_type_text(enum filter_type t, const struct filter_value *v,
                             char room[static TYPE_TEXT_MAX]);

#endif
