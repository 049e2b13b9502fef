/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The text report: the capture in a line, findings worst first, closes by kind, what could not be
 * read; with -v a line for each connection. */
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "report/text_findings.h"
#include "report/text_hosts.h"
#include "report/text_input.h"
#include "report/words.h"
#include "report/wrap.h"
#include "report/writer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    BAR_WIDTH = 24,
    INDENT = 9,
};

static enum writer_wants wants(const struct write_options *o)
{
    return o->verbose ? WANTS_SORTED : WANTS_NONE;
}

static struct writer *open_text(FILE *out, const struct write_options *o)
{
    struct writer *w = xcalloc(1, sizeof *w);

    *w = (struct writer){.ops = &writer_text, .out = out, .options = *o};
    return w;
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void heading(const struct writer *w, const char *text)
{
    fprintf(w->out, "\n%s\n", text);
}

/* --- the capture ------------------------------------------------------------------------------ */

static void print_files(const struct writer *w, const struct model_summary *s)
{
    bool taps = false;

    for (size_t i = 0; i < input_n_files(s->input); i++)
        taps |= s->tap_of[i] > 0;
    for (size_t i = 0; i < input_n_files(s->input); i++) {
        const struct input_file *f = input_file(s->input, i);
        struct strbuf b = {0};

        strbuf_printf(&b, "file %zu: ", i);
        strbuf_put_untrusted(&b, f->path, strlen(f->path));
        strbuf_printf(&b, ", %" PRIu64 " packet%s", f->records, plural(f->records));
        if (taps)
            strbuf_printf(&b, ", capture point %u", s->tap_of[i]);
        fprintf(w->out, "%s\n", b.text);
        strbuf_done(&b);
    }
}

static void print_capture(const struct writer *w, const struct model_summary *s)
{
    char span[TIME_TEXT], start[TIME_TEXT];
    struct strbuf b = {0};
    size_t n = input_n_files(s->input);

    if (n == 1)
        strbuf_put_untrusted(&b, input_file(s->input, 0)->path,
                             strlen(input_file(s->input, 0)->path));
    else
        strbuf_printf(&b, "%zu files", n);
    strbuf_printf(&b, ": %" PRIu64 " packet%s", s->records, plural(s->records));
    if (s->filtered)
        strbuf_printf(&b, " (%" PRIu64 " dropped by the filter)", s->filtered);
    if (s->records)
        strbuf_printf(&b, ", %s from %.19sZ", time_human(s->last_t - s->first_t, span),
                      time_rfc3339(s->first_t, start));
    if (s->options.display)
        strbuf_printf(&b,
                      ", %" PRIu64 " of %" PRIu64 " TCP connection%s match%s the display filter",
                      s->connections, s->connections_in_all, plural(s->connections_in_all),
                      s->connections == 1 || s->connections_in_all == 1 ? "es" : "");
    else
        strbuf_printf(&b, ", %" PRIu64 " TCP connection%s", s->connections, plural(s->connections));
    wrap(w->out, "", 0, b.text);
    strbuf_done(&b);
    if (n > 1)
        print_files(w, s);
}

/* --- closes ----------------------------------------------------------------------------------- */

/* Rounded, but all only of all, and nothing only of nothing. */
static unsigned permille(uint64_t n, uint64_t of)
{
    uint64_t share = (n * 1000 + of / 2) / of;

    return (unsigned)(share == 0 && n ? 1 : share == 1000 && n < of ? 999 : share);
}

static void print_closes(const struct writer *w, const struct model_summary *s)
{
    if (!s->connections && !s->strays)
        return;
    heading(w, "CLOSES");
    for (int k = 0; k < CLOSE_KIND_COUNT; k++) {
        uint64_t n = s->by_kind[k];

        if (!n)
            continue;
        fprintf(w->out, "%10" PRIu64 "  ", n);
        if (k == CLOSE_STRAY) {
            fprintf(w->out, "        %s (not counted: %s)\n", close_kind_name(CLOSE_STRAY),
                    close_kind_text(CLOSE_STRAY));
            continue;
        }
        unsigned share = permille(n, s->connections);
        fprintf(w->out, "%3u.%u %%  %-24s", share / 10, share % 10,
                close_kind_name((enum close_kind)k));
        uint64_t bar = (n * BAR_WIDTH + s->connections - 1) / s->connections;
        for (uint64_t i = 0; i < bar; i++)
            fputc('#', w->out);
        fputc('\n', w->out);
    }
}

/* --- what this capture can't tell ------------------------------------------------------------- */

static void print_questions(const struct writer *w, const struct model_summary *s)
{
    if (!s->undetermined)
        return;
    heading(w, "UNDETERMINED");
    for (int id = 0; id < FINDING_COUNT; id++) {
        for (int reason = 0; reason < DOUBT_REASON_COUNT; reason++) {
            const struct model_question *q = &s->questions[id][reason];
            struct strbuf b = {0};

            if (!q->count)
                continue;
            question_words((enum finding_id)id, (enum doubt_reason)reason, q, &b);
            wrap(w->out, "", INDENT, b.text);
            strbuf_done(&b);
        }
    }
}

/* --- limits ----------------------------------------------------------------------------------- */

static void print_limits(const struct writer *w, const struct model_summary *s)
{
    bool any = false;

    for (int i = 0; i < LIMIT_COUNT; i++) {
        const struct limit_info *info = limit_info((enum limit)i);
        struct strbuf b = {0};

        if (!s->evicted.of[i])
            continue;
        if (!any)
            heading(w, "LIMITS");
        any = true;
        strbuf_printf(&b, "%s: %" PRIu64 " (--limit %s=%" PRIu64 ")", info->count, s->evicted.of[i],
                      info->name, s->options.settings->limits.of[i]);
        wrap(w->out, "", INDENT, b.text);
        strbuf_done(&b);
    }
    if (s->tables_full) {
        char text[160];

        if (!any)
            heading(w, "LIMITS");
        snprintf(text, sizeof text,
                 "no room for more hosts, services or pairs: %" PRIu64
                 " times; what is said over many connections leaves those out",
                 s->tables_full);
        wrap(w->out, "", INDENT, text);
    }
}

static void text_summary(struct writer *w, const struct model_summary *s)
{
    print_capture(w, s);
    text_findings(w->out, s, &w->options);
    text_hosts(w->out, s, w->options.verbose);
    text_populations(w->out, s, w->options.verbose);
    text_what_if(w->out, s, w->options.verbose);
    print_closes(w, s);
    print_questions(w, s);
    text_input(w->out, s, &w->options);
    print_limits(w, s);
    if (s->interrupted)
        fputs("\ninterrupted: only what had been read is reported\n", w->out);
    if (w->options.verbose && s->connections + s->strays) {
        heading(w, "CONNECTIONS");
        fprintf(w->out, "%7s %*s %9s  %-16s %s\n", "stream", stamp_width(w->options.stamp), "start",
                "lasted", "close", "client -> server, worst finding");
    }
}

/* --- connections (-v) ------------------------------------------------------------------------- */

static void text_connection(struct writer *w, const struct model_connection *c)
{
    char start[TIME_TEXT], lasted[TIME_TEXT], client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];
    const struct write_options *o = &w->options;
    const struct model_endpoint *a = &c->end[END_CLIENT], *b = &c->end[END_SERVER];
    int64_t held = c->last.t > c->first.t ? c->last.t - c->first.t : 0;

    fprintf(w->out, "%7" PRIu64 " %*s %9s  %-16s %s -> %s", c->stream, stamp_width(o->stamp),
            stamp(o->stamp, c->first.t, o->capture->first_t, o->capture->first_t, start),
            time_human(held, lasted), close_kind_name(c->close),
            endpoint_text(&a->addr, a->port, client), endpoint_text(&b->addr, b->port, server));
    if (c->path[0])
        fprintf(w->out, "  [%s]", c->path);
    if (c->tap)
        fprintf(w->out, "  (capture point %u)", c->tap);
    if (c->n_findings)
        fprintf(w->out, "  %s %s", severity_name(c->findings[0].severity),
                finding_info(c->findings[0].id)->id);
    fputc('\n', w->out);
}

static void text_close(struct writer *w)
{
    free(w);
}

const struct writer_ops writer_text = {
    .name = "text",
    .wants = wants,
    .open = open_text,
    .connection = text_connection,
    .summary = text_summary,
    .close = text_close,
};
