/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/json_text.h"

#include <stdbool.h>
#include <string.h>

enum { SHORT = 64 }; /* octets of a value that need not be broken */

/* The octet behind a string that starts at p. */
static const char *string_end(const char *p)
{
    for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1])
            p++;
    return *p ? p + 1 : p;
}

/* The octet behind the object or array that starts at p. */
static const char *value_end(const char *p)
{
    int depth = 0;

    do {
        if (*p == '"') {
            p = string_end(p);
            continue;
        }
        depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
        p++;
    } while (*p && depth > 0);
    return p;
}

static void new_line(struct strbuf *out, int depth)
{
    strbuf_putc(out, '\n');
    for (int i = 0; i < depth; i++)
        strbuf_puts(out, "  ");
}

void json_indent(const char *p, struct strbuf *out)
{
    int depth = 0;

    while (*p && *p != '\n') {
        if (*p == '"') {
            const char *end = string_end(p);
            strbuf_add(out, p, (size_t)(end - p));
            p = end;
        } else if (*p == '{' || *p == '[') {
            const char *end = value_end(p);
            if (end - p <= SHORT) {
                strbuf_add(out, p, (size_t)(end - p));
                p = end;
            } else {
                strbuf_putc(out, *p++);
                new_line(out, ++depth);
            }
        } else if (*p == '}' || *p == ']') {
            new_line(out, --depth);
            strbuf_putc(out, *p++);
        } else if (*p == ',') {
            strbuf_putc(out, *p++);
            new_line(out, depth);
        } else if (*p == ':') {
            strbuf_puts(out, ": ");
            p++;
        } else {
            strbuf_putc(out, *p++);
        }
    }
}
