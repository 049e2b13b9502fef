/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The packets of chosen connections, written as a capture (-w). Which connections are chosen is
 * known only when they are over, so the input is read twice: the first reading remembers what the
 * second can't see in time (fragments, whose connection shows with the last one), the second
 * writes. Both find the same connections with the same numbers, since they take the same way.
 *
 * What belongs to a connection: every packet that it counts, copies included; ICMP errors that
 * quote it; the fragments of its packets; SYNs between its ends that were not accepted as a new
 * one. */
#ifndef LASTACK_EXTRACT_H
#define LASTACK_EXTRACT_H

#include "pipeline.h"

struct extract;

struct extract *extract_new(void);
/* Let it see the first reading of p, before the first record. Without that it reads once more when
 * it is opened. */
void extract_watch(struct extract *e, struct pipeline *p);
/* The connection of that number was judged: whether its packets are wanted. A number that is never
 * named is none. */
void extract_choose(struct extract *e, uint64_t stream, bool wanted);

/* Begin the second reading, of what `first` has read, to a capture on out, which belongs to the
 * extract from now on. False with *err set (and out closed) when that can't be done. */
bool extract_open(struct extract *e, const struct pipeline *first, const struct options *o,
                  FILE *out, struct error *err);
/* Take one record; false at the end. */
bool extract_read(struct extract *e);
/* How far it is. */
const struct intake_counts *extract_counts(const struct extract *e);
/* Packets written so far. */
uint64_t extract_packets(const struct extract *e);
/* False with *err set when the input was not the same as before or not all could be written. After
 * it another extract_open() may follow. */
bool extract_close(struct extract *e, struct error *err);
void extract_free(struct extract *e); /* NULL is fine */

#endif
