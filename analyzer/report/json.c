/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The two JSON outputs: one document, or one object a line. Both are made of the same objects, and
 * never hold more than one of them. */
#include "base/xalloc.h"
#include "detect/host.h"
#include "detect/what_if.h"
#include "report/json_objects.h"

#include <stdlib.h>

struct json_writer {
    struct writer w;
    struct json j; /* the object at hand */
    size_t n;      /* elements written to the open array */
};

static enum writer_wants wants_sorted(const struct write_options *o)
{
    (void)o;
    return WANTS_SORTED;
}

static enum writer_wants wants_streamed(const struct write_options *o)
{
    (void)o;
    return WANTS_STREAMED;
}

static struct writer *open_json(const struct writer_ops *ops, FILE *out,
                                const struct write_options *o)
{
    struct json_writer *j = xcalloc(1, sizeof *j);

    j->w = (struct writer){.ops = ops, .out = out, .options = *o};
    return &j->w;
}

static struct writer *open_document(FILE *out, const struct write_options *o)
{
    return open_json(&writer_json, out, o);
}

static struct writer *open_lines(FILE *out, const struct write_options *o)
{
    return open_json(&writer_ndjson, out, o);
}

/* Write what was put into j->j, and empty it. */
static void flush(struct json_writer *j)
{
    if (j->j.text.len)
        fwrite(j->j.text.text, 1, j->j.text.len, j->w.out);
    strbuf_clear(&j->j.text);
    j->j.more = false;
}

/* The object in j->j is the next element of the open array. */
static void element(struct json_writer *j)
{
    fputs(j->n++ ? ",\n" : "\n", j->w.out);
    flush(j);
}

/* The object in j->j is a line. */
static void line(struct json_writer *j)
{
    strbuf_putc(&j->j.text, '\n');
    flush(j);
}

static void close_json(struct json_writer *j)
{
    strbuf_done(&j->j.text);
    free(j);
}

/* --- one document ----------------------------------------------------------------------------- */

static void document_hosts(struct json_writer *j, const struct model_summary *s)
{
    fputs(",\n\"hosts\":[", j->w.out);
    for (size_t i = 0; i < s->n_hosts; i++) {
        json_host(&j->j, &s->hosts[i]);
        element(j);
    }
    j->n = 0;
    fputs("],\n\"populations\":[", j->w.out);
    for (size_t i = 0; i < s->n_hosts; i++)
        for (int k = 0; k < HOST_STATES; k++)
            if (json_population(&j->j, &s->hosts[i], k))
                element(j);
    j->n = 0;
    fputs("]", j->w.out);
}

static void document_summary(struct writer *w, const struct model_summary *s)
{
    struct json_writer *j = (struct json_writer *)w;

    fputs("{\"schema\":\"lastack/1\",\n\"capture\":", w->out);
    json_capture(&j->j, s, &w->options);
    flush(j);
    fputs(",\n\"options\":", w->out);
    json_options(&j->j, s);
    flush(j);
    fputs(",\n\"summary\":", w->out);
    json_summary(&j->j, s);
    flush(j);
    document_hosts(j, s);
    if (s->what_if->n) {
        fputs(",\n\"what_if\":", w->out);
        json_what_if(&j->j, s->what_if);
        flush(j);
    }
    fputs(",\n\"findings\":[", w->out);
    for (size_t i = 0; i < s->n_cross; i++) {
        json_cross_finding(&j->j, &s->cross[i], &w->options);
        element(j);
    }
    fputs("],\n\"connections\":[", w->out);
    j->n = 0;
}

static void document_connection(struct writer *w, const struct model_connection *c)
{
    struct json_writer *j = (struct json_writer *)w;

    json_connection(&j->j, c, &w->options);
    element(j);
}

static void document_close(struct writer *w)
{
    fputs("\n]}\n", w->out);
    close_json((struct json_writer *)w);
}

/* --- lines ------------------------------------------------------------------------------------ */

static void lines_connection(struct writer *w, const struct model_connection *c)
{
    struct json_writer *j = (struct json_writer *)w;

    json_connection(&j->j, c, &w->options);
    line(j);
}

static void lines_hosts(struct json_writer *j, const struct model_summary *s)
{
    for (size_t i = 0; i < s->n_hosts; i++) {
        json_host(&j->j, &s->hosts[i]);
        line(j);
    }
    for (size_t i = 0; i < s->n_hosts; i++)
        for (int k = 0; k < HOST_STATES; k++)
            if (json_population(&j->j, &s->hosts[i], k))
                line(j);
}

static void lines_summary(struct writer *w, const struct model_summary *s)
{
    struct json_writer *j = (struct json_writer *)w;

    lines_hosts(j, s);
    if (s->what_if->n) {
        json_what_if(&j->j, s->what_if);
        line(j);
    }
    for (size_t i = 0; i < s->n_cross; i++) {
        json_cross_finding(&j->j, &s->cross[i], &w->options);
        line(j);
    }
    json_options(&j->j, s);
    line(j);
    json_capture(&j->j, s, &w->options);
    line(j);
    json_summary(&j->j, s);
    line(j);
}

static void lines_close(struct writer *w)
{
    close_json((struct json_writer *)w);
}

const struct writer_ops writer_json = {
    .name = "json",
    .wants = wants_sorted,
    .open = open_document,
    .connection = document_connection,
    .summary = document_summary,
    .close = document_close,
};

const struct writer_ops writer_ndjson = {
    .name = "ndjson",
    .wants = wants_streamed,
    .open = open_lines,
    .connection = lines_connection,
    .summary = lines_summary,
    .close = lines_close,
};
