/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A table that counts connections by one of their keys: hosts, storms, boxes, pairs. The steps of
 * counting are apart so that many connections can take each of them together (across.c). */
#ifndef LASTACK_DETECT_TALLY_H
#define LASTACK_DETECT_TALLY_H

#include "detect/facts.h"
#include "detect/keyed.h"

struct tally {
    size_t size;   /* of an entry */
    size_t common; /* octets at its begin that every connection needs */
    /* Where the connection is counted; which: what of it is the key, for tables that count it more
     * than once. */
    struct keyed_place (*place)(struct keyed *t, const struct facts *f, int which);
    /* Fetch what the entry owns and add() will touch; NULL: nothing. The common part is there. */
    void (*fetch)(const void *entry);
    void (*add)(void *entry, const struct facts *f, int which);
};

extern const struct tally host_tally;  /* which: enum end */
extern const struct tally storm_tally; /* which: enum storm_scope */
extern const struct tally box_tally, pair_tally;

#endif
