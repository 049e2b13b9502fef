/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view_ladder.h"

#include "report/packets.h"
#include "tui/list.h"

#include <inttypes.h>
#include <string.h>

/* --- the connection --------------------------------------------------------------------------- */

static void enter_states(const struct ladder_view *l, struct rung *g, size_t next[2])
{
    for (enum end e = END_CLIENT; e <= END_SERVER; e++) {
        const struct model_endpoint *end = &l->c->end[e];

        g->entered[e] = g->row->state[e] != NULL;
        /* A packet may bring several states; the row names the last of them. */
        while (g->entered[e] && next[e] < end->n_states &&
               strcmp(tcp_state_name(end->states[next[e]++].state), g->row->state[e]) != 0)
            ;
        g->state[e] = next[e] ? &end->states[next[e] - 1] : NULL;
    }
}

/* The line that tells a state's length: the first after the one that brought it, unless that brings
 * the next. */
static void place_dwells(struct rung *rung, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (enum end e = END_CLIENT; e <= END_SERVER; e++)
            rung[i].dwell[e] = rung[i - 1].entered[e] && !rung[i].entered[e] && rung[i].state[e] &&
                               rung[i].state[e]->held > 0 && rung[i].row->kind != LADDER_FINDING;
}

static uint64_t *unfolded_slot(struct ladder_view *l, uint64_t packet)
{
    for (int i = 0; i < UNFOLDED; i++)
        if (l->unfolded[i] == packet)
            return &l->unfolded[i];
    return NULL;
}

/* The segments of a fold as rungs behind it. */
static size_t unfold(struct ladder_view *l, size_t n)
{
    const struct rung fold = l->rung[n - 1];
    size_t count;
    uint64_t rest;
    const struct model_step *step = packets_of_fold(store_packets(l->v.browser->store), l->c,
                                                    fold.row->step, &l->arena, &count, &rest);
    struct ladder_row *row = arena_alloc(&l->arena, (count + 1) * sizeof *row);

    for (size_t i = 0; i < count; i++) {
        row[i] = ladder_segment(&step[i], &l->arena);
        l->rung[n] =
            (struct rung){.row = &row[i], .state = {fold.state[0], fold.state[1]}, .of_fold = true};
        n++;
    }
    if (rest) {
        row[count] = (struct ladder_row){
            .kind = LADDER_OMITTED,
            .label = arena_printf(&l->arena, "%" PRIu64 " records were not looked at", rest)};
        l->rung[n++] = (struct rung){
            .row = &row[count], .state = {fold.state[0], fold.state[1]}, .of_fold = true};
    }
    return n;
}

static void load(struct ladder_view *l, size_t stream)
{
    size_t next[2] = {0, 0}, n = 0, rungs = 0;

    arena_reset(&l->arena);
    l->stream = stream;
    l->c = store_connection(l->v.browser->store, stream, &l->arena);
    if (!l->c) {
        scroll_fit(&l->scroll, 0, 1);
        return;
    }
    const struct ladder_row *row = ladder_layout(l->c, &l->arena, &n);
    l->rung = arena_alloc(&l->arena, (n + UNFOLDED * (PACKETS_OF_FOLD + 1) + 1) * sizeof *l->rung);
    for (size_t i = 0; i < n; i++) {
        bool unfolded = row[i].kind != LADDER_SEGMENT && row[i].step &&
                        unfolded_slot(l, row[i].step->at.packet);

        if (unfolded && row[i].kind == LADDER_FOLD_END)
            continue; /* it stands among the others */
        struct rung *g = &l->rung[rungs++];
        g->row = &row[i];
        enter_states(l, g, next);
        if (unfolded)
            rungs = unfold(l, rungs);
    }
    place_dwells(l->rung, rungs);
    scroll_fit(&l->scroll, rungs, l->scroll.page);
}

/* Put the cursor on a packet: on the rung that it is, or the fold that it is in. */
static void go_to_packet(struct ladder_view *l, const struct ref *packet)
{
    size_t to = l->scroll.n;

    for (size_t i = 0; i < l->scroll.n; i++) {
        const struct ladder_row *r = l->rung[i].row;
        bool in_fold = r->kind == LADDER_FOLD && packet->packet > r->at.packet &&
                       packet->packet <= r->step->last.packet;

        if (!r->step || r->at.file != packet->file)
            continue;
        if (packet->packet == r->at.packet) {
            scroll_to(&l->scroll, i);
            return;
        }
        to = in_fold && to == l->scroll.n ? i : to;
    }
    if (to < l->scroll.n)
        scroll_to(&l->scroll, to);
}

static void open_ladder(struct view *v)
{
    struct ladder_view *l = (struct ladder_view *)v;
    struct subject *s = &v->browser->subject;

    if (!l->c || s->stream != l->stream || s->packet.packet) {
        l->scroll = (struct scroll){.page = 1};
        l->in_pane = l->zoom = false;
        memset(l->unfolded, 0, sizeof l->unfolded);
        load(l, s->stream);
    }
    if (l->c && s->packet.packet)
        go_to_packet(l, &s->packet);
    s->packet = (struct ref){0};
}

static void close_ladder(struct view *v)
{
    arena_done(&((struct ladder_view *)v)->arena);
}

int ladder_pane_height(const struct ladder_view *l)
{
    int height = l->v.height / 3;

    if (l->zoom)
        return l->v.height;
    return height < 3 ? 0 : height > 12 ? 12 : height;
}

static void fit_pane(struct ladder_view *l)
{
    struct strbuf text = {0};
    const char *next;
    size_t lines = 0;
    int height = ladder_pane_height(l);

    if (l->scroll.n)
        ladder_pane_text(l, &text);
    for (const char *at = text.text; at; at = next, lines++)
        wrapped_line(at, l->v.width - 2, &next);
    strbuf_done(&text);
    size_t page = height > 1 ? (size_t)height - 1 : 1;
    /* The cursor of the pane is its first line. */
    scroll_fit(&l->pane, lines > page ? lines - page + 1 : 1, 1);
}

static void update(struct view *v)
{
    struct ladder_view *l = (struct ladder_view *)v;
    int page = v->height - LADDER_HEAD - ladder_pane_height(l);

    if (l->c && v->browser->loading) /* it may have grown */
        load(l, l->stream);
    scroll_fit(&l->scroll, l->scroll.n, page > 0 ? (size_t)page : 1);
    fit_pane(l);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw(const struct view *v, struct canvas *c)
{
    const struct ladder_view *l = (const struct ladder_view *)v;
    int pane = ladder_pane_height(l);

    if (!l->c) {
        canvas_put(c, 1, 1, STYLE_TEXT, "No connection is chosen.");
        return;
    }
    if (!l->zoom) {
        ladder_draw_head(l, c);
        struct canvas rungs = canvas_part(c, 0, LADDER_HEAD, c->width, (int)l->scroll.page);
        for (size_t i = 0; i < l->scroll.page && l->scroll.top + i < l->scroll.n; i++) {
            ladder_draw_rung(l, &rungs, (int)i, l->scroll.top + i);
            if (l->scroll.top + i == l->scroll.cursor)
                canvas_select(&rungs, (int)i);
        }
    }
    if (pane && l->scroll.n) {
        struct canvas part = canvas_part(c, 0, v->height - pane, c->width, pane);
        ladder_draw_pane(l, &part);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

static void seek_finding(struct ladder_view *l, int step)
{
    for (size_t i = l->scroll.cursor + (size_t)step; i < l->scroll.n; i += (size_t)step)
        if (l->rung[i].row->kind == LADDER_FINDING) {
            scroll_to(&l->scroll, i);
            return;
        }
    browser_say(l->v.browser, STYLE_TEXT, "no %s finding in this connection",
                step > 0 ? "further" : "earlier");
}

/* The rung of the fold that a rung belongs to; itself when there is none. */
static size_t fold_of(const struct ladder_view *l, size_t rung)
{
    const struct ladder_row *r = l->rung[rung].row;
    const struct model_step *fold = r->kind == LADDER_FOLD_END ? r->step : NULL;

    while (rung > 0 && (l->rung[rung].of_fold || (fold && (l->rung[rung].row->kind != LADDER_FOLD ||
                                                           l->rung[rung].row->step != fold))))
        rung--;
    return rung;
}

/* Open or close the fold under the cursor, or the one that what is under it is of. */
static void toggle_fold(struct ladder_view *l)
{
    size_t at = fold_of(l, l->scroll.cursor);

    const struct ladder_row *r = l->rung[at].row;
    if (r->kind != LADDER_FOLD) {
        browser_say(l->v.browser, STYLE_TEXT, "nothing is folded here");
        return;
    }
    uint64_t *slot = unfolded_slot(l, r->step->at.packet);
    if (slot)
        *slot = 0;
    else if ((slot = unfolded_slot(l, 0)))
        *slot = r->step->at.packet;
    else
        browser_say(l->v.browser, STYLE_ALERT, "too many folds are open: close one first");
    load(l, l->stream);
    scroll_to(&l->scroll, at);
}

static bool same_tuple(const struct store_row *a, const struct store_row *b)
{
    bool straight = true, crossed = true;

    for (enum end e = END_CLIENT; e <= END_SERVER; e++) {
        straight &= a->addr[e] == b->addr[e] && a->port[e] == b->port[e];
        crossed &= a->addr[e] == b->addr[!e] && a->port[e] == b->port[!e];
    }
    return a->tap == b->tap && a->tenant == b->tenant && (straight || crossed);
}

static void seek_incarnation(struct ladder_view *l, int step)
{
    struct store *store = l->v.browser->store;
    const struct store_row *mine = store_row(store, l->stream);

    for (size_t i = l->stream + (size_t)step; i < store_n_rows(store); i += (size_t)step) {
        const struct store_row *r = store_row(store, i);

        if (r->state != ROW_UNUSED && same_tuple(mine, r)) {
            browser_show_ladder(l->v.browser, i, NULL);
            return;
        }
    }
    browser_say(l->v.browser, STYLE_TEXT, "no %s connection of these addresses and ports",
                step > 0 ? "later" : "earlier");
}

static void seek_connection(struct ladder_view *l, int step)
{
    const struct list *list = &l->v.browser->list;
    size_t at = list_find(list, l->stream), to = at + (size_t)step;

    if (at < list->n && to < list->n)
        browser_show_ladder(l->v.browser, list->stream[to], NULL);
    else
        browser_say(l->v.browser, STYLE_TEXT, "no %s connection in the list",
                    step > 0 ? "further" : "earlier");
}

static bool request(struct view *v, enum request r, size_t count)
{
    struct ladder_view *l = (struct ladder_view *)v;

    if (!l->c)
        return false;
    switch (r) {
    case REQUEST_NEXT_FINDING:
        seek_finding(l, 1);
        break;
    case REQUEST_PREVIOUS_FINDING:
        seek_finding(l, -1);
        break;
    case REQUEST_NEXT_INCARNATION:
        seek_incarnation(l, 1);
        return true;
    case REQUEST_PREVIOUS_INCARNATION:
        seek_incarnation(l, -1);
        return true;
    case REQUEST_NEXT_CONNECTION:
        seek_connection(l, 1);
        return true;
    case REQUEST_PREVIOUS_CONNECTION:
        seek_connection(l, -1);
        return true;
    case REQUEST_TOGGLE:
        toggle_fold(l);
        break;
    case REQUEST_RAW:
        l->octets = !l->octets;
        l->pane = (struct scroll){.page = 1};
        break;
    case REQUEST_OPEN:
        if (l->scroll.n && l->rung[l->scroll.cursor].row->kind == LADDER_FINDING)
            browser_explain(v->browser, l->rung[l->scroll.cursor].row->finding->id);
        else
            l->octets = !l->octets;
        break;
    case REQUEST_PANE:
        l->in_pane = !l->in_pane;
        break;
    case REQUEST_ZOOM:
        l->zoom = !l->zoom;
        l->in_pane = l->zoom;
        break;
    default:
        if (l->in_pane ? !scroll_request(&l->pane, r, count)
                       : !scroll_request(&l->scroll, r, count))
            return false;
    }
    if (!l->in_pane)
        l->pane = (struct scroll){.page = 1};
    update(v);
    return true;
}

static bool click(struct view *v, int x, int y)
{
    struct ladder_view *l = (struct ladder_view *)v;

    (void)x;
    if (y >= LADDER_HEAD && y < LADDER_HEAD + (int)l->scroll.page && !l->zoom)
        scroll_to(&l->scroll, l->scroll.top + (size_t)(y - LADDER_HEAD));
    update(v);
    return false;
}

static void wheel(struct view *v, int n)
{
    struct ladder_view *l = (struct ladder_view *)v;

    scroll_wheel(l->in_pane ? &l->pane : &l->scroll, n);
    update(v);
}

const struct view_ops view_ladder = {
    .name = "Ladder",
    .size = sizeof(struct ladder_view),
    .hints = "help toggle:Unfold raw:Octets next-finding:Finding next-incarnation:Incarnation "
             "next-connection:Next pane:Pane zoom:Zoom wireshark:Wireshark json:JSON back:Back",
    .open = open_ladder,
    .close = close_ladder,
    .update = update,
    .draw = draw,
    .request = request,
    .click = click,
    .wheel = wheel,
};
