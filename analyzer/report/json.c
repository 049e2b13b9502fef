/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The two JSON outputs: one document, or one object a line. Both are made of the same objects, one
 * at a time, so that cJSON never holds more than one connection. */
#include "base/xalloc.h"
#include "detect/host.h"
#include "detect/what_if.h"
#include "report/json_objects.h"

#include <stdlib.h>

struct json_writer {
    struct writer w;
    size_t n; /* elements written to the open array */
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

/* Print and free an object. */
static void print(FILE *out, cJSON *object)
{
    char *text = cJSON_PrintUnformatted(object);

    if (text)
        fputs(text, out);
    cJSON_free(text);
    cJSON_Delete(object);
}

static void element(struct json_writer *j, cJSON *object)
{
    if (!object)
        return;
    fputs(j->n++ ? ",\n" : "\n", j->w.out);
    print(j->w.out, object);
}

static void line(struct json_writer *j, cJSON *object)
{
    if (!object)
        return;
    print(j->w.out, object);
    fputc('\n', j->w.out);
}

/* --- one document ----------------------------------------------------------------------------- */

static void document_summary(struct writer *w, const struct model_summary *s)
{
    struct json_writer *j = (struct json_writer *)w;

    fputs("{\"schema\":\"lastack/1\",\n\"capture\":", w->out);
    print(w->out, json_capture(s, &w->options));
    fputs(",\n\"options\":", w->out);
    print(w->out, json_options(s));
    fputs(",\n\"summary\":", w->out);
    print(w->out, json_summary(s));
    fputs(",\n\"hosts\":[", w->out);
    for (size_t i = 0; i < s->n_hosts; i++)
        element(j, json_host(&s->hosts[i]));
    j->n = 0;
    fputs("],\n\"populations\":[", w->out);
    for (size_t i = 0; i < s->n_hosts; i++)
        for (int k = 0; k < HOST_STATES; k++)
            element(j, json_population(&s->hosts[i], k));
    j->n = 0;
    fputs("]", w->out);
    if (s->what_if->n) {
        fputs(",\n\"what_if\":", w->out);
        print(w->out, json_what_if(s->what_if));
    }
    fputs(",\n\"findings\":[", w->out);
    for (size_t i = 0; i < s->n_cross; i++)
        element(j, json_cross_finding(&s->cross[i], &w->options));
    fputs("],\n\"connections\":[", w->out);
    j->n = 0;
}

static void document_connection(struct writer *w, const struct model_connection *c)
{
    element((struct json_writer *)w, json_connection(c, &w->options));
}

static void document_close(struct writer *w)
{
    fputs("\n]}\n", w->out);
    free(w);
}

/* --- lines ------------------------------------------------------------------------------------ */

static void lines_connection(struct writer *w, const struct model_connection *c)
{
    line((struct json_writer *)w, json_connection(c, &w->options));
}

static void lines_summary(struct writer *w, const struct model_summary *s)
{
    struct json_writer *j = (struct json_writer *)w;

    for (size_t i = 0; i < s->n_hosts; i++)
        line(j, json_host(&s->hosts[i]));
    for (size_t i = 0; i < s->n_hosts; i++)
        for (int k = 0; k < HOST_STATES; k++)
            line(j, json_population(&s->hosts[i], k));
    line(j, json_what_if(s->what_if));
    for (size_t i = 0; i < s->n_cross; i++)
        line(j, json_cross_finding(&s->cross[i], &w->options));
    line(j, json_options(s));
    line(j, json_capture(s, &w->options));
    line(j, json_summary(s));
}

static void lines_close(struct writer *w)
{
    free(w);
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
