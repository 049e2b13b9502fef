/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The command line. One table (options.c) makes the parser and --help; a test holds the manual page
 * against it. */
#ifndef LASTACK_OPTIONS_H
#define LASTACK_OPTIONS_H

#include "base/error.h"
#include "detect/finding.h"
#include "detect/what_if.h"
#include "filter/filter.h"
#include "patterns.h"
#include "report/model.h"
#include "report/stamp.h"
#include "report/writer.h"
#include "track/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum command {
    COMMAND_ANALYZE,
    COMMAND_MERGE, /* files are results */
    COMMAND_EXPLAIN,
    COMMAND_HELP,
    COMMAND_HELP_FILTER,
    COMMAND_HELP_THRESHOLDS,
    COMMAND_VERSION,
};

enum { THREADS_MOST = 64, THREADS_USUAL = 4 }; /* more than that wait for the one that tracks */

struct options {
    enum command command;
    const char **files; /* owned array of borrowed names, patterns expanded; of --explain: ids */
    size_t n_files;
    struct patterns patterns;
    const char *filter;     /* -f, or NULL */
    struct filter *display; /* -Y, owned, or NULL */
    const char *display_text;
    struct filter_error display_error; /* of a -Y that is wrong; its text is empty otherwise */
    const char *packets;               /* -w, or NULL */
    const struct writer_ops *writer;
    bool ladder; /* --ladder: `stream` */
    uint64_t stream;
    bool interactive; /* -i */
    bool all_steps, verbose, quiet, no_sandbox;
    enum stamp_format stamp;
    const char *time_wait_text; /* as given */
    struct settings settings;
    struct what_if what_if;   /* --what-if-time-wait; n 0: not given */
    const char *fail_on;      /* a severity's name, or NULL */
    struct model_shard shard; /* --shard; 1 of 1: everything */
    unsigned threads;         /* --threads; 0: as many as are useful */
    const char *output;       /* -o, or NULL */
};

/* Read the command line. False with *err set (one line) on a usage error. The strings are borrowed
 * from argv. */
bool options_parse(struct options *o, int argc, char **argv, struct error *err);
/* The options as the summary shows them; borrows from o. */
struct model_options options_echo(const struct options *o);
void options_done(struct options *o);
void options_help(FILE *out);
void options_help_thresholds(FILE *out);

#endif
