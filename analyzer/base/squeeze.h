/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Many short records of one sort, each packed for itself, so that any of them can be had alone: a
 * prefix code for each octet that may stand before, learned once from records of that sort.
 *
 * What is squeezed is the program's own; it is not a file format and not checked. */
#ifndef LASTACK_BASE_SQUEEZE_H
#define LASTACK_BASE_SQUEEZE_H

#include <stddef.h>
#include <stdint.h>

enum {
    SQUEEZE_CODE = 12, /* bits of the longest code */
    SQUEEZE_AHEAD = 2, /* so many octets behind a record may be looked at */
};

/* Octets that any record of n octets fits into. */
#define SQUEEZE_ROOM(n) (((n)*SQUEEZE_CODE + 7) / 8)

struct squeezer;

struct squeezer *squeezer_new(void);
void squeezer_free(struct squeezer *s);
/* A record that others resemble. */
void squeezer_learn(struct squeezer *s, const uint8_t *record, size_t n);
/* Enough is learned: from now on records can be squeezed, and none learned. */
void squeezer_settle(struct squeezer *s);
/* Squeeze n octets; returns how many they became. */
size_t squeeze(const struct squeezer *s, const uint8_t *record, size_t n, uint8_t *to);
/* The n octets again. */
void unsqueeze(const struct squeezer *s, const uint8_t *from, uint8_t *record, size_t n);

#endif
