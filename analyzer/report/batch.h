/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Finished connections on their way from the thread that reads to one that judges: packed, a few
 * dozen at a time. */
#ifndef LASTACK_REPORT_BATCH_H
#define LASTACK_REPORT_BATCH_H

#include "base/arena.h"
#include "report/examine.h"

#include <stddef.h>
#include <stdint.h>

enum { BATCH_CONNECTIONS = 32 };

struct batch_item {
    int64_t judged_at;
    size_t at, size;                  /* where it stands in `packed` (track/frozen.h) */
    const struct model_connection *m; /* filled by batch_examine(), in the batch's arena */
};

struct batch {
    size_t n;
    struct batch_item item[BATCH_CONNECTIONS];
    uint8_t *packed;
    size_t used, cap;
    struct arena arena;
};

struct batch *batch_new(void);
/* Pack c into the batch; true when that filled it. */
bool batch_add(struct batch *b, const struct connection *c, int64_t judged_at);
void batch_examine(struct batch *b, const struct examiner *x);
void batch_free(struct batch *b);

#endif
