/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The capture over time: openings, closes, resets and how many ends were in each state, with the
 * storms marked. A cursor chooses a span to zoom into, or to see only the connections of. */
#include "report/timeline.h"
#include "tui/scroll.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LABEL = 12, /* columns before the plots, */
    PEAK = 9,   /* and behind them */
    PLOT_MAX = 512,
    ZOOMS = 24,
    LINES_BESIDE = 4, /* that are no plots: what is under the cursor; storms, axis, times */
};

/* A time on the screen; ns. */
struct window {
    int64_t from, to;
};

struct plot {
    enum timeline_track track;
    int64_t value[PLOT_MAX], most;
};

struct timeline_view {
    struct view v;
    struct window zoom[ZOOMS]; /* the last one is shown; none: the whole capture */
    size_t n_zooms;
    int columns; /* of the plots */
    int cursor;
    int anchor; /* where a span begins; -1: none */
    size_t n_plots;
    struct plot plot[TRACKS]; /* those that have anything */
};

static const struct model_summary *summary(const struct timeline_view *t)
{
    return browser_summary(t->v.browser);
}

static struct window shown(const struct timeline_view *t)
{
    const struct model_summary *s = summary(t);

    if (t->n_zooms)
        return t->zoom[t->n_zooms - 1];
    return (struct window){.from = s->first_t, .to = s->last_t + 1};
}

/* The time that a span of columns covers, both ends included. */
static struct window span_of(const struct timeline_view *t, int first, int last)
{
    struct window w = shown(t);
    double each = (double)(w.to - w.from) / (t->columns > 0 ? t->columns : 1);

    return (struct window){.from = w.from + (int64_t)(each * first),
                           .to = last + 1 >= t->columns ? w.to
                                                        : w.from + (int64_t)(each * (last + 1))};
}

static struct window chosen(const struct timeline_view *t)
{
    bool span = t->anchor >= 0;
    int first = span && t->anchor < t->cursor ? t->anchor : t->cursor;
    int last = span && t->anchor > t->cursor ? t->anchor : t->cursor;

    return span_of(t, first, last);
}

/* The column of a time, -1 before and `columns` behind the window. */
static int column_of(const struct timeline_view *t, int64_t time)
{
    struct window w = shown(t);

    if (time < w.from)
        return -1;
    if (time >= w.to)
        return t->columns;
    return (int)((double)(time - w.from) / (double)(w.to - w.from) * t->columns);
}

static void update(struct view *v)
{
    struct timeline_view *t = (struct timeline_view *)v;
    const struct model_summary *s = summary(t);
    struct window w = shown(t);

    t->columns = v->width - LABEL - PEAK;
    t->columns = t->columns > PLOT_MAX ? PLOT_MAX : t->columns < 1 ? 1 : t->columns;
    if (t->cursor >= t->columns)
        t->cursor = t->columns - 1;
    if (t->anchor >= t->columns)
        t->anchor = t->columns - 1;
    t->n_plots = 0;
    if (!s->timeline || !s->records)
        return;
    for (int k = 0; k < TRACKS; k++) {
        struct plot *p = &t->plot[t->n_plots];

        p->track = (enum timeline_track)k;
        if (!timeline_sample(s->timeline, p->track, s->first_t, s->last_t + 1, 1, p->value))
            continue;
        p->most =
            timeline_sample(s->timeline, p->track, w.from, w.to, (size_t)t->columns, p->value);
        t->n_plots++;
    }
}

static void open_timeline(struct view *v)
{
    struct timeline_view *t = (struct timeline_view *)v;

    if (!t->columns)
        t->anchor = -1;
}

/* --- storms ----------------------------------------------------------------------------------- */

/* Findings that last a while and concern many connections. */
static bool is_storm(const struct model_cross_finding *f)
{
    enum finding_id id = f->finding.id;

    return (id == FINDING_RST_STORM || id == FINDING_SYN_FLOOD || id == FINDING_PORT_SCAN) &&
           f->first.packet && f->last.packet;
}

/* The storm at a column, or NULL. */
static const struct model_cross_finding *storm_at(const struct timeline_view *t, int column)
{
    const struct model_summary *s = summary(t);

    for (size_t i = 0; i < s->n_cross; i++)
        if (is_storm(&s->cross[i]) && column_of(t, s->cross[i].first.t) <= column &&
            column_of(t, s->cross[i].last.t) >= column)
            return &s->cross[i];
    return NULL;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static enum style style_of(enum timeline_track track)
{
    static const enum style styles[TRACKS] = {
        [TRACK_OPENED] = STYLE_SYN,
        [TRACK_FIN] = STYLE_FIN,
        [TRACK_RST] = STYLE_RST,
        [TRACK_ESTABLISHED] = (enum style)(STYLE_STATE + ST_ESTABLISHED),
        [TRACK_TIME_WAIT] = (enum style)(STYLE_STATE + ST_TIME_WAIT),
        [TRACK_CLOSE_WAIT] = (enum style)(STYLE_STATE + ST_CLOSE_WAIT),
        [TRACK_FIN_WAIT_2] = (enum style)(STYLE_STATE + ST_FIN_WAIT_2),
        [TRACK_LAST_ACK] = (enum style)(STYLE_STATE + ST_LAST_ACK),
    };

    return styles[track];
}

/* A plot of `rows` lines from y on: bars whose last cell is an eighth of a block exact. */
static void draw_plot(const struct timeline_view *t, const struct plot *p, struct canvas *c, int y,
                      int rows)
{
    enum style style = style_of(p->track);
    char peak[24];

    canvas_put(c, 0, y + rows - 1, style, timeline_track_name(p->track));
    snprintf(peak, sizeof peak, "%" PRId64, p->most);
    canvas_field(c, LABEL + t->columns + 1, y, PEAK - 1, false, style, peak);
    for (int x = 0; p->most && x < t->columns; x++) {
        int64_t eighths = (p->value[x] * rows * 8 + p->most - 1) / p->most;

        for (int row = rows - 1; row >= 0 && eighths > 0; row--, eighths -= 8)
            canvas_put(
                c, LABEL + x, y + row, style,
                canvas_symbol(c, (enum symbol)(SYMBOL_BLOCK + (eighths > 8 ? 7 : eighths - 1))));
    }
}

/* What is under the cursor. */
static void draw_values(const struct timeline_view *t, struct canvas *c)
{
    const struct model_cross_finding *storm = storm_at(t, t->cursor);
    struct window w = chosen(t);
    char stamp[TIME_TEXT], length[TIME_TEXT];
    int x = canvas_printf(c, 0, 0, STYLE_STRONG, "%s + %s",
                          browser_stamp(t->v.browser, w.from, w.from, stamp),
                          time_human(w.to - w.from, length));

    if (storm)
        x = canvas_printf(c, x, 0, style_of_severity(storm->finding.severity), "  %s %s",
                          finding_info(storm->finding.id)->id, storm->key);
    for (size_t i = 0; t->anchor < 0 && i < t->n_plots; i++) {
        const struct plot *p = &t->plot[i];

        if (p->value[t->cursor])
            x = canvas_printf(c, x, 0, style_of(p->track), "  %" PRId64 " %s", p->value[t->cursor],
                              timeline_track_name(p->track));
    }
}

static void draw_storms(const struct timeline_view *t, struct canvas *c, int y)
{
    bool any = false;

    for (int x = 0; x < t->columns; x++) {
        const struct model_cross_finding *storm = storm_at(t, x);

        if (!storm)
            continue;
        any = true;
        canvas_put(c, LABEL + x, y, style_of_severity(storm->finding.severity), "!");
    }
    if (any)
        canvas_put(c, 0, y, STYLE_ERROR, "storms");
}

/* The axis with the span that is chosen, and the times at its ends and in its middle. */
static void draw_axis(const struct timeline_view *t, struct canvas *c, int y)
{
    struct window w = shown(t);
    char stamp[TIME_TEXT];

    canvas_repeat(c, LABEL, y, t->columns, STYLE_DIM, SYMBOL_LINE);
    if (t->anchor >= 0) {
        int first = t->anchor < t->cursor ? t->anchor : t->cursor;
        int last = t->anchor < t->cursor ? t->cursor : t->anchor;

        canvas_repeat(c, LABEL + first, y, last - first + 1, STYLE_FILTER, SYMBOL_DOUBLE);
    }
    canvas_put(c, LABEL + t->cursor, y, STYLE_STRONG, "^");
    int end =
        canvas_put(c, LABEL, y + 1, STYLE_DIM, browser_stamp(t->v.browser, w.from, w.from, stamp));
    const char *last = browser_stamp(t->v.browser, w.to - 1, w.from, stamp);
    int right = LABEL + t->columns - text_columns(last);
    if (right > end)
        canvas_put(c, right, y + 1, STYLE_DIM, last);
    const char *middle = browser_stamp(t->v.browser, (w.from + w.to) / 2, w.from, stamp);
    int at = LABEL + t->columns / 2 - text_columns(middle) / 2;
    if (at > end + 1 && at + text_columns(middle) + 1 < right)
        canvas_put(c, at, y + 1, STYLE_DIM, middle);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct timeline_view *t = (const struct timeline_view *)v;
    int room = c->height - LINES_BESIDE, rows;
    size_t n = t->n_plots;

    if (!n) {
        canvas_put(c, 1, 2, STYLE_TEXT,
                   v->browser->loading ? "Nothing is over yet." : "Nothing to show over time.");
        return;
    }
    if (room < 1)
        return;
    if (n > (size_t)room)
        n = (size_t)room;
    rows = room / (int)n;
    rows = rows > 8 ? 8 : rows;
    draw_values(t, c);
    for (size_t i = 0; i < n; i++)
        draw_plot(t, &t->plot[i], c, 1 + (int)i * rows, rows);
    int y = 1 + (int)n * rows;
    for (int row = 1; row < y; row++)
        c->cell[row * c->stride + LABEL + t->cursor].selected = LABEL + t->cursor < c->width;
    draw_storms(t, c, y);
    draw_axis(t, c, y + 1);
}

/* --- requests --------------------------------------------------------------------------------- */

static void zoom_to(struct timeline_view *t, struct window w)
{
    int64_t middle = w.from + (w.to - w.from) / 2;
    int64_t least =
        timeline_step(summary(t)->timeline) * t->columns; /* no column less than a bin */
    struct window now = shown(t);

    if (w.to - w.from < least)
        w = (struct window){.from = middle - least / 2, .to = middle + least / 2};
    if (t->n_zooms == ZOOMS || w.to - w.from >= now.to - now.from) {
        browser_say(t->v.browser, STYLE_TEXT, "that is as close as it gets");
        return;
    }
    t->zoom[t->n_zooms++] = w;
    t->anchor = -1;
    t->cursor = column_of(t, middle);
    update(&t->v);
}

/* Into the span that is chosen; without one, four times closer at the cursor. */
static void zoom_in(struct timeline_view *t)
{
    struct window w = shown(t), near = chosen(t);

    if (t->anchor < 0) {
        int64_t half = (w.to - w.from) / 8;

        near.from = near.from - half > w.from ? near.from - half : w.from;
        near.to = near.from + 2 * half < w.to ? near.from + 2 * half : w.to;
    }
    zoom_to(t, near);
}

static void zoom_out(struct timeline_view *t, size_t levels)
{
    struct window w = chosen(t);

    t->n_zooms -= levels < t->n_zooms ? levels : t->n_zooms;
    t->anchor = -1;
    t->cursor = column_of(t, (w.from + w.to) / 2);
    update(&t->v);
}

/* Only the connections that were alive in the span: the one chosen, else what is zoomed to, else
 * the column of the cursor. */
static void only(struct timeline_view *t)
{
    struct window w = t->anchor < 0 && t->n_zooms ? shown(t) : chosen(t);

    browser_narrow(
        t->v.browser,
        &(struct narrowing){
            .kind = NARROW_TIME, .from = w.from, .to = w.to - 1, .origin = summary(t)->first_t},
        1);
}

/* To where the next or previous storm begins. */
static void seek_storm(struct timeline_view *t, int step)
{
    for (int x = t->cursor + step; x >= 0 && x < t->columns; x += step) {
        const struct model_cross_finding *storm = storm_at(t, x);

        if (storm && column_of(t, storm->first.t) == x) {
            t->cursor = x;
            return;
        }
    }
    browser_say(t->v.browser, STYLE_TEXT, "no storm begins %s", step > 0 ? "later" : "earlier");
}

static void move(struct timeline_view *t, int64_t to)
{
    t->cursor = to < 0 ? 0 : to >= t->columns ? t->columns - 1 : (int)to;
}

static bool request(struct view *v, enum request r, size_t count)
{
    struct timeline_view *t = (struct timeline_view *)v;
    int n = count ? (count < PLOT_MAX ? (int)count : PLOT_MAX) : 1;

    switch (r) {
    case REQUEST_LEFT:
        move(t, t->cursor - n);
        return true;
    case REQUEST_RIGHT:
        move(t, t->cursor + n);
        return true;
    case REQUEST_PAGE_UP:
    case REQUEST_HALF_UP:
        move(t, t->cursor - t->columns / 4);
        return true;
    case REQUEST_PAGE_DOWN:
    case REQUEST_HALF_DOWN:
        move(t, t->cursor + t->columns / 4);
        return true;
    case REQUEST_FIRST:
        move(t, 0);
        return true;
    case REQUEST_LAST:
        move(t, t->columns - 1);
        return true;
    case REQUEST_NEXT_FINDING:
        seek_storm(t, 1);
        return true;
    case REQUEST_PREVIOUS_FINDING:
        seek_storm(t, -1);
        return true;
    case REQUEST_TOGGLE:
        t->anchor = t->anchor < 0 ? t->cursor : -1;
        return true;
    case REQUEST_OPEN:
        zoom_in(t);
        return true;
    case REQUEST_ZOOM:
        zoom_out(t, ZOOMS);
        return true;
    case REQUEST_ONLY:
        only(t);
        return true;
    case REQUEST_BACK:
        if (t->anchor < 0 && !t->n_zooms)
            return false;
        if (t->anchor >= 0)
            t->anchor = -1;
        else
            zoom_out(t, 1);
        return true;
    default:
        return false;
    }
}

static bool click(struct view *v, int x, int y)
{
    struct timeline_view *t = (struct timeline_view *)v;
    bool again = x - LABEL == t->cursor;

    (void)y;
    if (x < LABEL || x >= LABEL + t->columns)
        return false;
    move(t, x - LABEL);
    return again;
}

static void wheel(struct view *v, int n)
{
    struct timeline_view *t = (struct timeline_view *)v;

    move(t, t->cursor + n);
}

const struct view_ops view_timeline = {
    .name = "Timeline",
    .size = sizeof(struct timeline_view),
    .hints = "help open:Zoom toggle:Span only:Only-these next-finding:Storm undo:Undo back:Back",
    .sums = true,
    .open = open_timeline,
    .update = update,
    .draw = draw,
    .request = request,
    .click = click,
    .wheel = wheel,
};
