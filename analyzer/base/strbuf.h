/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A growing string, for output that is built piece by piece. Always NUL-terminated once something
 * was added. */
#ifndef LASTACK_BASE_STRBUF_H
#define LASTACK_BASE_STRBUF_H

#include <stddef.h>
#include <stdint.h>

struct strbuf {
    char *text; /* owned; NULL while empty */
    size_t len, cap;
};

void strbuf_add(struct strbuf *b, const char *text, size_t len);
void strbuf_puts(struct strbuf *b, const char *text);
void strbuf_putc(struct strbuf *b, char c);
void strbuf_printf(struct strbuf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Text that came from outside (file names, capture contents): control characters, ESC and invalid
 * UTF-8 become `\xNN`, so that nothing in it can drive a terminal. */
void strbuf_put_untrusted(struct strbuf *b, const char *text, size_t len);
/* Room for `more` octets at the end, to be written by the caller, who then sets len and ends the
 * text with a NUL, for which there is room too. */
static inline char *strbuf_room(struct strbuf *b, size_t more);
/* Empty the string but keep its memory. */
void strbuf_clear(struct strbuf *b);
void strbuf_done(struct strbuf *b);

/* For strbuf_room(): get memory for them. */
void strbuf_grow(struct strbuf *b, size_t more);

static inline char *strbuf_room(struct strbuf *b, size_t more)
{
    if (b->cap - b->len <= more)
        strbuf_grow(b, more);
    return b->text + b->len;
}

#endif
