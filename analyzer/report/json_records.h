/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The records of a result file one by one: the lines of ndjson, or the capture, options, summary
 * and connections of a json document, which is never held whole. Formatting does not matter. */
#ifndef LASTACK_REPORT_JSON_RECORDS_H
#define LASTACK_REPORT_JSON_RECORDS_H

#include "base/error.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_RECORD_MAX = 64 << 20 }; /* octets of one record; more is no result of ours */

struct json_records {
    FILE *file;         /* seekable; borrowed */
    uint64_t at;        /* octets read */
    int depth;          /* of brackets around the place where the file is read */
    bool document;      /* a json document, whose records lie inside it */
    uint64_t start;     /* where the latest record begins */
    struct strbuf text; /* the latest record */
};

/* Begin again at the start of the file. */
void json_records_open(struct json_records *r, FILE *file);
/* The next record into r->text; false at the end, and with *err set where the file is no JSON. */
bool json_records_next(struct json_records *r, struct error *err);
void json_records_done(struct json_records *r);

#endif
