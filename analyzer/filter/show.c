/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What people see of the language: where a filter is wrong, and all that it knows. */
#include "filter/filter.h"

#include "base/strbuf.h"
#include "filter/field.h"
#include "report/wrap.h"

#include <string.h>

/* --- the caret -------------------------------------------------------------------------------- */

/* One octet as one column: what no terminal should get, and the rest of a character of several
 * octets, become harmless. */
static char harmless(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7f ? c : '?';
}

char *filter_caret(const char *text, const struct filter_error *err, size_t width)
{
    const char more[] = "...";
    const size_t dots = sizeof more - 1;
    size_t len = strlen(text), from = 0, to;
    struct strbuf b = {0};

    if (width < 4 * dots)
        width = 4 * dots;
    if (len + 1 > width && err->column > width / 2) /* the mark stands in the middle */
        from = err->column - width / 2;
    to = len - from > width ? from + width : len;
    for (size_t i = from; i < to; i++) {
        bool cut = (from > 0 && i < from + dots) || (to < len && i >= to - dots);
        strbuf_putc(&b, cut ? '.' : harmless(text[i]));
    }
    strbuf_putc(&b, '\n');
    for (size_t i = from; i < err->column; i++)
        strbuf_putc(&b, ' ');
    strbuf_putc(&b, '^');
    for (size_t i = 1; i < err->length && err->column + i < to; i++)
        strbuf_putc(&b, '~');
    return b.text;
}

/* --- help ------------------------------------------------------------------------------------- */

enum { FIELD_INDENT = 25, TYPE_INDENT = 18 };

static void help_names(struct strbuf *b, const struct filter_type_info *type)
{
    const char *between = "";

    for (size_t i = 0; type->nth(i); i++) {
        if (!*type->nth(i))
            continue;
        strbuf_printf(b, "%s%s", between, type->nth(i));
        between = ", ";
    }
}

static void help_types(FILE *out)
{
    for (int t = 0; t < TYPE_COUNT; t++) {
        const struct filter_type_info *type = filter_type_info((enum filter_type)t);
        struct strbuf b = {0};
        char label[32];

        snprintf(label, sizeof label, "  %s ", type->name);
        strbuf_puts(&b, type->write);
        if (!type->write[0])
            help_names(&b, type);
        wrap(out, label, TYPE_INDENT, b.text ? b.text : "");
        strbuf_done(&b);
    }
}

void filter_help(FILE *out)
{
    size_t n;
    const struct filter_field *fields = filter_fields(&n);

    fputs("A display filter (-Y) compares fields of a connection:\n"
          "\n"
          "  field == value   !=  <  <=  >  >=   contains \"text\"   matches \"expression\"\n"
          "  field in {value, low..high}         field   (it has a value)\n"
          "  and  or  not  &&  ||  !  ( )\n"
          "\n"
          "A field with several values passes when one of them does; != passes when none is\n"
          "equal. Fields:\n"
          "\n",
          out);
    for (size_t i = 0; i < n; i++) {
        const struct filter_type_info *type = filter_type_info(fields[i].type);
        struct strbuf b = {0};
        char label[32];

        snprintf(label, sizeof label, "  %s ", fields[i].name);
        strbuf_printf(&b, "(%s) %s", type->name, fields[i].help);
        wrap(out, label, FIELD_INDENT, b.text);
        strbuf_done(&b);
    }
    fputs("\nHow values are written:\n\n", out);
    help_types(out);
}
