/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The front of the pipeline: records as they come from the input, decoded into what the tracker
 * takes. It knows nothing of what lies behind it, so it may run ahead in a thread of its own. */
#ifndef LASTACK_INTAKE_H
#define LASTACK_INTAKE_H

#include "capture/input.h"
#include "decode/decode.h"
#include "flow/translation.h"
#include "report/model.h"
#include "track/tracker.h"

/* Over all records so far; as in struct model_summary. */
struct intake_counts {
    uint64_t records, octets, filtered, segments, icmp_errors;
    int64_t first_t, last_t;
    uint64_t done, total; /* see input_progress(); looked at now and then */
};

struct intake {
    struct input *input;
    struct decoder *decoder;
    struct flow_keying keying; /* the tracker's */
    struct translations translations;
    struct model_shard shard; /* of the five-tuples; 1 of 1: all of them */
    struct intake_counts counts;
    uint64_t next_look; /* records at which counts.done is brought up to date */
};

/* What a record can become, at most. */
enum { INTAKE_MOST = 2 };

/* Takes the input over. */
void intake_open(struct intake *in, struct input *input);
/* As input_next_batch(). */
const struct record *intake_next(struct intake *in, size_t *n);
/* Decode n records of those, in order. Puts as many as it returns at `to`, which has room for n *
 * INTAKE_MOST. */
size_t intake_decode(struct intake *in, const struct record *r, size_t n,
                     struct tracker_record *to);
void intake_close(struct intake *in);

#endif
