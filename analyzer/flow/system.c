/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Option orders as common fingerprint collections have them (p0f, Nmap). To add a system: a row. */
#include "flow/system.h"

#include <stddef.h>
#include <string.h>

/* Kinds: 2 MSS, 1 no operation, 3 window scale, 4 SACK permitted, 8 timestamps. */
static const struct {
    const char *name;
    uint8_t ttl; /* what it starts with; fewer hops remain at the tap */
    uint8_t n, order[SEGMENT_OPTION_ORDER];
} systems[] = {
    {"linux", 64, 5, {2, 4, 8, 1, 3}},
    {"linux", 64, 6, {2, 1, 1, 4, 1, 3}}, /* timestamps off */
    {"windows", 128, 6, {2, 1, 3, 1, 1, 4}},
    {"windows", 128, 5, {2, 1, 3, 4, 8}},
    {"macos", 64, 7, {2, 1, 3, 1, 1, 8, 4}},
    {"freebsd", 64, 5, {2, 1, 3, 4, 8}},
    {"openbsd", 64, 9, {2, 1, 1, 4, 1, 3, 1, 1, 8}},
};

enum { SYSTEMS = sizeof systems / sizeof *systems };

uint8_t system_guess(const struct segment *s)
{
    for (size_t i = 0; i < SYSTEMS; i++)
        if (s->ttl <= systems[i].ttl && (systems[i].ttl == 64 || s->ttl > 64) &&
            s->n_option_order == systems[i].n &&
            memcmp(s->option_order, systems[i].order, systems[i].n) == 0)
            return (uint8_t)(i + 1);
    return 0;
}

const char *system_name(uint8_t system)
{
    return system && system <= SYSTEMS ? systems[system - 1].name : NULL;
}
