/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Each finding once, with all that are to blame for it: an engineer in a hurry reads the first
 * lines. */
#include "report/text_findings.h"

#include "base/strbuf.h"
#include "report/text_input.h"
#include "report/words.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <string.h>

enum {
    INDENT = 9,
    NAMES = 4, /* culprits that are named for a finding; NAMES_VERBOSE with -v */
    NAMES_VERBOSE = 40,
};

/* What is printed of, and how. */
struct page {
    FILE *out;
    const struct model_summary *s;
    const struct write_options *o;
    size_t names;
    bool said[FINDING_COUNT]; /* ids of single connections that need no more words */
    size_t shown;             /* findings so far */
};

static void print_title(struct page *p, enum severity severity, const struct finding_info *info)
{
    struct strbuf b = {0};

    fputs(p->shown++ ? "\n" : "", p->out);
    strbuf_printf(&b, "%s (%s): %s", info->id, info->rule, info->title);
    wrap(p->out, severity_name(severity), INDENT, b.text);
    strbuf_done(&b);
}

/* "FIN #9; ACK of it #10", the same role once for several packets. */
static void put_packets(struct strbuf *b, const struct page *p, const struct evidence *evidence,
                        size_t n)
{
    const char *last = NULL;

    for (size_t i = 0; i < n; i++) {
        const struct evidence *e = &evidence[i];
        bool again = last && strcmp(last, e->role) == 0;

        strbuf_puts(b, i ? again ? ", " : "; " : "");
        if (!again)
            strbuf_printf(b, "%s ", e->role);
        text_packet_number(b, &e->at, p->o);
        last = e->role;
    }
}

/* A line of its own; nothing for no text. */
static void print_line(const struct page *p, struct strbuf *b)
{
    if (b->text)
        wrap(p->out, "", INDENT, b->text);
    strbuf_done(b);
}

/* --- of single connections -------------------------------------------------------------------- */

/* Who is blamed how often in all groups of an id: the most frequent by name, the others counted. */
static void print_blame(const struct page *p, enum finding_id id)
{
    size_t n = 0, more = 0;
    uint64_t total = 0;
    enum layer layer = LAYER_PATH;
    struct strbuf b = {0}, list = {0};
    char name[ROLE_TEXT];

    for (size_t i = 0; i < p->s->n_groups; i++) {
        const struct model_group *g = &p->s->groups[i];

        if (g->id != id)
            continue;
        total += g->count;
        if (!g->has_blame)
            continue;
        if (n == p->names) {
            more++;
            continue;
        }
        layer = n ? layer : g->layer;
        strbuf_printf(&list, "%s %s (%" PRIu64 ")", n++ ? "," : "",
                      role_text(&g->blame, g->service, g->blame_end, name), g->count);
    }
    strbuf_printf(&b, "%" PRIu64 " connection%s", total, total == 1 ? "" : "s");
    if (n) {
        strbuf_printf(&b, "; %s at:%s", layer_name(layer), list.text);
        if (more)
            strbuf_printf(&b, " and %zu more", more);
    }
    print_line(p, &b);
    strbuf_done(&list);
}

/* All that is known of an id, with the example of its worst group. */
static void print_group(struct page *p, const struct model_group *g)
{
    const struct finding_info *info = finding_info(g->id);
    struct strbuf b = {0};

    print_title(p, g->severity, info);
    print_blame(p, g->id);
    wrap(p->out, "", INDENT, g->text);
    fprintf(p->out, "%*sstream %" PRIu64 ", %s -> %s\n", INDENT, "", g->stream, g->example_client,
            g->example_server);
    put_packets(&b, p, g->evidence, g->n_evidence);
    print_line(p, &b);
    wrap(p->out, "  to do:", INDENT, info->remedy);
}

/* --- of many connections ---------------------------------------------------------------------- */

/* One culprit or crowd: what, when, which packets prove it, a connection to look at. */
static void print_case(const struct page *p, const struct model_cross_finding *c)
{
    struct strbuf b = {0};

    wrap(p->out, "", INDENT, c->finding.text);
    crowd_words(c, &b);
    print_line(p, &b);
    b = (struct strbuf){0};
    put_packets(&b, p, c->finding.evidence, c->finding.n_evidence);
    print_line(p, &b);
}

/* The one at i and all that are like it, unless they stand under one before. */
static void print_cases(struct page *p, size_t i)
{
    const struct finding *f = &p->s->cross[i].finding;
    size_t n = 0;

    for (size_t k = 0; k < p->s->n_cross; k++) {
        const struct finding *of = &p->s->cross[k].finding;

        if (of->id != f->id || of->severity != f->severity)
            continue;
        if (k < i)
            return;
        if (n == 0)
            print_title(p, f->severity, finding_info(f->id));
        if (n++ < p->names)
            print_case(p, &p->s->cross[k]);
    }
    if (n > p->names)
        fprintf(p->out, "%*sand %zu more\n", INDENT, "", n - p->names);
    wrap(p->out, "  to do:", INDENT, finding_info(f->id)->remedy);
}

/* The findings of single connections that findings over many explain are told there. */
static void mark_superseded(struct page *p)
{
    const struct model_summary *s = p->s;
    uint64_t told[FINDING_COUNT] = {0};

    for (size_t i = 0; i < s->n_cross; i++)
        for (size_t k = 0; k < s->cross[i].n_supersedes; k++)
            told[s->cross[i].supersedes[k]] += s->cross[i].n_connections_total;
    for (int id = 0; id < FINDING_COUNT; id++)
        p->said[id] = told[id] && told[id] * 10 >= model_single(s, (enum finding_id)id) * 9;
}

/* --- all -------------------------------------------------------------------------------------- */

static void print_severity(struct page *p, enum severity severity)
{
    const struct model_summary *s = p->s;

    for (size_t i = 0; i < s->n_cross; i++)
        if (s->cross[i].finding.severity == severity)
            print_cases(p, i);
    for (size_t i = 0; i < s->n_groups; i++) {
        const struct model_group *g = &s->groups[i];

        if (g->severity != severity || p->said[g->id])
            continue;
        p->said[g->id] = true;
        print_group(p, g);
    }
}

/* Infos explain healthy closes: a list of them is for who asks. */
static void print_infos(struct page *p)
{
    struct strbuf b = {0};

    for (int k = 0, n = 0; k < FINDING_COUNT; k++)
        if (p->s->by_finding[k] && finding_info((enum finding_id)k)->severity == SEVERITY_INFO)
            strbuf_printf(&b, "%s%s %" PRIu64, n++ ? ", " : "",
                          finding_info((enum finding_id)k)->id, p->s->by_finding[k]);
    fputs(p->shown ? "\n" : "", p->out);
    wrap(p->out, "info", INDENT, b.text ? b.text : "see -v");
    strbuf_done(&b);
}

static const char *nothing_found(const struct model_summary *s)
{
    if (s->connections)
        return s->undetermined ? "none, but some can't be decided: see UNDETERMINED" : "none";
    return s->connections_in_all ? "none, no connection matches"
                                 : "none, there is no TCP connection";
}

void text_findings(FILE *out, const struct model_summary *s, const struct write_options *o)
{
    struct page p = {.out = out, .s = s, .o = o, .names = o->verbose ? NAMES_VERBOSE : NAMES};
    uint64_t total = 0;

    for (int k = 0; k < SEVERITY_COUNT; k++)
        total += s->by_severity[k];
    if (!total) {
        fprintf(out, "\nFINDINGS: %s\n", nothing_found(s));
        return;
    }
    fputs("\nFINDINGS\n", out);
    mark_superseded(&p);
    for (int severity = SEVERITY_COUNT; severity-- > (o->verbose ? 0 : SEVERITY_INFO + 1);)
        print_severity(&p, (enum severity)severity);
    if (!o->verbose && s->by_severity[SEVERITY_INFO])
        print_infos(&p);
}
