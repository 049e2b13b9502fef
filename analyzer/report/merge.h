/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Results joined: those of all shards of an input give the report that one run over everything
 * would have given, those of captures that follow each other the report of the whole, but for
 * connections that go on from one capture into the next. */
#ifndef LASTACK_REPORT_MERGE_H
#define LASTACK_REPORT_MERGE_H

#include "base/error.h"
#include "detect/what_if.h"
#include "report/exit_status.h"
#include "report/writer.h"

struct merge_setup {
    const char *const *files; /* results, "-" is standard input */
    size_t n_files;
    const struct writer_ops *writer;
    struct write_options write;         /* capture and n_files are filled by merge() */
    struct what_if what_if;             /* lengths asked for; n 0: none */
    const char *fail_on;                /* a severity's name, or NULL */
    void (*complain)(const char *text); /* a line for standard error */
    FILE *standard_input; /* what came from it, seekable, or NULL; merge() closes it */
    FILE *out;
};

/* Read, join and write. What can't be read or does not go together is told with complain(). */
enum exit_status merge(const struct merge_setup *setup);

#endif
