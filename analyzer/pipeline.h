/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The pipeline from the input to the tracker, which whoever owns it drives: record by record, all
 * at once or in slices between other work. */
#ifndef LASTACK_PIPELINE_H
#define LASTACK_PIPELINE_H

#include "intake.h"
#include "options.h"
#include "report/model.h"
#include "track/tracker.h"

struct pipeline;

/* Hears of every packet that -f leaves, after it was taken into account: which connection it
 * belongs to, if any. */
typedef void pipeline_saw(void *context, const struct pipeline *p, const struct packet *packet,
                          const struct tracker_owner *owner);

struct pipeline {
    struct ahead *ahead; /* NULL: one thread does everything */
    struct tracker tracker;
    uint32_t *tap_of; /* by file */
    uint32_t n_taps;
    bool ended;        /* pipeline_end() was called */
    pipeline_saw *saw; /* NULL unless the user sets it */
    void *saw_context;
    struct intake_counts counts;   /* of what the tracker has taken */
    struct model_summary *summary; /* whose counts of records are kept up to date */
    struct intake intake;          /* while it reads ahead: the other thread's. It stands last, away
                                      from what the tracker changes with each packet */
};

/* Open the inputs of o. filter is that of -f, or NULL; the pipeline frees it. spool: see
 * input_open_kept(); NULL when there will be no second reading. False with *err set when the filter
 * is wrong; that a file is unreadable shows in the input. o must outlive the pipeline. */
bool pipeline_open(struct pipeline *p, const struct options *o, struct bpf *filter,
                   struct spool *spool, struct error *err);
/* Whether any of its inputs could be opened. */
bool pipeline_readable(const struct pipeline *p);
/* A second reading of what `first` has read so far (input_again()): the same records, and the same
 * connections with the same numbers. first must outlive it. */
bool pipeline_open_again(struct pipeline *p, const struct pipeline *first, struct error *err);
/* Say who takes finished connections, and whose counts to keep. Before the first record. */
void pipeline_connect(struct pipeline *p, const struct options *o, tracker_finished *finished,
                      void *context, struct model_summary *summary);
/* Read and decode in a thread of its own from now on, until pipeline_end(). Before the first
 * record, with no `saw`, and the pipeline stays where it is. It does without when the system has no
 * thread to give. */
void pipeline_read_ahead(struct pipeline *p);
/* Take the next few records; false at the end of the input, and after an interrupt when all was
 * taken that was read until then. */
bool pipeline_read(struct pipeline *p);
/* No more records: hand on at most n of the connections that are left. False when none is left. */
bool pipeline_end(struct pipeline *p, size_t n);
/* Everything was handed on: give back what only that took. */
void pipeline_shrink(struct pipeline *p);
/* Close what was opened; also right after pipeline_open() failed. */
void pipeline_close(struct pipeline *p);

#endif
