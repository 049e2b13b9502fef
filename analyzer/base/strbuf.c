/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/strbuf.h"

#include "base/utf8.h"
#include "base/xalloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct strbuf *b, size_t more)
{
    if (b->cap - b->len > more)
        return;
    size_t cap = b->cap ? b->cap : 256;
    while (cap - b->len <= more)
        cap *= 2;
    b->text = xreallocarray(b->text, cap, 1);
    b->cap = cap;
}

char *strbuf_room(struct strbuf *b, size_t more)
{
    reserve(b, more);
    return b->text + b->len;
}

void strbuf_add(struct strbuf *b, const char *text, size_t len)
{
    reserve(b, len);
    memcpy(b->text + b->len, text, len);
    b->len += len;
    b->text[b->len] = '\0';
}

void strbuf_puts(struct strbuf *b, const char *text)
{
    strbuf_add(b, text, strlen(text));
}

void strbuf_putc(struct strbuf *b, char c)
{
    strbuf_add(b, &c, 1);
}

void strbuf_printf(struct strbuf *b, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    reserve(b, 0);
    int need = vsnprintf(b->text + b->len, 1, format, args);
    va_end(args);
    if (need > 0) {
        reserve(b, (size_t)need);
        vsnprintf(b->text + b->len, (size_t)need + 1, format, again);
        b->len += (size_t)need;
    }
    va_end(again);
}

void strbuf_put_number(struct strbuf *b, int64_t number)
{
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char text[24], *p = text + sizeof text;

    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0)
        *--p = '-';
    strbuf_add(b, p, (size_t)(text + sizeof text - p));
}

void strbuf_put_untrusted(struct strbuf *b, const char *text, size_t len)
{
    uint32_t code;

    for (size_t i = 0; i < len;) {
        size_t n = utf8_printable(text + i, len - i, &code);

        if (n)
            strbuf_add(b, text + i, n);
        else
            strbuf_printf(b, "\\x%02x", (unsigned char)text[i]);
        i += n ? n : 1;
    }
}

void strbuf_clear(struct strbuf *b)
{
    b->len = 0;
    if (b->text)
        b->text[0] = '\0';
}

void strbuf_done(struct strbuf *b)
{
    free(b->text);
    *b = (struct strbuf){0};
}
