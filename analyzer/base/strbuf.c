/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/strbuf.h"

#include "base/utf8.h"
#include "base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void strbuf_grow(struct strbuf *b, size_t more)
{
    size_t cap = b->cap ? b->cap : 256;
    while (cap - b->len <= more)
        cap *= 2;
    b->text = xreallocarray(b->text, cap, 1);
    b->cap = cap;
}

void strbuf_add(struct strbuf *b, const char *text, size_t len)
{
    memcpy(strbuf_room(b, len), text, len);
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
    int need = vsnprintf(strbuf_room(b, 0), 1, format, args);
    va_end(args);
    if (need > 0) {
        vsnprintf(strbuf_room(b, (size_t)need), (size_t)need + 1, format, again);
        b->len += (size_t)need;
    }
    va_end(again);
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
