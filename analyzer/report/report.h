/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Takes finished connections from the tracker, judges each, adds it up and hands it to the output.
 * Connections are kept only when the output wants them in order of stream. */
#ifndef LASTACK_REPORT_REPORT_H
#define LASTACK_REPORT_REPORT_H

#include "decode/decode.h"
#include "detect/what_if.h"
#include "report/writer.h"
#include "track/settings.h"
#include "track/tracker.h"

/* Says whether a judged connection belongs in the report; called once for each, in the order in
 * which they are finished. origin: time of the first record of the capture, ns. */
typedef bool report_gate(void *context, const struct model_connection *c, int64_t origin);

struct report_setup {
    const struct writer_ops *writer;
    struct write_options write; /* capture and n_files are filled by report_open() */
    const struct settings *settings;
    struct what_if what_if;    /* lengths asked for; n 0: none */
    struct model_options echo; /* the options as the summary shows them */
    const struct input *input;
    const uint32_t *tap_of; /* by file */
    const struct decoder *decoder;
    struct model_shard shard; /* of the five-tuples */
    struct tracker *tracker;  /* to which connections go back */
    report_gate *gate;        /* NULL: all belong in it */
    void *gate_context;
    unsigned threads; /* that share the work, the caller's included; what comes out is the same */
    FILE *out;
};

struct report;

/* The output that -T names, or NULL. */
const struct writer_ops *writer_by_name(const char *name);

/* All that setup points to must outlive the report. */
struct report *report_open(const struct report_setup *setup);
/* The counts that the reader of the capture keeps up to date; the rest is filled by
 * report_finish(). */
struct model_summary *report_summary(struct report *r);
/* A finished connection (a tracker_finished; context is the report). */
void report_take(void *context, struct connection *c, int64_t judged_at);
/* One that rested (a tracker_rested). */
void report_take_rested(void *context, const struct rested *rested);
/* A number that led to no connection (a tracker_dropped; context is the report). */
void report_dropped(void *context, uint64_t stream);
/* Every connection was taken: write what is left to write. Returns how many connections the output
 * got. */
uint64_t report_finish(struct report *r);
void report_free(struct report *r);

#endif
