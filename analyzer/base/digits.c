/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/digits.h"

#include <string.h>

/* Two digits cost one division. */
#define TEN(d) d "0" d "1" d "2" d "3" d "4" d "5" d "6" d "7" d "8" d "9"
static const char pairs[] =
    TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6") TEN("7") TEN("8") TEN("9");
#undef TEN

char *digits_put_2(char *to, unsigned number)
{
    memcpy(to, &pairs[2 * number], 2);
    return to + 2;
}

char *digits_put_4(char *to, unsigned number)
{
    return digits_put_2(digits_put_2(to, number / 100), number % 100);
}

char *digits_put_9(char *to, unsigned number)
{
    *to++ = (char)('0' + number / 100000000);
    number %= 100000000;
    return digits_put_4(digits_put_4(to, number / 10000), number % 10000);
}

char *digits_put(char *to, uint64_t number)
{
    if (number >= 10000)
        return digits_put_4(digits_put(to, number / 10000), (unsigned)(number % 10000));
    unsigned few = (unsigned)number, front = few >= 100 ? few / 100 : few;
    if (front >= 10)
        to = digits_put_2(to, front);
    else
        *to++ = (char)('0' + front);
    return few >= 100 ? digits_put_2(to, few % 100) : to;
}

char *digits_put_signed(char *to, int64_t number)
{
    if (number >= 0)
        return digits_put(to, (uint64_t)number);
    *to++ = '-';
    return digits_put(to, 0 - (uint64_t)number);
}

int64_t digits_rough(int64_t number)
{
    int64_t unit = 1;

    while (number / unit >= 100)
        unit *= 10;
    return (number / unit + (unit > 1 && number % unit >= unit / 2)) * unit;
}
