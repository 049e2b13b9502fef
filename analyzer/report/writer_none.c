/* SPDX-License-Identifier: BSD-2-Clause
 *
 * No report: standard output is taken by something else. */
#include "base/xalloc.h"
#include "report/writer.h"

#include <stdlib.h>

static enum writer_wants wants(const struct write_options *o)
{
    (void)o;
    return WANTS_NONE;
}

static struct writer *open_none(FILE *out, const struct write_options *o)
{
    struct writer *w = xcalloc(1, sizeof *w);

    *w = (struct writer){.ops = &writer_none, .out = out, .options = *o};
    return w;
}

static void connection(struct writer *w, const struct model_connection *c)
{
    (void)w;
    (void)c;
}

static void summary(struct writer *w, const struct model_summary *s)
{
    (void)w;
    (void)s;
}

static void close_none(struct writer *w)
{
    free(w);
}

const struct writer_ops writer_none = {
    .name = "",
    .wants = wants,
    .open = open_none,
    .connection = connection,
    .summary = summary,
    .close = close_none,
};
