/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The records of a file with several interfaces, in order of time: each interface's records reach
 * the file in pieces, milliseconds late. Order within an interface is kept; an interface whose
 * clock is further off than that keeps its place in the file. Records are copied and held back in
 * bounded memory. */
#ifndef LASTACK_CAPTURE_REORDER_H
#define LASTACK_CAPTURE_REORDER_H

#include "capture/source.h"

enum { REORDER_FIRST = 64 };

struct reorder;

/* The source is borrowed; the n records, at most REORDER_FIRST, were read from it last. */
struct reorder *reorder_new(struct source *source, const struct record *first, size_t n);
/* As source_next(). */
enum source_status reorder_next(struct reorder *r, struct record *records, size_t max, size_t *n,
                                struct error *err);
void reorder_free(struct reorder *r);

#endif
