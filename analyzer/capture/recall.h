/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The newest records of inputs that can't be read again, in a ring of a few MiB. */
#ifndef LASTACK_CAPTURE_RECALL_H
#define LASTACK_CAPTURE_RECALL_H

#include "capture/source.h"

struct recall;

struct recall *recall_new(void);
/* Copy a record; the oldest ones make room. */
void recall_put(struct recall *r, const struct record *record);
/* The record, or NULL when it is gone; valid until the next recall_put(). */
const struct record *recall_find(const struct recall *r, uint32_t file, uint64_t number);
void recall_free(struct recall *r);

#endif
