/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Numbers as decimal digits, written where they belong, without a NUL. Each returns the place
 * behind what it wrote. */
#ifndef LASTACK_BASE_DIGITS_H
#define LASTACK_BASE_DIGITS_H

#include <stdint.h>

enum { DIGITS_MAX = 20 }; /* octets of the longest, its sign included */

/* As many digits as it takes. */
char *digits_put(char *to, uint64_t number);
char *digits_put_signed(char *to, int64_t number);
/* Exactly so many, zeros in front: number < 100, 10^4, 10^9. */
char *digits_put_2(char *to, unsigned number);
char *digits_put_4(char *to, unsigned number);
char *digits_put_9(char *to, unsigned number);
/* A number >= 0 rounded to two figures: for what is projected, more would be false precision. */
int64_t digits_rough(int64_t number);

#endif
