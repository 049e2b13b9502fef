/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a capture may cost, whoever made it. Each limit is an option (--limit NAME=N), and what it
 * took is counted and shown. To add one: a row, whoever honours it, and a count where it hits. */
#ifndef LASTACK_TRACK_LIMITS_H
#define LASTACK_TRACK_LIMITS_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* identifier, name on the command line, default, least, most, what it bounds, what its count is */
#define LIMITS(L)                                                                                  \
    L(CONNECTIONS, "connections", 800000, 64, 1000000000,                                          \
      "connections in memory; the longest quiet is judged early, one that is closing last",        \
      "connections judged before their silence was over")                                          \
    L(INCARNATIONS, "incarnations", 64, 16, 4096,                                                  \
      "uses of one five-tuple in memory; the oldest is judged early",                              \
      "old uses of a five-tuple judged before their silence was over")                             \
    L(STEPS, "steps", 256, 64, 1024,                                                               \
      "steps kept of a connection: three quarters from its start, the rest from its end",          \
      "connections of which not every step was kept")                                              \
    L(RANGES, "ranges", 16, 1, 64, "missing ranges remembered for each direction",                 \
      "missing ranges forgotten")

enum limit {
#define LIMIT_ENUM(id, name, value, least, most, text, count) LIMIT_##id,
    LIMITS(LIMIT_ENUM)
#undef LIMIT_ENUM
        LIMIT_COUNT
};

struct limit_info {
    const char *name, *text, *count;
    uint64_t value, least, most; /* value: the default */
};

struct limits {
    uint64_t of[LIMIT_COUNT];
};

struct limits limits_default(void);
const struct limit_info *limit_info(enum limit l);
/* "connections=100000". False with *err set. */
bool limits_parse(struct limits *l, const char *text, struct error *err);

#endif
