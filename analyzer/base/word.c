/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/word.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { LONGEST = 64 }; /* words beyond it are never near each other */

bool word_same(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a == '-' || *a == '_')
            a++;
        while (*b == '-' || *b == '_')
            b++;
        if (toupper((unsigned char)*a) != toupper((unsigned char)*b))
            return false;
        if (!*a)
            return true;
    }
}

bool word_contains(const char *text, const char *part)
{
    size_t n = strlen(part);

    for (size_t len = strlen(text); len >= n; text++, len--)
        if (strncasecmp(text, part, n) == 0)
            return true;
    return false;
}

unsigned word_distance(const char *a, const char *b, unsigned limit)
{
    unsigned row[LONGEST + 1];
    size_t n = strlen(b);

    if (n > LONGEST || strlen(a) > LONGEST)
        return limit;
    for (size_t j = 0; j <= n; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; a[i - 1]; i++) { /* row[j]: from the first i letters of a to j of b */
        unsigned corner = row[0];

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= n; j++) {
            unsigned change =
                corner + (toupper((unsigned char)a[i - 1]) != toupper((unsigned char)b[j - 1]));
            unsigned other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

            corner = row[j];
            row[j] = change < other ? change : other;
        }
    }
    return row[n] < limit ? row[n] : limit;
}
