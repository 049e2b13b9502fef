/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Finished connections on their way from the thread that tracks to one that judges: packed, a few
 * dozen at a time. */
#ifndef LASTACK_REPORT_BATCH_H
#define LASTACK_REPORT_BATCH_H

#include "base/arena.h"
#include "report/examine.h"
#include "track/tracker.h"

#include <stddef.h>
#include <stdint.h>

enum { BATCH_CONNECTIONS = 32 };

struct batch_item {
    struct rested rest; /* its octets are set by batch_examine(): */
    size_t at;          /* where they stand in `packed` */
    bool came_rested;   /* or whole, and was packed here */
    /* filled by batch_examine(), in the batch's arena: */
    const struct connection *c;
    const struct model_connection *m;
};

struct batch {
    size_t n;
    struct batch_item item[BATCH_CONNECTIONS];
    uint8_t *packed;
    size_t used, cap;
    struct arena arena;
};

struct batch *batch_new(void);
/* Put a connection into the batch, packed; true when that filled it. */
bool batch_add(struct batch *b, const struct connection *c, int64_t judged_at);
bool batch_add_rested(struct batch *b, const struct rested *r);
void batch_examine(struct batch *b, const struct examiner *x);
/* Empty it for the next connections; it keeps its memory. */
void batch_reset(struct batch *b);
void batch_free(void *b); /* a crew_free */

#endif
