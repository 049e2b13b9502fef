/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Connections that are copies of others: the same ones on the other side of an address translation
 * (flow/translation.h). They are counted here (Q8 translated-copy) and nowhere else. */
#ifndef LASTACK_DETECT_TWINS_H
#define LASTACK_DETECT_TWINS_H

#include "detect/findings_across.h"

struct twins {
    uint64_t n;
    uint64_t member[CROSS_MEMBERS];
    /* the one with the lowest stream */
    uint64_t stream;
    struct ref first;
    struct addr addr[2]; /* by enum end */
    uint16_t port[2];
};

/* Whether f is such a copy: then it is counted. */
bool twins_add(struct twins *t, const struct facts *f);
void twins_finish(const struct twins *t, struct cross_list *out);

#endif
