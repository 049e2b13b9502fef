/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A capture for the browser: the pipeline fills a store, in slices between keys. */
#ifndef LASTACK_BROWSE_H
#define LASTACK_BROWSE_H

#include "extract.h"
#include "pipeline.h"
#include "report/store.h"
#include "tui/tui.h"

struct browse {
    struct pipeline pipeline;
    struct store *store;
    struct tui_options options;
    const struct options *o;
    struct tui_saver saver;
    struct extract *extract; /* while packets are saved, */
    char *saved_to;          /* and to which file; owned */
    bool reading, ending;
    int64_t worked; /* ns spent in slices */
};

/* pipeline_open(), but of a pipe that has no packet yet a screen tells. *ended: nobody wants to
 * wait for it any more, and *status is how the program ends. */
bool browse_await(struct pipeline *p, const struct options *o, struct bpf *filter, bool *ended,
                  int *status, struct error *err);
/* p: open and not connected yet, taken over. o must outlive it. */
void browse_open(struct browse *b, const struct pipeline *p, const struct options *o);
/* How the browser drives it. */
struct tui_loader browse_loader(struct browse *b);
/* The exit status after it was run: what was read until its end is judged, the rest was not asked
 * for. */
int browse_status(struct browse *b);
void browse_close(struct browse *b);

#endif
