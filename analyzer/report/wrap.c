/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/wrap.h"

#include <stdbool.h>
#include <string.h>

void wrap(FILE *out, const char *label, int indent, const char *text)
{
    int column = fprintf(out, "%-*s", indent, label);
    bool first = true;

    while (*text) {
        size_t word = strcspn(text, " ");

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
