/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/pcapng_clock.h"

#include "capture/savefile.h"

#include <stdbool.h>

static uint64_t power_of_ten(unsigned n)
{
    uint64_t p = 1;

    while (n--)
        p *= 10;
    return p;
}

static void split_decimal(uint64_t ticks, unsigned digits, uint64_t *s, uint64_t *ns)
{
    *s = digits < 20 ? ticks / power_of_ten(digits) : 0;
    if (digits <= 9)
        *ns = ticks % power_of_ten(digits) * power_of_ten(9 - digits);
    else if (digits < 20)
        *ns = ticks % power_of_ten(digits) / power_of_ten(digits - 9);
    else
        *ns = digits - 9 < 20 ? ticks / power_of_ten(digits - 9) : 0;
}

static void split_binary(uint64_t ticks, unsigned bits, uint64_t *s, uint64_t *ns)
{
    enum { ENOUGH = 34 }; /* bits of a fraction, so that its product with 10^9 fits */

    *s = bits < 64 ? ticks >> bits : 0;
    uint64_t fraction = bits < 64 ? ticks & ((UINT64_C(1) << bits) - 1) : ticks;
    if (bits > ENOUGH) {
        fraction = bits - ENOUGH < 64 ? fraction >> (bits - ENOUGH) : 0;
        bits = ENOUGH;
    }
    *ns = fraction * NS_PER_S >> bits;
}

int64_t pcapng_clock_slow(const struct pcapng_clock *c, uint64_t ticks)
{
    const int64_t far = 10000000000; /* s; beyond every time that is believed */
    int64_t offset = c->offset;
    uint64_t s, ns;

    if (c->resolution & 0x80)
        split_binary(ticks, c->resolution & 0x7f, &s, &ns);
    else
        split_decimal(ticks, c->resolution, &s, &ns);
    if (offset > far || offset < -far)
        offset = offset < 0 ? -far : far;
    return savefile_time((s > (uint64_t)far ? far : (int64_t)s) + offset, (int64_t)ns);
}

struct pcapng_clock pcapng_clock(uint8_t resolution, int64_t offset)
{
    struct pcapng_clock c = {.resolution = resolution, .offset = offset};

    if (resolution <= 9 && offset == 0) {
        c.scale = power_of_ten(9u - resolution);
        c.limit = UINT64_C(7999999999000000000) / c.scale;
    }
    return c;
}
