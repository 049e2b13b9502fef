/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How many different peers there were, and when each was there. Exact up to PEERS_MAX; of more the
 * lowest hashes are kept, whatever the order they come in, and the number is estimated from them
 * (within some 6 %). */
#ifndef LASTACK_DETECT_PEERS_H
#define LASTACK_DETECT_PEERS_H

#include "base/addr.h"

#include <stdbool.h>
#include <stddef.h>

enum { PEERS_MAX = 256 };

struct peer {
    uint64_t hash;
    int64_t first, last; /* ns */
};

struct peers {
    size_t n, cap;
    struct peer *peer; /* by hash, ascending; owned */
    bool more;         /* some were not kept */
};

void peers_add(struct peers *p, const struct addr *addr, uint16_t port, int64_t t);
/* Those that were there between two times (ns, both included). */
uint64_t peers_between(const struct peers *p, int64_t from, int64_t to);
void peers_done(struct peers *p);

#endif
