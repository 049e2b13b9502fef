/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Numbers at random, the same in each run. */
#ifndef LASTACK_TESTS_UNIT_RANDOM64_H
#define LASTACK_TESTS_UNIT_RANDOM64_H

#include <stdint.h>

static uint64_t random_state = 88172645463325252u;

static inline uint64_t random64(void) /* xorshift64* */
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 2685821657736338717u;
}

#endif
