/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The capture as the rest of the program sees it: every record of all given files, in time order,
 * numbered within its own file. Order inside a file is kept even where its clock steps back
 * (close-semantics: file order wins); between files the record with the smaller time comes first,
 * and on equal times the earlier file. The interfaces of one file are merged in the same way, as
 * far as they are out of order by milliseconds (reorder.h).
 *
 * Files that can't be opened, and files that break off, are remembered here with the reason;
 * reading goes on with the rest. Of hundreds of files only those whose time has come are open. */
#ifndef LASTACK_CAPTURE_INPUT_H
#define LASTACK_CAPTURE_INPUT_H

#include "base/error.h"
#include "capture/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum input_file_status {
    INPUT_OK,
    INPUT_UNREADABLE, /* could not be opened at all */
    INPUT_CUT_SHORT,  /* records up to `records` are good, then damage or a cut */
};

/* What is known about one input file. Filled while reading, final after input_next_batch() returned
 * NULL. */
struct input_file {
    const char *path; /* as given; "-" for standard input */
    enum input_file_status status;
    char message[512];         /* when not OK: one line that names file, packet and reason */
    int link_type;             /* of its first record; -1 before that */
    const char *link_name;     /* "EN10MB", ... or NULL when unknown */
    uint64_t records;          /* read so far, filtered ones included */
    uint64_t filtered;         /* of these: dropped by the BPF expression */
    uint64_t octets;           /* captured octets */
    int64_t first_t, last_t;   /* of the first record, and the latest time, ns; valid when
                                  records > 0 */
    const struct about *about; /* interfaces, comments, losses; never NULL */
};

enum { INPUT_BATCH = 64 }; /* records at once, at most */

struct input;

/* A clock that stepped back by more than 1 ms within one interface of a file (close-semantics
 * 1.7). */
struct input_clock_step {
    uint32_t file;
    uint64_t packet;  /* the first record after the step */
    int64_t from, to; /* times of the record before and after it, ns */
};

/* A time without records between two files that is longer than any silence in those before it: what
 * happened then was not captured. */
struct input_gap {
    uint32_t before, after; /* files */
    int64_t from, to;       /* the last record before and the first one after, ns */
};

/* Packets were lost while the capture was taken, at some time between these (close-semantics 1.7).
 */
struct input_loss {
    uint32_t file;
    int64_t from, to; /* ns; to is INT64_MAX when more losses follow than are kept */
};

/* Two files that go on side by side for less than half of either: files that continue each other,
 * but not cleanly. Their records are merged by time. */
struct input_overlap {
    uint32_t before, after; /* files */
    int64_t from, to;
};

enum {
    INPUT_CLOCK_STEPS = 1024,
    INPUT_GAPS = 1024,
    INPUT_LOSSES = 1024,
    INPUT_SKIPPED = 16
}; /* so many are kept; all are counted */

struct bpf;
struct spool;

/* Open every path. A directory stands for all captures in it (not in those below it), in order of
 * time; what is no capture there is skipped, see input_skipped(). filter is what the records must
 * match (bpf.h), or NULL; the input frees it, also when this fails. Never fails because of a file:
 * see input_file(). NULL with *err set only when the filter is wrong for the link type of a file
 * (its text names the reason). */
struct input *input_open(const char *const *paths, size_t n_paths, struct bpf *filter,
                         struct error *err);
/* An input that was read elsewhere and has no records: its files (what they point to is borrowed)
 * and clock steps are copied. */
struct input *input_read_elsewhere(const struct input_file *files, size_t n_files,
                                   const struct input_clock_step *steps, size_t n_steps,
                                   uint64_t total_steps);
/* One more gap of such an input. */
void input_add_gap(struct input *in, const struct input_gap *gap);
/* The same, and the records go into the spool, so that input_again() can read them a second time
 * although some of the paths can be read only once. The spool is borrowed; NULL: they are read from
 * their files again. */
struct input *input_open_kept(const char *const *paths, size_t n_paths, struct bpf *filter,
                              struct spool *spool, struct error *err);
/* A second reading of the records that `first` has handed out, in the same order with the same
 * numbers, also when an interrupt ended that. `first` must not be read any further, and outlives
 * the result. NULL with *err set when they could not be kept. Files that were changed show in
 * records that differ or are missing. */
struct input *input_again(struct input *first, struct error *err);
/* The next records, *n >= 1 of them, at most INPUT_BATCH, with `file` and `filtered` set: those
 * that the BPF expression drops are delivered too, they still count for the end of the capture.
 * NULL at the end of everything, and after an interrupt. Records and their data are valid until the
 * next call. */
const struct record *input_next_batch(struct input *in, size_t *n);
/* The same, one record at a time. Don't mix the two. */
bool input_next(struct input *in, struct record *record);
size_t input_n_files(const struct input *in);
const struct input_file *input_file(const struct input *in, size_t index);
/* Packets that were lost while the files were captured, as far as these say so. */
uint64_t input_dropped(const struct input *in);
/* The clock steps seen so far, in reading order; *total counts those beyond INPUT_CLOCK_STEPS too.
 */
const struct input_clock_step *input_clock_steps(const struct input *in, size_t *n,
                                                 uint64_t *total);
/* One of them, from 0. Other threads may ask while records are read: for those steps of which a
 * record that was handed to them told (record.clock_steps). */
const struct input_clock_step *input_clock_step(const struct input *in, size_t i);
/* The gaps seen so far, in reading order; *total counts those beyond INPUT_GAPS too. Other threads
 * may ask while records are read: a gap is there before the first record after it is. */
const struct input_gap *input_gaps(const struct input *in, size_t *n, uint64_t *total);
/* The losses told so far, in reading order; at the end of the input those told after the last
 * record too. Other threads may look at as many as a record that was handed out told
 * (record.losses). */
const struct input_loss *input_losses(const struct input *in, size_t *n);
/* The overlaps of files that follow each other, of one capture point (tap_of, by file); at most max
 * are put out, all are counted. Call it when everything was read. */
size_t input_overlaps(const struct input *in, const uint32_t *tap_of, struct input_overlap *out,
                      size_t max);
/* Files of directories that are no captures: how many, and the reason of each, one line that names
 * it; NULL beyond those that are kept. */
size_t input_n_skipped(const struct input *in);
const char *input_skipped(const struct input *in, size_t index);
/* Keep the last few MiB of inputs that can't be read again (pipes), for reread.h. Before the first
 * record. */
void input_keep(struct input *in);
/* For reread.h: whether a file can be opened again; a record that was kept, or NULL. */
bool input_can_reread(const struct input *in, uint32_t file);
const struct record *input_kept(const struct input *in, uint32_t file, uint64_t number);
/* Octets read and octets in all (0: unknown), over all files. */
void input_progress(const struct input *in, uint64_t *done, uint64_t *total);
void input_close(struct input *in);
/* What to do while a pipe has nothing to read; see octets.h. */
void input_on_wait(bool (*wait)(void *context, int fd), void *context);
/* End all reading, now and later; what was read is all there is. For a signal handler that was
 * installed without SA_RESTART. */
void input_interrupt(void);

#endif
