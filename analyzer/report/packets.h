/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The packets behind a connection, read from the capture once more: their octets, and one by one
 * those that the ladder folds. */
#ifndef LASTACK_REPORT_PACKETS_H
#define LASTACK_REPORT_PACKETS_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "report/model.h"

enum { PACKETS_OF_FOLD = 1000 }; /* so many of a fold are told */

struct packets;

/* The input is borrowed; it may still be read. */
struct packets *packets_new(const struct input *input);
void packets_free(struct packets *p);

/* The octets of a packet in hexadecimal and as text, `columns` octets a line, headers and payload
 * apart; or why they are not to be had. */
void packets_dump(struct packets *p, const struct ref *at, int columns, struct strbuf *out);

/* The segments that a fold of c stands for, oldest first, in the arena; *n of them. What the limit
 * or the capture denies is told by *rest: so many were not looked at. */
struct model_step *packets_of_fold(struct packets *p, const struct model_connection *c,
                                   const struct model_step *fold, struct arena *arena, size_t *n,
                                   uint64_t *rest);

#endif
