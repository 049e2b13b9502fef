/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/utf8.h"

#include <stdbool.h>

size_t utf8_printable(const char *text, size_t len, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0xa0, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)text;

    if (!len)
        return 0;
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 0;
    if (n == 1) {
        *code = p[0];
        return p[0] >= 0x20 && p[0] != 0x7f;
    }
    if (n == 0 || n > len || p[0] > 0xf4)
        return 0;
    uint32_t c = p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    bool surrogate = c >= 0xd800 && c < 0xe000;
    /* Directional overrides re-order what a reader sees; line separators break lines. */
    bool steering = (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    *code = c;
    return c >= least[n] && c <= 0x10ffff && !surrogate && !steering ? n : 0;
}
