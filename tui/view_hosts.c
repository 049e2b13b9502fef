/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Who takes part in the connections of each service: how they closed, who closed first, which
 * states were held how long, who left connections open. */
#include "base/xalloc.h"
#include "tui/scroll.h"
#include "tui/table.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    HOST_ADDR,
    HOST_ROLE,
    HOST_PORT,
    HOST_CONNECTIONS,
    HOST_CLEAN,
    HOST_RESET,
    HOST_FIRST,
    HOST_LEFT,
    HOST_TW_PEAK,
    HOST_CW_PEAK,
    HOST_CW_HELD,
    HOST_FW2_HELD,
    HOST_LA_HELD,
    HOST_COLUMNS
};

static const struct column columns[HOST_COLUMNS] = {
    [HOST_ADDR] = {"host", 16, 1, 0, false},       [HOST_ROLE] = {"as", 6, 0, 3, false},
    [HOST_PORT] = {"port", 5, 0, 0, true},         [HOST_CONNECTIONS] = {"conns", 8, 0, 0, true},
    [HOST_CLEAN] = {"clean", 7, 0, 2, true},       [HOST_RESET] = {"reset", 7, 0, 2, true},
    [HOST_FIRST] = {"first", 7, 0, 4, true},       [HOST_LEFT] = {"left", 6, 0, 1, true},
    [HOST_TW_PEAK] = {"TIME_WAIT", 9, 0, 5, true}, [HOST_CW_PEAK] = {"CLOSE_WAIT", 10, 0, 5, true},
    [HOST_CW_HELD] = {"CW held", 9, 0, 6, true},   [HOST_FW2_HELD] = {"FW2 held", 9, 0, 7, true},
    [HOST_LA_HELD] = {"LA held", 9, 0, 8, true},
};

/* Series of a host, in the model's order: TIME_WAIT, CLOSE_WAIT, FIN_WAIT_2, LAST_ACK. */
enum { OF_TIME_WAIT, OF_CLOSE_WAIT };

struct hosts {
    struct view v;
    struct row {
        const struct model_host *host;
        int64_t value[HOST_COLUMNS]; /* by which it is sorted; times in ns */
    } * row;
    size_t n;
    struct scroll scroll;
    int sort;
    bool reverse;
};

/* --- rows ------------------------------------------------------------------------------------- */

static int64_t peak(const struct series *s)
{
    int64_t at;

    return series_peak(s, &at);
}

static int64_t held(const struct model_host *h, enum tcp_state state)
{
    const struct model_dwell d = model_dwell_of(h, state);

    return d.n || d.open ? d.p50 : -1;
}

static struct row row_of(const struct model_host *h)
{
    return (struct row){
        .host = h,
        .value =
            {
                [HOST_ROLE] = h->role,
                [HOST_PORT] = h->service,
                [HOST_CONNECTIONS] = (int64_t)h->connections,
                [HOST_CLEAN] =
                    (int64_t)(h->by_kind[CLOSE_CLEAN] + h->by_kind[CLOSE_CLEAN_COMBINED] +
                              h->by_kind[CLOSE_SIMULTANEOUS]),
                [HOST_RESET] = (int64_t)(h->by_kind[CLOSE_RESET] + h->by_kind[CLOSE_REFUSED]),
                [HOST_FIRST] = (int64_t)h->closed_first,
                [HOST_LEFT] = (int64_t)h->never_closed,
                [HOST_TW_PEAK] = peak(&h->population[OF_TIME_WAIT]),
                [HOST_CW_PEAK] = peak(&h->population[OF_CLOSE_WAIT]),
                [HOST_CW_HELD] = held(h, ST_CLOSE_WAIT),
                [HOST_FW2_HELD] = held(h, ST_FIN_WAIT_2),
                [HOST_LA_HELD] = held(h, ST_LAST_ACK),
            },
    };
}

/* Addresses upwards, amounts the greatest first; where that is equal, as it was. */
static int order(const struct hosts *s, const struct row *a, const struct row *b)
{
    if (s->sort == HOST_ADDR)
        return addr_compare(&a->host->addr, &b->host->addr);
    int64_t x = a->value[s->sort], y = b->value[s->sort];
    return x > y ? -1 : x < y;
}

/* Insertion would do for few rows; a merge keeps equal ones in order for thousands. */
static void merge_sort(const struct hosts *s, struct row *row, struct row *room, size_t n)
{
    size_t half = n / 2, i = 0, j = half, k = 0;

    if (n < 2)
        return;
    merge_sort(s, row, room, half);
    merge_sort(s, row + half, room, n - half);
    while (k < n) {
        int o = i == half ? 1 : j == n ? -1 : order(s, &row[i], &row[j]);
        bool left = s->reverse && i < half && j < n ? o >= 0 : o <= 0;
        room[k++] = left ? row[i++] : row[j++];
    }
    for (i = 0; i < n; i++)
        row[i] = room[i];
}

static void update(struct view *v)
{
    struct hosts *s = (struct hosts *)v;
    const struct model_summary *m = browser_summary(v->browser);
    struct row *room = xcalloc(m->n_hosts + 1, sizeof *room);

    s->row = xreallocarray(s->row, m->n_hosts + 1, sizeof *s->row);
    s->n = m->n_hosts;
    for (size_t i = 0; i < s->n; i++)
        s->row[i] = row_of(&m->hosts[i]);
    merge_sort(s, s->row, room, s->n);
    free(room);
    scroll_fit(&s->scroll, s->n, v->height > 3 ? (size_t)(v->height - 3) : 1);
}

static void open_hosts(struct view *v)
{
    struct hosts *s = (struct hosts *)v;

    if (!s->row)
        s->sort = HOST_LEFT; /* who does not close comes first */
}

static void close_hosts(struct view *v)
{
    free(((struct hosts *)v)->row);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw_row(const struct row *r, struct canvas *c, int y, const struct table *t)
{
    char text[TIME_TEXT];

    table_cell(c, y, t, HOST_ADDR, STYLE_TEXT, addr_text(&r->host->addr, text));
    table_cell(c, y, t, HOST_ROLE, STYLE_TEXT, end_name(r->host->role));
    for (int i = HOST_PORT; i < HOST_CW_HELD; i++) {
        snprintf(text, sizeof text, "%" PRId64, r->value[i]);
        table_cell(c, y, t, i,
                   i == HOST_LEFT && r->value[i] ? STYLE_WARNING
                   : r->value[i]                 ? STYLE_TEXT
                                                 : STYLE_DIM,
                   text);
    }
    for (int i = HOST_CW_HELD; i < HOST_COLUMNS; i++)
        table_cell(c, y, t, i, STYLE_TEXT, r->value[i] < 0 ? "" : time_human(r->value[i], text));
}

/* The table without the states that nobody was in. */
static struct table layout(const struct hosts *s, int width)
{
    bool hidden[HOST_COLUMNS] = {false};

    for (int i = HOST_TW_PEAK; i < HOST_COLUMNS; i++) {
        hidden[i] = i != s->sort;
        for (size_t k = 0; k < s->n; k++)
            hidden[i] &= s->row[k].value[i] <= 0;
    }
    return table_fit(columns, HOST_COLUMNS, hidden, width);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct hosts *s = (const struct hosts *)v;
    struct table t = layout(s, c->width);

    table_head(c, 0, &t, s->sort, s->reverse == (s->sort == HOST_ADDR)); /* amounts fall */
    if (!s->n)
        canvas_put(c, 1, 2, STYLE_TEXT,
                   v->browser->loading ? "No connection is over yet." : "None.");
    for (size_t i = 0; i < s->scroll.page && s->scroll.top + i < s->n; i++) {
        draw_row(&s->row[s->scroll.top + i], c, (int)i + 1, &t);
        if (s->scroll.top + i == s->scroll.cursor)
            canvas_select(c, (int)i + 1);
    }
    static const char legend[] = "first: it closed first; left: the peer closed, it never did; "
                                 "TIME_WAIT, CLOSE_WAIT: most at once; held: median";
    canvas_wrap(c, 1, v->height - 1 - ((int)sizeof legend > c->width), c->width - 1, STYLE_DIM,
                legend);
}

/* --- requests --------------------------------------------------------------------------------- */

static void sort_by(struct hosts *s, int column, bool reverse)
{
    s->sort = (column + HOST_COLUMNS) % HOST_COLUMNS;
    s->reverse = reverse;
    update(&s->v);
}

static bool request(struct view *v, enum request r, size_t count)
{
    struct hosts *s = (struct hosts *)v;

    switch (r) {
    case REQUEST_SORT_LEFT:
        sort_by(s, s->sort - 1, s->reverse);
        return true;
    case REQUEST_SORT_RIGHT:
        sort_by(s, s->sort + 1, s->reverse);
        return true;
    case REQUEST_SORT_REVERSE:
        sort_by(s, s->sort, !s->reverse);
        return true;
    case REQUEST_OPEN:
        if (s->n) {
            const struct model_host *h = s->row[s->scroll.cursor].host;
            browser_narrow(
                v->browser,
                &(struct narrowing){.kind = h->role == END_SERVER ? NARROW_SERVICE : NARROW_CLIENT,
                                    .addr = h->addr,
                                    .port = h->service},
                1);
        }
        return true;
    default:
        return scroll_request(&s->scroll, r, count);
    }
}

static bool click(struct view *v, int x, int y)
{
    struct hosts *s = (struct hosts *)v;
    struct table t = layout(s, v->width);
    size_t at = s->scroll.top + (size_t)(y > 0 ? y - 1 : 0);

    if (y == 0) {
        int column = table_column_at(&t, x);
        if (column >= 0)
            sort_by(s, column, column == s->sort && !s->reverse);
        return false;
    }
    if (at >= s->n)
        return false;
    bool again = at == s->scroll.cursor;
    scroll_to(&s->scroll, at);
    return again;
}

static void wheel(struct view *v, int n)
{
    scroll_wheel(&((struct hosts *)v)->scroll, n);
}

const struct view_ops view_hosts = {
    .name = "Hosts",
    .size = sizeof(struct hosts),
    .hints = "help open:Connections sort-right:Sort sort-reverse:Reverse back:Back",
    .sums = true,
    .open = open_hosts,
    .close = close_hosts,
    .update = update,
    .draw = draw,
    .request = request,
    .click = click,
    .wheel = wheel,
};
