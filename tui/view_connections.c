/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The list of connections: two lines for each, the client's above the server's with their state
 * bars, or one line. */
#include "tui/bar.h"
#include "tui/table.h"
#include "tui/scroll.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The columns of the table, and of which column of the list each line of them is. */
enum { TABLE_STREAM, TABLE_ENDS, TABLE_START, TABLE_LASTED, TABLE_CLOSE, TABLE_STATES, TABLE_N };

static const struct column columns[TABLE_N] = {
    [TABLE_STREAM] = {"stream", 7, 0, 0, true}, [TABLE_ENDS] = {"client, server", 21, 1, 0, false},
    [TABLE_START] = {"start", 11, 0, 3, true},  [TABLE_LASTED] = {"lasted", 9, 0, 4, true},
    [TABLE_CLOSE] = {"close", 14, 1, 1, false}, [TABLE_STATES] = {"states", 13, 4, 2, false},
};

static const enum list_column sorts[TABLE_N][2] = {
    [TABLE_STREAM] = {COLUMN_STREAM, COLUMN_STREAM},
    [TABLE_ENDS] = {COLUMN_CLIENT, COLUMN_SERVER},
    [TABLE_START] = {COLUMN_START, COLUMN_PACKETS},
    [TABLE_LASTED] = {COLUMN_DURATION, COLUMN_BYTES},
    [TABLE_CLOSE] = {COLUMN_CLOSE, COLUMN_FINDING},
    [TABLE_STATES] = {COLUMN_COUNT, COLUMN_COUNT},
};

static const char *const sort_names[COLUMN_COUNT] = {
    [COLUMN_STREAM] = "stream",   [COLUMN_CLIENT] = "client",   [COLUMN_SERVER] = "server",
    [COLUMN_START] = "start",     [COLUMN_DURATION] = "lasted", [COLUMN_CLOSE] = "close",
    [COLUMN_FINDING] = "finding", [COLUMN_PACKETS] = "packets", [COLUMN_BYTES] = "octets",
};

struct connections {
    struct view v;
    struct scroll scroll; /* over connections, not lines */
    bool one_line, of_capture;
    bool hidden[TABLE_N];
    bool choosing; /* columns */
    struct scroll choice;
};

static const struct list *list_of(const struct connections *s)
{
    return &s->v.browser->list;
}

static size_t lines_each(const struct connections *s)
{
    return s->one_line ? 1 : 2;
}

/* --- what is shown ---------------------------------------------------------------------------- */

static void update(struct view *v)
{
    struct connections *s = (struct connections *)v;
    const struct list *l = list_of(s);
    struct browser *b = v->browser;
    size_t page = v->height > 1 ? (size_t)(v->height - 1) / lines_each(s) : 1;

    /* The cursor stays on its connection where the list changed under it. */
    if (s->scroll.cursor >= l->n || l->stream[s->scroll.cursor] != b->subject.stream) {
        size_t at = list_find(l, b->subject.stream);
        if (at < l->n)
            s->scroll.cursor = at;
    }
    scroll_fit(&s->scroll, l->n, page);
    if (l->n)
        b->subject.stream = l->stream[s->scroll.cursor];
    scroll_fit(&s->choice, TABLE_N, (size_t)(v->height > 1 ? v->height - 1 : 1));
}

static void draw_ends(const struct connections *s, struct canvas *c, int y, const struct table *t,
                      const struct store_row *r)
{
    const struct store *store = s->v.browser->store;
    char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT], both[2 * ENDPOINT_TEXT + 8];

    endpoint_text(store_addr(store, r->addr[END_CLIENT]), r->port[END_CLIENT], client);
    endpoint_text(store_addr(store, r->addr[END_SERVER]), r->port[END_SERVER], server);
    if (s->one_line) {
        snprintf(both, sizeof both, "%s > %s", client, server);
        table_cell(c, y, t, TABLE_ENDS, STYLE_TEXT, both);
    } else {
        table_cell(c, y, t, TABLE_ENDS, STYLE_TEXT, client);
        table_cell(c, y + 1, t, TABLE_ENDS, STYLE_TEXT, server);
    }
}

static void draw_amounts(struct canvas *c, int y, const struct table *t, const struct store_row *r)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRIu32 " pkt", r->packets);
    table_cell(c, y, t, TABLE_START, STYLE_DIM, text);
    if (r->bytes < 100000)
        snprintf(text, sizeof text, "%" PRIu64 " B", r->bytes);
    else if (r->bytes < 100000000)
        snprintf(text, sizeof text, "%.0f kB", (double)r->bytes / 1e3);
    else
        snprintf(text, sizeof text, "%.0f MB", (double)r->bytes / 1e6);
    table_cell(c, y, t, TABLE_LASTED, STYLE_DIM, text);
}

static enum style close_style(const struct store_row *r)
{
    return r->state == ROW_LIVE        ? STYLE_DIM
           : r->kind == CLOSE_RESET    ? STYLE_RST
           : r->kind == CLOSE_REFUSED  ? STYLE_RST
           : r->worst == FINDING_COUNT ? STYLE_GOOD
                                       : STYLE_TEXT;
}

static void draw_verdict(struct canvas *c, int y, const struct table *t, const struct store_row *r,
                         bool one_line)
{
    char text[96];
    const char *kind = r->kind < CLOSE_KIND_COUNT ? close_kind_name((enum close_kind)r->kind) : "";
    bool found = r->worst < FINDING_COUNT;
    enum style severity = style_of_severity((enum severity)r->severity);
    const char *id = found ? finding_info((enum finding_id)r->worst)->id : "";

    snprintf(text, sizeof text, "%s%s", kind, r->state == ROW_LIVE ? " so far" : "");
    if (one_line && found && r->severity >= SEVERITY_NOTICE) {
        table_cell(c, y, t, TABLE_CLOSE, severity, id);
        return;
    }
    table_cell(c, y, t, TABLE_CLOSE, close_style(r), text);
    if (!one_line)
        table_cell(c, y + 1, t, TABLE_CLOSE, severity, id);
}

static void draw_states(const struct connections *s, struct canvas *c, int y, const struct table *t,
                        const struct model_connection *m)
{
    const struct model_summary *summary = store_summary(s->v.browser->store);
    int x = t->x[TABLE_STATES], width = t->width[TABLE_STATES];

    if (!width)
        return;
    if (s->one_line) {
        char text[64];
        snprintf(text, sizeof text, "%s, %s", tcp_state_name(m->end[END_CLIENT].state),
                 tcp_state_name(m->end[END_SERVER].state));
        table_cell(c, y, t, TABLE_STATES, STYLE_TEXT, text);
        return;
    }
    struct axis a = s->of_capture ? axis_of_capture(m, width, summary->first_t, summary->last_t)
                                  : axis_of_connection(m, width);
    struct canvas part = canvas_part(c, x, y, width, 2);
    bar_draw(&part, 0, 0, &a, &m->end[END_CLIENT]);
    bar_draw(&part, 0, 1, &a, &m->end[END_SERVER]);
}

/* A duration within the width of its column: "5m00s" for what is else "5 min 00 s". */
static const char *brief(int64_t ns, char text[static TIME_TEXT])
{
    int64_t s = ns / NS_PER_S;

    if (s < 180)
        return time_human(ns, text);
    if (s < 7200)
        snprintf(text, TIME_TEXT, "%" PRId64 "m%02" PRId64 "s", s / 60, s % 60);
    else if (s < 172800)
        snprintf(text, TIME_TEXT, "%" PRId64 "h%02" PRId64 "m", s / 3600, s % 3600 / 60);
    else
        snprintf(text, TIME_TEXT, "%" PRId64 "d%02" PRId64 "h", s / 86400, s % 86400 / 3600);
    return text;
}

static void draw_connection(const struct connections *s, struct canvas *c, int y,
                            const struct table *t, size_t stream, int64_t before)
{
    struct arena arena = {0};
    char text[TIME_TEXT];
    struct browser *b = s->v.browser;
    const struct model_connection *m = store_connection(b->store, stream, &arena);
    const struct store_row *r = store_row(b->store, stream);

    if (m) {
        bool marked = list_marked(list_of(s), stream);
        snprintf(text, sizeof text, "%zu", stream);
        table_cell(c, y, t, TABLE_STREAM, marked ? STYLE_FILTER : STYLE_TEXT, text);
        if (marked)
            canvas_put(c, t->x[TABLE_STREAM], y, STYLE_FILTER, canvas_symbol(c, SYMBOL_MARK));
        draw_ends(s, c, y, t, r);
        table_cell(c, y, t, TABLE_START, STYLE_TEXT, browser_stamp(b, r->first, before, text));
        table_cell(c, y, t, TABLE_LASTED, STYLE_TEXT, brief(r->last - r->first, text));
        if (!s->one_line)
            draw_amounts(c, y + 1, t, r);
        draw_verdict(c, y, t, r, s->one_line);
        draw_states(s, c, y, t, m);
    }
    arena_done(&arena);
}

static struct table layout(const struct connections *s, struct column room[TABLE_N])
{
    memcpy(room, columns, sizeof columns);
    int stamp = stamp_width(s->v.browser->options.stamp);
    if (room[TABLE_START].width < stamp)
        room[TABLE_START].width = stamp;
    if (s->one_line) {
        room[TABLE_ENDS] = (struct column){"client > server", 33, 2, 0, false};
        room[TABLE_STATES] = (struct column){"states", 22, 0, 9, false};
    }
    /* The head names what the list is sorted by, be it the line above or the one below. */
    for (int i = 0; i < TABLE_N; i++)
        for (int k = 0; k < 2; k++)
            if (sorts[i][k] == list_of(s)->sort)
                room[i].title = sort_names[list_of(s)->sort];
    return table_fit(room, TABLE_N, s->hidden, s->v.width);
}

static int sorted_column(const struct connections *s)
{
    for (int i = 0; i < TABLE_N; i++)
        if (sorts[i][0] == list_of(s)->sort || sorts[i][1] == list_of(s)->sort)
            return i;
    return -1;
}

static void draw_choice(const struct connections *s, struct canvas *c)
{
    canvas_put(c, 1, 0, STYLE_STRONG, "Columns: Space shows or hides one, Enter goes back");
    for (int i = 0; i < TABLE_N; i++) {
        canvas_printf(c, 1, i + 1, STYLE_TEXT, "[%c] %s", s->hidden[i] ? ' ' : 'x',
                      columns[i].title);
        if (s->choice.cursor == (size_t)i)
            canvas_select(c, i + 1);
    }
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct connections *s = (const struct connections *)v;
    const struct list *l = list_of(s);
    struct column room[TABLE_N];
    int64_t before = store_summary(v->browser->store)->first_t;
    int y = 1;

    if (s->choosing) {
        draw_choice(s, c);
        return;
    }
    struct table t = layout(s, room);
    table_head(c, 0, &t, sorted_column(s), l->reverse);
    if (!l->n)
        canvas_put(c, 1, 2, STYLE_TEXT,
                   list_is_pending(l) ? ""
                   : list_is_narrowed(l)
                       ? "No connection meets the conditions: u takes the last one back."
                   : v->browser->loading ? "No TCP connection yet."
                                         : "No TCP connection in this capture.");
    for (size_t i = s->scroll.top; i < l->n && i < s->scroll.top + s->scroll.page; i++) {
        draw_connection(s, c, y, &t, l->stream[i], before);
        before = store_row(v->browser->store, l->stream[i])->first;
        for (size_t k = 0; i == s->scroll.cursor && k < lines_each(s); k++)
            canvas_select(c, y + (int)k);
        y += (int)lines_each(s);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

static void sort_by(struct connections *s, enum list_column column, bool reverse)
{
    struct list *l = &s->v.browser->list;

    l->sort = column;
    l->reverse = reverse;
    list_rebuild(l);
    update(&s->v);
    browser_say(s->v.browser, STYLE_TEXT, "sorted by %s%s", sort_names[column],
                reverse ? ", reversed" : "");
}

/* The next or previous connection with a finding of notice or worse. */
static void seek_finding(struct connections *s, int step)
{
    const struct list *l = list_of(s);

    for (size_t i = s->scroll.cursor + (size_t)step; i < l->n; i += (size_t)step) {
        const struct store_row *r = store_row(s->v.browser->store, l->stream[i]);

        if (r->worst < FINDING_COUNT && r->severity >= SEVERITY_NOTICE) {
            scroll_to(&s->scroll, i);
            return;
        }
    }
    browser_say(s->v.browser, STYLE_TEXT, "no %s connection with a finding of notice or worse",
                step > 0 ? "further" : "earlier");
}

static void toggle_mark(struct connections *s)
{
    struct list *l = &s->v.browser->list;

    if (!l->n)
        return;
    size_t stream = l->stream[s->scroll.cursor];
    list_mark(l, stream, !list_marked(l, stream));
    scroll_to(&s->scroll, s->scroll.cursor + 1);
}

static bool choose(struct connections *s, enum request r, size_t count)
{
    if (r == REQUEST_TOGGLE && s->choice.cursor != TABLE_STREAM)
        s->hidden[s->choice.cursor] = !s->hidden[s->choice.cursor];
    else if (r == REQUEST_OPEN || r == REQUEST_BACK || r == REQUEST_COLUMNS)
        s->choosing = false;
    else
        return scroll_request(&s->choice, r, count);
    return true;
}

static bool request(struct view *v, enum request r, size_t count)
{
    struct connections *s = (struct connections *)v;
    struct list *l = &v->browser->list;

    if (s->choosing)
        return choose(s, r, count);
    switch (r) {
    case REQUEST_OPEN:
        if (l->n)
            browser_show_ladder(v->browser, l->stream[s->scroll.cursor], NULL);
        return true;
    case REQUEST_TOGGLE:
        toggle_mark(s);
        break;
    case REQUEST_NEXT_FINDING:
        seek_finding(s, 1);
        break;
    case REQUEST_PREVIOUS_FINDING:
        seek_finding(s, -1);
        break;
    case REQUEST_SORT_LEFT:
        sort_by(s, (enum list_column)((l->sort + COLUMN_COUNT - 1) % COLUMN_COUNT), l->reverse);
        return true;
    case REQUEST_SORT_RIGHT:
        sort_by(s, (enum list_column)((l->sort + 1) % COLUMN_COUNT), l->reverse);
        return true;
    case REQUEST_SORT_REVERSE:
        sort_by(s, l->sort, !l->reverse);
        return true;
    case REQUEST_LINES:
        s->one_line = !s->one_line;
        break;
    case REQUEST_AXIS:
        s->of_capture = !s->of_capture;
        browser_say(v->browser, STYLE_TEXT, "state bars: %s",
                    s->of_capture ? "over the time of the capture"
                                  : "over the life of each connection");
        return true;
    case REQUEST_ONLY:
        if (l->n_marked)
            browser_narrow(v->browser, &(struct narrowing){.kind = NARROW_MARKED}, 1);
        else
            browser_say(v->browser, STYLE_TEXT, "nothing is marked: Space does that");
        return true;
    case REQUEST_COLUMNS:
        s->choosing = true;
        return true;
    default:
        if (!scroll_request(&s->scroll, r, count))
            return false;
    }
    if (l->n)
        v->browser->subject.stream = l->stream[s->scroll.cursor];
    update(v);
    return true;
}

static bool click(struct view *v, int x, int y)
{
    struct connections *s = (struct connections *)v;
    struct column room[TABLE_N];
    struct table t = layout(s, room);
    struct list *l = &v->browser->list;

    if (s->choosing)
        return false;
    if (y == 0) {
        int column = table_column_at(&t, x);
        if (column >= 0 && sorts[column][0] < COLUMN_COUNT) {
            bool again = l->sort == sorts[column][0];
            sort_by(s, sorts[column][0], again && !l->reverse);
        }
        return false;
    }
    size_t at = s->scroll.top + (size_t)(y - 1) / lines_each(s);
    if (at >= l->n)
        return false;
    bool again = at == s->scroll.cursor;
    scroll_to(&s->scroll, at);
    v->browser->subject.stream = l->stream[at];
    return again;
}

static void wheel(struct view *v, int n)
{
    struct connections *s = (struct connections *)v;

    scroll_wheel(&s->scroll, n);
    if (list_of(s)->n)
        v->browser->subject.stream = list_of(s)->stream[s->scroll.cursor];
}

const struct view_ops view_connections = {
    .name = "Connections",
    .size = sizeof(struct connections),
    .hints = "help open:Ladder findings:Findings hosts:Hosts groups:Groups toggle:Mark "
             "filter:Filter sort-right:Sort next-finding:Next undo:Undo back:Quit",
    .update = update,
    .draw = draw,
    .request = request,
    .click = click,
    .wheel = wheel,
};
