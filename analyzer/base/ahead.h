/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A producer in a thread of its own, a ring of blocks ahead of whoever takes them, in order. What
 * the producer touches is its own until ahead_next() returned NULL or ahead_stop() returned; what
 * it did before it handed a block on is seen by who takes the block. */
#ifndef LASTACK_BASE_AHEAD_H
#define LASTACK_BASE_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

struct ahead;

/* Fills a block, which holds what an earlier use left in it. False at the end: the block is not
 * handed on. */
typedef bool ahead_fill(void *context, const struct ahead *a, void *block);

/* n blocks of `size` octets, zeroed at first; n >= 2. All signals are blocked in the thread. NULL
 * when the system has none to give: then fill blocks yourself. */
struct ahead *ahead_start(ahead_fill *fill, void *context, size_t n, size_t size);
/* The next block, valid until the next call; NULL at the end, again and again. */
void *ahead_next(struct ahead *a);
/* For the producer: whether somebody waits for a block, so that it is better handed on now than
 * filled further. */
bool ahead_is_awaited(const struct ahead *a);
/* Ends the thread once fill() returns, whether all blocks were taken or not. NULL does no harm. */
void ahead_stop(struct ahead *a);

#endif
