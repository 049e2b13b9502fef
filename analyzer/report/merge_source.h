/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One result that is merged: what it says of itself, and the numbers of its connections. */
#ifndef LASTACK_REPORT_MERGE_SOURCE_H
#define LASTACK_REPORT_MERGE_SOURCE_H

#include "report/json_read.h"
#include "report/json_records.h"

#include <stdio.h>

struct merge_source {
    const char *path; /* borrowed */
    struct json_records records;
    FILE *file;
    cJSON *capture, *options, *summary;
    cJSON *what_if;         /* NULL: was not asked */
    uint64_t shard, shards; /* 1 of 1: the whole input */
    uint64_t *stream;       /* of a shard: the numbers that its connections took; owned */
    size_t n_streams, cap;
    uint64_t connections;
    struct json_place place;
};

/* Read the result once. False with *err set when it is none, or not complete; what was opened is
 * freed by merge_source_close() also then. path "-" is standard_input, which can be read again and
 * is closed with the source. */
bool merge_source_open(struct merge_source *s, const char *path, FILE *standard_input,
                       struct error *err);
void merge_source_close(struct merge_source *s);
/* Whether a record is a connection; *stream is set to its number. */
bool merge_is_connection(const char *record, uint64_t *stream);
/* Whether two were analysed with the same options. */
bool merge_same_options(const struct merge_source *a, const struct merge_source *b);
/* Whether two are shards of the same input. */
bool merge_same_input(const struct merge_source *a, const struct merge_source *b);

#endif
