/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A connection packed into as few octets as it needs, for those of which many are kept and few are
 * looked at: ended ones that wait for their TIME_WAIT to pass, quiet ones, finished ones that wait
 * for their turn in the output. Exact: what thaw gives back is the same connection in every field
 * that anything reads; only what the table gives it (its places there, most_holes) is gone.
 *
 * Packed octets are the program's own; they are not a file format and not checked. */
#ifndef LASTACK_TRACK_FROZEN_H
#define LASTACK_TRACK_FROZEN_H

#include "base/arena.h"
#include "base/pool.h"
#include "track/connection.h"

/* No connection needs more octets. */
enum { FROZEN_MAX = 8192 + STEPS_MOST * 56 };

/* Pack c into `to`, FROZEN_MAX octets; returns how many were used. recent: keep what recognises a
 * second record of the last segments, too; nothing reads that once a connection is finished. */
size_t freeze(const struct connection *c, bool recent, uint8_t *to);
/* The five-tuple of a packed connection. */
struct flow_key frozen_key(const uint8_t *packed);
/* What is asked of many without unpacking them. */
struct frozen_head {
    uint64_t stream;
    int64_t last_t;
};
struct frozen_head frozen_head(const uint8_t *packed);
/* The connection, all of it in the arena. */
struct connection *thaw(const uint8_t *packed, struct arena *arena);
/* The connection into *c, for the tracker: its steps come from chunks (steplog.h) or malloc, extra
 * and `before` from malloc. */
void thaw_alive(const uint8_t *packed, struct connection *c, struct pool *chunks);

#endif
