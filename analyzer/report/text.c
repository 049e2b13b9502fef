/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The text report: the capture in a line, findings worst first, closes by kind, what could not be
 * read; with -v a line for each connection. */
#include "base/strbuf.h"
#include "base/xalloc.h"
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
    NAMES = 4, /* culprits that are named for a finding; NAMES_VERBOSE with -v */
    NAMES_VERBOSE = 40,
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

/* --- findings --------------------------------------------------------------------------------- */

static void print_title(const struct writer *w, enum severity severity,
                        const struct finding_info *info)
{
    struct strbuf b = {0};

    strbuf_printf(&b, "%s (%s): %s", info->id, info->rule, info->title);
    wrap(w->out, severity_name(severity), INDENT, b.text);
    strbuf_done(&b);
}

static void print_packets(const struct writer *w, const struct model_group *g)
{
    struct strbuf b = {0};
    const char *last = NULL;

    for (size_t i = 0; i < g->n_evidence; i++) {
        const struct evidence *e = &g->evidence[i];
        bool again = last && strcmp(last, e->role) == 0;

        strbuf_puts(&b, i ? again ? ", " : "; " : "");
        if (!again)
            strbuf_printf(&b, "%s ", e->role);
        text_packet_number(&b, &e->at, &w->options);
        last = e->role;
    }
    if (b.text)
        wrap(w->out, "", INDENT, b.text);
    strbuf_done(&b);
}

/* "10.0.0.2:80" for a server, "10.0.0.1 towards port 80" for a client. */
static void put_blamed(struct strbuf *b, const struct model_group *g)
{
    char text[ENDPOINT_TEXT];

    if (g->blame_end == END_SERVER)
        strbuf_puts(b, endpoint_text(&g->blame, g->service, text));
    else
        strbuf_printf(b, "%s towards port %u", addr_text(&g->blame, text), g->service);
}

/* Who is blamed how often in all groups of an id: the most frequent by name, the others counted. */
static void print_blame(const struct writer *w, const struct model_summary *s, enum finding_id id)
{
    size_t names = w->options.verbose ? NAMES_VERBOSE : NAMES, n = 0, more = 0;
    uint64_t total = 0;
    enum layer layer = LAYER_PATH;
    struct strbuf b = {0}, list = {0};

    for (size_t i = 0; i < s->n_groups; i++) {
        const struct model_group *g = &s->groups[i];

        if (g->id != id)
            continue;
        total += g->count;
        if (!g->has_blame)
            continue;
        if (n == names) {
            more++;
            continue;
        }
        layer = n ? layer : g->layer;
        strbuf_printf(&list, "%s ", n++ ? "," : "");
        put_blamed(&list, g);
        strbuf_printf(&list, " (%" PRIu64 ")", g->count);
    }
    strbuf_printf(&b, "%" PRIu64 " connection%s", total, plural(total));
    if (n) {
        strbuf_printf(&b, "; %s at:%s", layer_name(layer), list.text);
        if (more)
            strbuf_printf(&b, " and %zu more", more);
    }
    wrap(w->out, "", INDENT, b.text);
    strbuf_done(&b);
    strbuf_done(&list);
}

/* All that is known of an id, with the example of its worst group. */
static void print_finding(const struct writer *w, const struct model_summary *s,
                          const struct model_group *g)
{
    const struct finding_info *info = finding_info(g->id);

    print_title(w, g->severity, info);
    print_blame(w, s, g->id);
    wrap(w->out, "", INDENT, g->text);
    fprintf(w->out, "%*sstream %" PRIu64 ", %s -> %s\n", INDENT, "", g->stream, g->example_client,
            g->example_server);
    print_packets(w, g);
    wrap(w->out, "  to do:", INDENT, info->remedy);
}

static void print_cross(const struct writer *w, const struct model_cross_finding *c)
{
    const struct finding_info *info = finding_info(c->finding.id);

    print_title(w, c->finding.severity, info);
    wrap(w->out, "", INDENT, c->finding.text);
    wrap(w->out, "  to do:", INDENT, info->remedy);
}

/* The findings of single connections that a finding over many explains are told there. */
static void mark_superseded(const struct model_summary *s, bool said[FINDING_COUNT])
{
    for (size_t i = 0; i < s->n_cross; i++)
        for (size_t k = 0; k < s->cross[i].n_supersedes; k++)
            if (s->cross[i].n_connections_total * 10 >=
                s->by_finding[s->cross[i].supersedes[k]] * 9)
                said[s->cross[i].supersedes[k]] = true;
}

static void print_findings(const struct writer *w, const struct model_summary *s)
{
    bool said[FINDING_COUNT] = {false};
    size_t cross = 0, shown = 0;
    uint64_t total = 0;

    for (int k = 0; k < SEVERITY_COUNT; k++)
        total += s->by_severity[k];
    if (!total) {
        heading(w, s->connections          ? "FINDINGS: none"
                   : s->connections_in_all ? "FINDINGS: none, no connection matches"
                                           : "FINDINGS: none, there is no TCP connection");
        return;
    }
    heading(w, "FINDINGS");
    mark_superseded(s, said);
    for (int severity = SEVERITY_COUNT; severity-- > 0;) {
        /* Infos explain healthy closes: a list of them is for who asks. */
        if (severity == SEVERITY_INFO && !w->options.verbose)
            break;
        for (cross = 0; cross < s->n_cross; cross++) {
            if ((int)s->cross[cross].finding.severity != severity)
                continue;
            fputs(shown++ ? "\n" : "", w->out);
            print_cross(w, &s->cross[cross]);
        }
        for (size_t i = 0; i < s->n_groups; i++) {
            if ((int)s->groups[i].severity != severity || said[s->groups[i].id])
                continue;
            said[s->groups[i].id] = true;
            fputs(shown++ ? "\n" : "", w->out);
            print_finding(w, s, &s->groups[i]);
        }
    }
    if (!w->options.verbose && s->by_severity[SEVERITY_INFO]) {
        struct strbuf b = {0};
        for (int k = 0, n = 0; k < FINDING_COUNT; k++)
            if (s->by_finding[k] && finding_info((enum finding_id)k)->severity == SEVERITY_INFO)
                strbuf_printf(&b, "%s%s %" PRIu64, n++ ? ", " : "",
                              finding_info((enum finding_id)k)->id, s->by_finding[k]);
        fputs(shown ? "\n" : "", w->out);
        wrap(w->out, "info", INDENT, b.text ? b.text : "see -v");
        strbuf_done(&b);
    }
}

/* --- closes ----------------------------------------------------------------------------------- */

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
        fprintf(w->out, "%3" PRIu64 ".%" PRIu64 " %%  %-24s", n * 100 / s->connections,
                n * 1000 / s->connections % 10, close_kind_name((enum close_kind)k));
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
    print_findings(w, s);
    text_hosts(w->out, s, w->options.verbose);
    text_populations(w->out, s, w->options.verbose);
    text_what_if(w->out, s->what_if, w->options.verbose);
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
