/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What was found, worst first: a line for each id, under it (unfolded) one for each culprit or
 * crowd, and a pane with text and remedy. Enter goes to the packet that proves it. */
#include "base/xalloc.h"
#include "report/words.h"
#include "tui/about.h"
#include "tui/scroll.h"
#include "tui/table.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A line. Of a group or a finding across connections: an index into the summary. */
struct line {
    enum finding_id id;
    enum severity severity;
    uint64_t count; /* of connections */
    const struct model_group *group;
    const struct model_cross_finding *cross;
    bool head; /* of an id; group or cross is its worst */
};

struct findings {
    struct view v;
    struct line *line;
    size_t n, cap;
    struct scroll scroll;
    uint64_t unfolded; /* ids, as bits */
};

enum { COLUMN_WHAT, COLUMN_WHO, COLUMN_HOW_MANY, COLUMNS_SHOWN };

static const struct column columns[COLUMNS_SHOWN] = {
    [COLUMN_WHAT] = {"finding", 40, 1, 0, false},
    [COLUMN_WHO] = {"whose", 22, 2, 1, false},
    [COLUMN_HOW_MANY] = {"count", 8, 0, 0, true},
};

/* --- lines ------------------------------------------------------------------------------------ */

static void add(struct findings *f, const struct line *line)
{
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 64;
        f->line = xreallocarray(f->line, f->cap, sizeof *f->line);
    }
    f->line[f->n++] = *line;
}

/* Of the same severity what is told of many connections, which explains the others; then the most
 * frequent. */
static int worst_first(const void *a, const void *b)
{
    const struct line *x = a, *y = b;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (!x->cross != !y->cross)
        return x->cross ? -1 : 1;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* How many connections an id is about: those that a finding over many tells, or that have one of
 * their own; of the capture itself, how many findings. */
static uint64_t connections_of(const struct model_summary *s, enum finding_id id)
{
    uint64_t over_many = 0, single = model_single(s, id);

    for (size_t i = 0; i < s->n_cross; i++)
        over_many += s->cross[i].finding.id == id ? s->cross[i].n_connections_total : 0;
    return over_many > single ? over_many : single ? single : s->by_finding[id];
}

/* One head for each id; of what is under it, the worst. */
static size_t heads(const struct model_summary *s, struct line head[FINDING_COUNT])
{
    struct line by_id[FINDING_COUNT] = {{0}};
    size_t n = 0;

    for (size_t i = s->n_groups; i-- > 0;) { /* worst first: the last one taken is the worst */
        const struct model_group *g = &s->groups[i];
        by_id[g->id] = (struct line){
            .id = g->id, .severity = g->severity, .count = 1, .group = g, .head = true};
    }
    for (size_t i = s->n_cross; i-- > 0;) {
        const struct model_cross_finding *x = &s->cross[i];
        struct line *l = &by_id[x->finding.id];
        if (!l->head || x->finding.severity >= l->severity)
            *l = (struct line){.id = x->finding.id,
                               .severity = x->finding.severity,
                               .count = 1,
                               .cross = x,
                               .head = true};
    }
    for (int id = 0; id < FINDING_COUNT; id++)
        if (by_id[id].head) {
            by_id[id].count = connections_of(s, (enum finding_id)id);
            head[n++] = by_id[id];
        }
    qsort(head, n, sizeof *head, worst_first);
    return n;
}

static void unfold(struct findings *f, const struct model_summary *s, enum finding_id id)
{
    for (size_t i = 0; i < s->n_cross; i++)
        if (s->cross[i].finding.id == id)
            add(f, &(struct line){.id = id,
                                  .severity = s->cross[i].finding.severity,
                                  .count = s->cross[i].n_connections_total,
                                  .cross = &s->cross[i]});
    for (size_t i = 0; i < s->n_groups; i++)
        if (s->groups[i].id == id)
            add(f, &(struct line){.id = id,
                                  .severity = s->groups[i].severity,
                                  .count = s->groups[i].count,
                                  .group = &s->groups[i]});
}

/* A third, and what the list and what could not be decided leave of the rest. */
static int pane_height(const struct view *v)
{
    const struct findings *f = (const struct findings *)v;
    int third = v->height / 3, height = v->height - 2 - (int)f->n;

    if (third < 3)
        return 0;
    height -= browser_summary(v->browser)->undetermined ? 6 : 0;
    height = height < third ? third : height;
    return height < 12 ? height : 12;
}

static void update(struct view *v)
{
    struct findings *f = (struct findings *)v;
    const struct model_summary *s = browser_summary(v->browser);
    struct line head[FINDING_COUNT];
    size_t n = heads(s, head);

    f->n = 0;
    for (size_t i = 0; i < n; i++) {
        add(f, &head[i]);
        if (f->unfolded >> head[i].id & 1)
            unfold(f, s, head[i].id);
    }
    int page = v->height - 1 - pane_height(v);
    scroll_fit(&f->scroll, f->n, page > 0 ? (size_t)page : 1);
}

static void close_findings(struct view *v)
{
    free(((struct findings *)v)->line);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static const char *whose(const struct line *l, char text[static 96])
{
    if (l->cross)
        snprintf(text, 96, "%s", l->cross->key);
    else if (l->head)
        snprintf(text, 96, "%s", layer_name(finding_info(l->id)->layer));
    else if (l->group->has_blame)
        role_text(&l->group->blame, l->group->service, l->group->blame_end, text);
    else
        snprintf(text, 96, "%s", layer_name(l->group->layer));
    return text;
}

static void draw_line(const struct line *l, struct canvas *c, int y, const struct table *t,
                      bool unfolded)
{
    const struct finding_info *info = finding_info(l->id);
    char text[128];

    if (l->head)
        snprintf(text, sizeof text, "%c %-7s  %s", unfolded ? '-' : '+', severity_name(l->severity),
                 info->id);
    else
        snprintf(text, sizeof text, "      %s", l->cross ? "over many connections" : "blamed");
    table_cell(c, y, t, COLUMN_WHAT, l->head ? style_of_severity(l->severity) : STYLE_DIM, text);
    table_cell(c, y, t, COLUMN_WHO, STYLE_TEXT, whose(l, text));
    snprintf(text, sizeof text, "%" PRIu64, l->count);
    table_cell(c, y, t, COLUMN_HOW_MANY, STYLE_TEXT, text);
}

static void draw_pane(const struct line *l, struct canvas *c)
{
    const struct finding_info *info = finding_info(l->id);
    char text[256];
    int y;

    canvas_repeat(c, 0, 0, c->width, STYLE_DIM, SYMBOL_LINE);
    snprintf(text, sizeof text, "%s (%s): %s", info->id, info->rule, info->title);
    canvas_field(c, 1, 1, c->width - 2, false, STYLE_STRONG, text);
    y = canvas_wrap(c, 1, 2, c->width - 2, STYLE_TEXT,
                    l->cross ? l->cross->finding.text : l->group->text);
    struct strbuf crowd = {0}, remedy = {0};
    if (l->cross)
        crowd_words(l->cross, &crowd);
    if (crowd.text)
        y = canvas_wrap(c, 1, y, c->width - 2, STYLE_TEXT, crowd.text);
    strbuf_done(&crowd);
    strbuf_printf(&remedy, "To do: %s", info->remedy);
    canvas_wrap(c, 1, y, c->width - 2, STYLE_TEXT, remedy.text);
    strbuf_done(&remedy);
}

/* What could not be decided, below the findings as far as there is room: nothing found is not
 * nothing wrong. */
static void draw_questions(const struct model_summary *s, struct canvas *c, int y, int end)
{
    if (!s->undetermined || y + 1 >= end)
        return;
    canvas_put(c, 1, y++, STYLE_STRONG, "Undetermined:");
    for (int id = 0; id < FINDING_COUNT; id++) {
        for (int reason = 0; reason < DOUBT_REASON_COUNT; reason++) {
            const struct model_question *q = &s->questions[id][reason];
            struct strbuf text = {0};

            if (!q->count || y >= end)
                continue;
            question_words((enum finding_id)id, (enum doubt_reason)reason, q, &text);
            struct canvas part = canvas_part(c, 0, 0, c->width, end);
            y = canvas_wrap(&part, 1, y, c->width - 2, STYLE_TEXT, text.text);
            strbuf_done(&text);
        }
    }
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct findings *f = (const struct findings *)v;
    struct table t = table_fit(columns, COLUMNS_SHOWN, NULL, c->width);
    int pane = pane_height(v);

    table_head(c, 0, &t, -1, false);
    if (!f->n)
        canvas_put(c, 1, 2, browser_summary(v->browser)->undetermined ? STYLE_TEXT : STYLE_GOOD,
                   v->browser->loading ? "Nothing found so far." : "Nothing found.");
    for (size_t i = 0; i < f->scroll.page && f->scroll.top + i < f->n; i++) {
        const struct line *l = &f->line[f->scroll.top + i];
        draw_line(l, c, (int)i + 1, &t, f->unfolded >> l->id & 1);
        if (f->scroll.top + i == f->scroll.cursor)
            canvas_select(c, (int)i + 1);
    }
    size_t shown = f->n - f->scroll.top < f->scroll.page ? f->n - f->scroll.top : f->scroll.page;
    draw_questions(browser_summary(v->browser), c, f->n ? (int)shown + 2 : 4,
                   v->height - (f->n ? pane : 0));
    if (pane && f->n) {
        struct canvas part = canvas_part(c, 0, v->height - pane, c->width, pane);
        draw_pane(&f->line[f->scroll.cursor], &part);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

static void open_evidence(struct view *v, const struct line *l)
{
    if (l->group) {
        browser_show_ladder(v->browser, l->group->stream, &l->group->example);
    } else if (l->cross->n_connections) {
        const struct finding *f = &l->cross->finding;
        browser_show_ladder(v->browser, l->cross->connections[0],
                            f->n_evidence ? &f->evidence[0].at : NULL);
    } else {
        browser_say(v->browser, STYLE_TEXT, "this finding names no connection");
    }
}

/* Only the connections that the finding is about. */
static void narrow(struct view *v, const struct line *l)
{
    struct narrowing of[ABOUT_MOST] = {{.kind = NARROW_FINDING, .finding = l->id}};
    size_t n = l->cross ? about(l->cross, store_summary(v->browser->store)->first_t, of) : 1;

    if (n)
        browser_narrow(v->browser, of, n);
    else
        browser_say(v->browser, STYLE_TEXT, "this finding is about the whole capture");
}

static bool request(struct view *v, enum request r, size_t count)
{
    struct findings *f = (struct findings *)v;
    const struct line *l = f->n ? &f->line[f->scroll.cursor] : NULL;

    switch (r) {
    case REQUEST_OPEN:
        if (l)
            open_evidence(v, l);
        return true;
    case REQUEST_TOGGLE:
        if (l)
            f->unfolded ^= UINT64_C(1) << l->id;
        break;
    case REQUEST_ONLY:
        if (l)
            narrow(v, l);
        return true;
    case REQUEST_EXPLAIN:
        if (l)
            browser_explain(v->browser, l->id);
        return true;
    case REQUEST_NEXT_FINDING:
        r = REQUEST_DOWN;
        break;
    case REQUEST_PREVIOUS_FINDING:
        r = REQUEST_UP;
        break;
    default:
        break;
    }
    if (r != REQUEST_TOGGLE && !scroll_request(&f->scroll, r, count))
        return false;
    update(v);
    return true;
}

static bool click(struct view *v, int x, int y)
{
    struct findings *f = (struct findings *)v;
    size_t at = f->scroll.top + (size_t)(y > 0 ? y - 1 : 0);
    bool again = at == f->scroll.cursor;

    (void)x;
    if (y < 1 || y > (int)f->scroll.page || at >= f->n)
        return false;
    scroll_to(&f->scroll, at);
    return again;
}

static void wheel(struct view *v, int n)
{
    scroll_wheel(&((struct findings *)v)->scroll, n);
}

const struct view_ops view_findings = {
    .name = "Findings",
    .size = sizeof(struct findings),
    .hints = "help open:Evidence toggle:Unfold only:Connections explain:Explain back:Back",
    .sums = true,
    .close = close_findings,
    .update = update,
    .draw = draw,
    .request = request,
    .click = click,
    .wheel = wheel,
};
