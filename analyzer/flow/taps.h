/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Capture points. Files that hold the same segments were taken at different places, or with
 * different clocks: what is a copy in one of them is no retransmission in the other, and the end of
 * one is not the end of the other. They are told apart by a tap number; files that continue each
 * other share one. */
#ifndef LASTACK_FLOW_TAPS_H
#define LASTACK_FLOW_TAPS_H

#include <stddef.h>
#include <stdint.h>

/* Read the start of each file and fill tap_of[n] with tap numbers from 0; returns how many taps
 * there are. Files that can't be read twice (pipes, standard input) are not compared: tap 0. */
uint32_t taps_find(const char *const *paths, size_t n, uint32_t *tap_of);

#endif
