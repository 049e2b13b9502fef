/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A producer of octets in a thread of its own, a ring of blocks ahead of whoever reads them. */
#ifndef LASTACK_CAPTURE_PUMP_H
#define LASTACK_CAPTURE_PUMP_H

#include <stddef.h>
#include <stdint.h>

struct pump;

/* Puts octets at `to` and returns how many; 0 at the end. */
typedef size_t pump_producer(void *context, uint8_t *to, size_t room);

/* NULL when no thread can be had: then call the producer yourself. All signals are blocked in the
 * thread. */
struct pump *pump_start(pump_producer *produce, void *context);
/* The next octets; 0 at the end and after octets_interrupt(). */
size_t pump_read(struct pump *p, uint8_t *to, size_t room);
/* Ends the thread once produce() returns. p may be NULL. */
void pump_stop(struct pump *p);

#endif
