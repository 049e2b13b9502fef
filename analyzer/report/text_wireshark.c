/* SPDX-License-Identifier: BSD-2-Clause
 *
 * -T wireshark: for each connection, and for the packets that prove its findings, a display filter
 * to paste into Wireshark. What is no filter is a comment. */
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "report/wireshark.h"
#include "report/words.h"
#include "report/writer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static enum writer_wants wants(const struct write_options *o)
{
    (void)o;
    return WANTS_SORTED;
}

static struct writer *open_wireshark(FILE *out, const struct write_options *o)
{
    struct writer *w = xcalloc(1, sizeof *w);

    *w = (struct writer){.ops = &writer_wireshark, .out = out, .options = *o};
    return w;
}

static void summary(struct writer *w, const struct model_summary *s)
{
    for (size_t i = 0; w->options.n_files > 1 && i < input_n_files(s->input); i++) {
        const char *path = input_file(s->input, i)->path;
        struct strbuf b = {0};

        strbuf_printf(&b, "# file %zu: ", i);
        strbuf_put_untrusted(&b, path, strlen(path));
        fprintf(w->out, "%s\n", b.text);
        strbuf_done(&b);
    }
}

static void connection(struct writer *w, const struct model_connection *c)
{
    struct strbuf b = {0};

    strbuf_puts(&b, "# ");
    connection_words(c, &b);
    strbuf_printf(&b, ", %s\n", close_kind_name(c->close));
    wireshark_connection(c, w->options.n_files, &b);
    strbuf_putc(&b, '\n');
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct finding *f = &c->findings[i];

        if (!f->n_evidence)
            continue;
        strbuf_printf(&b, "# %s %s", severity_name(f->severity), finding_info(f->id)->id);
        if (w->options.n_files > 1)
            strbuf_printf(&b, ", in file %u", f->evidence[0].at.file);
        strbuf_putc(&b, '\n');
        wireshark_evidence(f, &b);
        strbuf_putc(&b, '\n');
    }
    fputs(b.text, w->out);
    strbuf_done(&b);
}

static void close_wireshark(struct writer *w)
{
    free(w);
}

const struct writer_ops writer_wireshark = {
    .name = "wireshark",
    .wants = wants,
    .open = open_wireshark,
    .connection = connection,
    .summary = summary,
    .close = close_wireshark,
};
