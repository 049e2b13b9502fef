/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The files that the command writes to. They are opened before the process gives up its rights, but
 * what stands in them goes only when there is something to write; an input is never opened for
 * writing. */
#ifndef LASTACK_OUTPUTS_H
#define LASTACK_OUTPUTS_H

#include "capture/input.h"
#include "options.h"

struct spool;

struct outputs {
    FILE *report;           /* -o, or stdout */
    FILE *packets;          /* -w, or NULL; whoever writes to it closes it and sets this to NULL */
    bool packets_on_stdout; /* whose file may hold something already */
    struct spool *spool;    /* for a second reading of what can't be read twice, or NULL */
};

/* False with *err set when one can't be opened, or two are the same. outputs_close() may follow. */
bool outputs_open(struct outputs *s, const struct options *o, struct error *err);
/* Empty them: there is something to write. False with *err set when one of them is a file of `in`
 * (NULL: not asked), which a directory brought. */
bool outputs_start(struct outputs *s, const struct input *in, struct error *err);
/* False with *err set when not all of the report could be written. */
bool outputs_close(struct outputs *s, struct error *err);

#endif
