/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The connections of the list, counted in groups: by service, client, close or worst finding. Enter
 * shows those of a group. */
#include "base/xalloc.h"
#include "tui/scroll.h"
#include "tui/table.h"
#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>

enum grouping { BY_SERVICE, BY_CLIENT, BY_CLOSE, BY_FINDING, GROUPINGS };

static const char *const grouping_names[GROUPINGS] = {[BY_SERVICE] = "service",
                                                      [BY_CLIENT] = "client",
                                                      [BY_CLOSE] = "close",
                                                      [BY_FINDING] = "finding"};

struct group {
    struct narrowing key;
    size_t count, with_finding; /* of notice or worse */
    uint8_t worst, severity;    /* of the worst finding, as in a row of the store */
};

struct groups {
    struct view v;
    enum grouping by;
    struct group *group;
    size_t n, cap;
    size_t *slot; /* index + 1 of the group of a hash; 0 empty */
    size_t n_slots;
    struct scroll scroll;
};

enum { GROUP_KEY, GROUP_COUNT, GROUP_FOUND, GROUP_SHARE, GROUP_WORST, GROUP_COLUMNS };

static const struct column columns[GROUP_COLUMNS] = {
    [GROUP_KEY] = {"", 24, 2, 0, false},
    [GROUP_COUNT] = {"conns", 9, 0, 0, true},
    [GROUP_FOUND] = {"found", 8, 0, 2, true},
    [GROUP_SHARE] = {"share", 10, 1, 3, false},
    [GROUP_WORST] = {"worst finding", 22, 1, 1, false},
};

/* --- counting --------------------------------------------------------------------------------- */

static bool key_of(const struct groups *g, const struct store_row *r, struct narrowing *key)
{
    const struct store *store = g->v.browser->store;

    switch (g->by) {
    case BY_SERVICE:
        *key = (struct narrowing){.kind = NARROW_SERVICE,
                                  .addr = *store_addr(store, r->addr[END_SERVER]),
                                  .port = r->port[END_SERVER]};
        return true;
    case BY_CLIENT:
        *key = (struct narrowing){.kind = NARROW_CLIENT,
                                  .addr = *store_addr(store, r->addr[END_CLIENT])};
        return true;
    case BY_CLOSE:
        *key = (struct narrowing){.kind = NARROW_CLOSE, .close = (enum close_kind)r->kind};
        return r->kind < CLOSE_KIND_COUNT;
    default:
        *key = (struct narrowing){.kind = NARROW_FINDING, .finding = (enum finding_id)r->worst};
        return r->worst < FINDING_COUNT;
    }
}

static bool same(const struct narrowing *a, const struct narrowing *b)
{
    return a->finding == b->finding && a->close == b->close && a->port == b->port &&
           addr_compare(&a->addr, &b->addr) == 0;
}

static size_t hash(const struct narrowing *k)
{
    uint64_t h =
        14695981039346656037u ^ k->port ^ (uint64_t)k->close << 16 ^ (uint64_t)k->finding << 24;

    for (size_t i = 0; i < sizeof k->addr.octets; i++)
        h = (h ^ k->addr.octets[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 29);
}

static size_t *slot_of(const struct groups *g, const struct narrowing *key)
{
    size_t i = hash(key) & (g->n_slots - 1);

    while (g->slot[i] && !same(&g->group[g->slot[i] - 1].key, key))
        i = (i + 1) & (g->n_slots - 1);
    return &g->slot[i];
}

static void grow_slots(struct groups *g)
{
    g->n_slots = g->n_slots ? g->n_slots * 2 : 256;
    free(g->slot);
    g->slot = xcalloc(g->n_slots, sizeof *g->slot);
    for (size_t i = 0; i < g->n; i++)
        *slot_of(g, &g->group[i].key) = i + 1;
}

static struct group *group_of(struct groups *g, const struct narrowing *key)
{
    size_t *slot = slot_of(g, key);

    if (*slot)
        return &g->group[*slot - 1];
    if (g->n == g->cap) {
        g->cap = g->cap ? g->cap * 2 : 128;
        g->group = xreallocarray(g->group, g->cap, sizeof *g->group);
    }
    g->group[g->n] = (struct group){.key = *key, .worst = FINDING_COUNT};
    *slot = ++g->n;
    if (g->n * 2 > g->n_slots)
        grow_slots(g);
    return &g->group[g->n - 1];
}

static int most_first(const void *a, const void *b)
{
    const struct group *x = a, *y = b;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    int order = addr_compare(&x->key.addr, &y->key.addr);
    if (order)
        return order;
    if (x->key.port != y->key.port)
        return x->key.port < y->key.port ? -1 : 1;
    if (x->key.close != y->key.close)
        return x->key.close < y->key.close ? -1 : 1;
    return x->key.finding < y->key.finding ? -1 : x->key.finding > y->key.finding;
}

static void count(struct groups *g)
{
    const struct list *l = &g->v.browser->list;

    g->n = 0;
    g->n_slots = 0;
    grow_slots(g);
    for (size_t i = 0; i < l->n; i++) {
        const struct store_row *r = store_row(l->store, l->stream[i]);
        struct narrowing key;

        if (!key_of(g, r, &key))
            continue;
        struct group *to = group_of(g, &key);
        to->count++;
        if (r->worst == FINDING_COUNT)
            continue;
        to->with_finding += r->severity >= SEVERITY_NOTICE;
        if (to->worst == FINDING_COUNT || r->severity > to->severity) {
            to->worst = r->worst;
            to->severity = r->severity;
        }
    }
    if (g->n)
        qsort(g->group, g->n, sizeof *g->group, most_first);
}

static void update(struct view *v)
{
    struct groups *g = (struct groups *)v;

    scroll_fit(&g->scroll, g->n, v->height > 1 ? (size_t)(v->height - 1) : 1);
}

static void open_groups(struct view *v)
{
    count((struct groups *)v);
}

static void close_groups(struct view *v)
{
    free(((struct groups *)v)->group);
    free(((struct groups *)v)->slot);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static const char *key_text(enum grouping by, const struct narrowing *k, char text[static 64])
{
    if (by == BY_SERVICE)
        return endpoint_text(&k->addr, k->port, text);
    if (by == BY_CLIENT)
        return addr_text(&k->addr, text);
    return by == BY_CLOSE ? close_kind_name(k->close) : finding_info(k->finding)->id;
}

static void draw_group(const struct groups *g, const struct group *at, struct canvas *c, int y,
                       const struct table *t)
{
    char text[64];
    size_t all = g->v.browser->list.n, most = g->group[0].count;
    int width = t->width[GROUP_SHARE] - 5;

    table_cell(c, y, t, GROUP_KEY, STYLE_TEXT, key_text(g->by, &at->key, text));
    snprintf(text, sizeof text, "%zu", at->count);
    table_cell(c, y, t, GROUP_COUNT, STYLE_TEXT, text);
    snprintf(text, sizeof text, "%zu", at->with_finding);
    table_cell(c, y, t, GROUP_FOUND, at->with_finding ? STYLE_WARNING : STYLE_DIM, text);
    if (at->worst < FINDING_COUNT)
        table_cell(c, y, t, GROUP_WORST, style_of_severity((enum severity)at->severity),
                   finding_info((enum finding_id)at->worst)->id);
    if (width > 0) {
        snprintf(text, sizeof text, "%3.0f %%", 100.0 * (double)at->count / (double)all);
        canvas_put(c, t->x[GROUP_SHARE], y, STYLE_TEXT, text);
        canvas_repeat(c, t->x[GROUP_SHARE] + 6, y,
                      (int)((double)at->count / (double)most * (width - 1) + 0.5), STYLE_INFO,
                      (enum symbol)(SYMBOL_BLOCK + 7));
    }
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct groups *g = (const struct groups *)v;
    struct column room[GROUP_COLUMNS];

    for (int i = 0; i < GROUP_COLUMNS; i++)
        room[i] = columns[i];
    room[GROUP_KEY].title = grouping_names[g->by];
    struct table t = table_fit(room, GROUP_COLUMNS, NULL, c->width);
    table_head(c, 0, &t, GROUP_COUNT, true);
    if (!g->n)
        canvas_put(c, 1, 2, STYLE_TEXT, "Nothing to count.");
    for (size_t i = 0; i < g->scroll.page && g->scroll.top + i < g->n; i++) {
        draw_group(g, &g->group[g->scroll.top + i], c, (int)i + 1, &t);
        if (g->scroll.top + i == g->scroll.cursor)
            canvas_select(c, (int)i + 1);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

static bool request(struct view *v, enum request r, size_t n)
{
    struct groups *g = (struct groups *)v;

    switch (r) {
    case REQUEST_OPEN:
        if (g->n)
            browser_narrow(v->browser, &g->group[g->scroll.cursor].key, 1);
        return true;
    case REQUEST_VIEW_GROUPS: /* again: the next grouping */
    case REQUEST_PANE:
        g->by = (enum grouping)((g->by + 1) % GROUPINGS);
        g->scroll = (struct scroll){.page = 1};
        count(g);
        update(v);
        return true;
    default:
        return scroll_request(&g->scroll, r, n);
    }
}

static bool click(struct view *v, int x, int y)
{
    struct groups *g = (struct groups *)v;
    size_t at = g->scroll.top + (size_t)(y > 0 ? y - 1 : 0);
    bool again = at == g->scroll.cursor;

    (void)x;
    if (y < 1 || at >= g->n)
        return false;
    scroll_to(&g->scroll, at);
    return again;
}

static void wheel(struct view *v, int n)
{
    scroll_wheel(&((struct groups *)v)->scroll, n);
}

const struct view_ops view_groups = {
    .name = "Groups",
    .size = sizeof(struct groups),
    .hints = "help open:Connections pane:Next-grouping undo:Undo back:Back",
    .open = open_groups,
    .close = close_groups,
    .update = update,
    .draw = draw,
    .request = request,
    .click = click,
    .wheel = wheel,
};
