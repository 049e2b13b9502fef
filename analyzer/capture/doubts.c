/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/doubts.h"

#include "base/xalloc.h"

#include <stdlib.h>

void doubts_init(struct doubts *d)
{
    d->gaps = xcalloc(INPUT_GAPS, sizeof *d->gaps);
}

void doubts_step(struct doubts *d, const struct input_clock_step *step)
{
    d->total_steps++;
    if (d->n_steps == INPUT_CLOCK_STEPS)
        return;
    if (!d->steps)
        d->steps = xcalloc(INPUT_CLOCK_STEPS, sizeof *d->steps);
    d->steps[d->n_steps++] = *step;
}

void doubts_gap(struct doubts *d, const struct input_gap *gap)
{
    d->total_gaps++;
    if (d->n_gaps == INPUT_GAPS)
        return;
    d->gaps[d->n_gaps] = *gap;
    d->n_gaps++; /* after it is there */
}

void doubts_loss(struct doubts *d, uint32_t file, const struct capture_loss *loss)
{
    if (d->n_losses == INPUT_LOSSES)
        return;
    if (!d->losses)
        d->losses = xcalloc(INPUT_LOSSES, sizeof *d->losses);
    d->losses[d->n_losses] =
        (struct input_loss){.file = file,
                            .from = loss->from,
                            .to = d->n_losses + 1 < INPUT_LOSSES ? loss->to : INT64_MAX};
    d->n_losses++;
}

void doubts_done(struct doubts *d)
{
    free(d->steps);
    free(d->gaps);
    free(d->losses);
}
