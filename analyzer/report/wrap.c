/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/wrap.h"

#include <stdbool.h>
#include <string.h>

/* Octets up to the blank where a line may break: not between a figure and its unit. */
static size_t unbroken(const char *text)
{
    static const char *const units[] = {"ns", "us", "ms", "s", "min", "h", "d", "%"};
    size_t n = strcspn(text, " ");

    if (text[0] < '0' || text[0] > '9' || strspn(text, "0123456789.") != n || text[n] != ' ')
        return n;
    size_t unit = strcspn(text + n + 1, " ,.;:)");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i]) == unit && strncmp(text + n + 1, units[i], unit) == 0)
            return n + 1 + strcspn(text + n + 1, " ");
    return n;
}

void wrap(FILE *out, const char *label, int indent, const char *text)
{
    int column = fprintf(out, "%-*s", indent, label);
    bool first = true;

    while (*text) {
        size_t word = unbroken(text);

        if (!first && column + 1 + (int)word > PAGE_WIDTH) {
            column = fprintf(out, "\n%*s", indent, "") - 1;
            first = true;
        }
        if (!first)
            column += fprintf(out, " ");
        column += fprintf(out, "%.*s", (int)word, text);
        first = false;
        text += word;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}
