/* SPDX-License-Identifier: BSD-2-Clause
 *
 * An output of the report. To add one: a file with its struct writer_ops and a row in the table of
 * report.c. */
#ifndef LASTACK_REPORT_WRITER_H
#define LASTACK_REPORT_WRITER_H

#include "report/model.h"
#include "report/stamp.h"

#include <stdio.h>

/* What the command line says about output. */
struct write_options {
    const struct model_summary
        *capture; /* grows while reading; first_t is valid with the first connection */
    size_t n_files;
    bool verbose;
    bool all_steps;          /* --steps */
    enum stamp_format stamp; /* -t */
    uint64_t stream;         /* --ladder: the connection asked for */
};

/* When an output wants its connections. */
enum writer_wants {
    WANTS_NONE,     /* the summary only */
    WANTS_STREAMED, /* each as soon as nothing can change it, then the summary */
    WANTS_SORTED,   /* the summary, then all in order of stream */
    WANTS_ONE,      /* as SORTED, but only the one that options.stream names */
};

struct writer;

struct writer_ops {
    const char *name; /* as -T takes it */
    enum writer_wants (*wants)(const struct write_options *o);
    struct writer *(*open)(FILE *out, const struct write_options *o);
    void (*connection)(struct writer *w, const struct model_connection *c);
    void (*summary)(struct writer *w, const struct model_summary *s);
    /* Everything was handed over; frees w. Whether the stream took it all is asked of the stream.
     */
    void (*close)(struct writer *w);
};

/* Every writer starts with this. */
struct writer {
    const struct writer_ops *ops;
    FILE *out;
    struct write_options options;
};

extern const struct writer_ops writer_text, writer_json, writer_ndjson, writer_ladder, writer_none,
    writer_wireshark;

#endif
