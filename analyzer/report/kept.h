/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Judged connections that wait for their turn in an output that is in order of stream, packed. They
 * are examined a second time when their turn comes, by several threads. */
#ifndef LASTACK_REPORT_KEPT_H
#define LASTACK_REPORT_KEPT_H

#include "base/arena.h"
#include "report/examine.h"

#include <stddef.h>
#include <stdint.h>

struct kept_connection;

/* {0} is empty. */
struct kept {
    struct kept_connection *connection;
    size_t n, cap;
    struct arena packed;
};

/* Takes one after the other; m is valid during the call. */
typedef void kept_taker(void *context, const struct model_connection *m);

void kept_add(struct kept *k, const struct connection *c, int64_t judged_at);
/* Hand the models of all to the taker, in order of stream. threads: the caller's included; the
 * taker is called by one at a time. */
void kept_tell(struct kept *k, const struct examiner *x, unsigned threads, kept_taker *take,
               void *context);
void kept_done(struct kept *k);

#endif
