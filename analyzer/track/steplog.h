/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Writing and reading the step log of a connection. */
#ifndef LASTACK_TRACK_STEPLOG_H
#define LASTACK_TRACK_STEPLOG_H

#include "base/arena.h"
#include "base/pool.h"
#include "track/connection.h"

/* Ask for the memory of the latest step and the next one. */
static inline void steplog_prefetch(const struct steps *log)
{
    size_t next = log->total < log->cap ? (size_t)log->total : log->cap;

    __builtin_prefetch(log->at + (next ? next - 1 : 0));
    __builtin_prefetch((const char *)(log->at + next + 1) - 1);
}

/* ... of all steps of a short log. */
static inline void steplog_prefetch_all(const struct steps *log)
{
    size_t n = log->total < STEPS_CHUNK ? (size_t)log->total : STEPS_CHUNK;

    for (size_t octet = 0; octet < n * sizeof *log->at; octet += CACHE_LINE)
        __builtin_prefetch((const char *)log->at + octet);
}

/* Append a segment that matters; folds in both directions end. chunks: pool of STEPS_CHUNK steps
 * each. */
struct step *steplog_add(struct steps *log, struct pool *chunks, const struct segment *s, int dir,
                         uint32_t seen);
/* Count a segment that matters to nobody's state into the fold of its direction. Pure ACKs of the
 * other end's data begin no fold of their own, unless acks_too says that even they tell something:
 * that the end lives. */
void steplog_fold(struct steps *log, struct pool *chunks, const struct segment *s, int dir,
                  uint32_t new_octets, bool acks_too);
/* Append an ICMP error that answers the SYN of the other direction. */
void steplog_icmp(struct steps *log, struct pool *chunks, const struct icmp_error *e, int dir);
/* The latest step, or NULL. */
const struct step *steplog_last(const struct steps *log);
/* Of the steps kept, so many are from the start when some are omitted. */
size_t steplog_first(const struct steps *log);
/* How many steps stand at log->at, in the order of their places. */
size_t steplog_kept(const struct steps *log);
/* A log of which only `total` and `most` are set gets room for as many steps as it keeps. */
void steplog_make_room(struct steps *log, struct pool *chunks);
void steplog_done(struct steps *log, struct pool *chunks);

/* The steps that were kept, oldest first: an array of *n pointers in the arena; *omitted counts
 * those that were not. */
const struct step **steplog_read(const struct steps *log, struct arena *arena, size_t *n,
                                 uint64_t *omitted);

#endif
