/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What speaks against a capture as a whole, in reading order: where its clock stepped back, times
 * that no file covers, packets that were lost while it was taken. Each list is bounded and never
 * moves once it has entries, so that other threads may look at those whose number they know. */
#ifndef LASTACK_CAPTURE_DOUBTS_H
#define LASTACK_CAPTURE_DOUBTS_H

#include "capture/input.h"

struct doubts {
    struct input_clock_step *steps; /* INPUT_CLOCK_STEPS, as the next two; NULL: none so far */
    struct input_gap *gaps;
    struct input_loss *losses;
    size_t n_steps;
    uint64_t total_steps;
    _Atomic size_t n_gaps, n_losses;
    _Atomic uint64_t total_gaps;
};

/* Needed before the first gap only. */
void doubts_init(struct doubts *d);
void doubts_step(struct doubts *d, const struct input_clock_step *step);
void doubts_gap(struct doubts *d, const struct input_gap *gap);
/* The last one that finds room lasts for ever: what follows it is not told. */
void doubts_loss(struct doubts *d, uint32_t file, const struct capture_loss *loss);
void doubts_done(struct doubts *d);

#endif
