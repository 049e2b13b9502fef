/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/list.h"

#include "base/timetext.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum { JUDGED_AT_ONCE = 1000 }; /* connections: some milliseconds */

void list_init(struct list *l, struct store *store, bool strays)
{
    *l = (struct list){.store = store, .strays = strays};
}

void list_done(struct list *l)
{
    for (size_t i = 0; i < l->n_narrow; i++)
        filter_free(l->narrow[i].filter);
    arena_done(&l->arena);
    free(l->stream);
    free(l->marks);
}

/* --- which ------------------------------------------------------------------------------------ */

/* What a row knows, as a model: enough for filter_is_of_rows(). */
static struct model_connection *model_of_row(const struct store *store, size_t stream,
                                             const struct store_row *r, struct arena *arena)
{
    struct model_connection *m = arena_alloc(arena, sizeof *m);
    struct finding *findings = arena_alloc(arena, (FINDING_COUNT + 1) * sizeof *findings);

    m->stream = stream;
    m->incarnation = r->incarnation;
    m->tap = r->tap;
    m->first.t = r->first;
    m->last.t = r->last;
    m->close = (enum close_kind)r->kind;
    for (enum end e = END_CLIENT; e <= END_SERVER; e++) {
        m->end[e].addr = *store_addr(store, r->addr[e]);
        m->end[e].port = r->port[e];
    }
    m->end[END_CLIENT].packets = r->packets; /* the sum of both is what is asked for */
    m->end[END_CLIENT].bytes = r->bytes;
    m->findings = findings;
    if (r->worst < FINDING_COUNT)
        findings[m->n_findings++] = (struct finding){.id = (enum finding_id)r->worst,
                                                     .severity = (enum severity)r->severity};
    for (int id = 0; id < FINDING_COUNT; id++)
        if (id != r->worst && r->findings >> id & 1)
            findings[m->n_findings++] = (struct finding){.id = (enum finding_id)id};
    return m;
}

static bool is_cheap(const struct filter *f, const struct store_row *r)
{
    return r->state == ROW_FINAL && filter_is_of_rows(f);
}

static bool passes(struct list *l, const struct filter *f, size_t stream)
{
    const struct store_row *r = store_row(l->store, stream);

    if (!f)
        return true;
    arena_reset(&l->arena);
    const struct model_connection *m = is_cheap(f, r)
                                           ? model_of_row(l->store, stream, r, &l->arena)
                                           : store_connection(l->store, stream, &l->arena);
    return m && filter_matches(f, m, store_summary(l->store)->first_t);
}

static bool holds(struct list *l, const struct narrowing *n, size_t stream)
{
    const struct store_row *r = store_row(l->store, stream);

    switch (n->kind) {
    case NARROW_FINDING:
        return r->findings >> n->finding & 1;
    case NARROW_FINDINGS:
        return (r->findings & n->findings) != 0;
    case NARROW_CLOSE:
        return r->kind == n->close;
    case NARROW_CLIENT:
        return addr_compare(store_addr(l->store, r->addr[END_CLIENT]), &n->addr) == 0;
    case NARROW_SERVICE:
        return r->port[END_SERVER] == n->port &&
               addr_compare(store_addr(l->store, r->addr[END_SERVER]), &n->addr) == 0;
    case NARROW_HOST:
        return addr_compare(store_addr(l->store, r->addr[END_CLIENT]), &n->addr) == 0 ||
               addr_compare(store_addr(l->store, r->addr[END_SERVER]), &n->addr) == 0;
    case NARROW_MARKED:
        return list_marked(l, stream);
    case NARROW_TIME: /* what is live lasts at least until now */
        return r->first <= n->to && (r->last >= n->from || r->state == ROW_LIVE);
    case NARROW_FILTER:
        return passes(l, n->filter, stream);
    }
    return false;
}

bool list_counts(const struct list *l, size_t i)
{
    if (l->narrow[i].kind == NARROW_FILTER)
        for (size_t k = i + 1; k < l->n_narrow; k++)
            if (l->narrow[k].kind == NARROW_FILTER)
                return false;
    return l->narrow[i].kind != NARROW_FILTER || l->narrow[i].filter;
}

bool list_is_narrowed(const struct list *l)
{
    size_t i = 0;

    while (i < l->n_narrow && !list_counts(l, i))
        i++;
    return i < l->n_narrow;
}

static const struct filter *filter_on(const struct list *l)
{
    const struct filter *f = NULL;

    for (size_t i = 0; i < l->n_narrow; i++)
        if (l->narrow[i].kind == NARROW_FILTER)
            f = l->narrow[i].filter;
    return f;
}

const char *list_filter(const struct list *l)
{
    const struct filter *f = filter_on(l);

    return f ? filter_text(f) : "";
}

static bool is_listed(const struct list *l, size_t stream)
{
    const struct store_row *r = store_row(l->store, stream);

    return r->state != ROW_UNUSED && (r->kind != CLOSE_STRAY || l->strays);
}

static bool meets_all(struct list *l, size_t stream)
{
    for (size_t i = 0; i < l->n_narrow; i++)
        if (list_counts(l, i) && !holds(l, &l->narrow[i], stream))
            return false;
    return true;
}

bool list_is_pending(const struct list *l)
{
    return l->seen < store_n_rows(l->store);
}

static void sort(struct list *l);

void list_append(struct list *l)
{
    const struct filter *f = filter_on(l);
    size_t rows = store_n_rows(l->store), judged = 0;

    for (; l->seen < rows && judged < JUDGED_AT_ONCE; l->seen++) {
        if (!is_listed(l, l->seen))
            continue;
        judged += f && !is_cheap(f, store_row(l->store, l->seen));
        l->total++;
        if (!meets_all(l, l->seen))
            continue;
        if (l->n == l->cap) {
            l->cap = l->cap ? l->cap * 2 : 1024;
            l->stream = xreallocarray(l->stream, l->cap, sizeof *l->stream);
        }
        l->stream[l->n++] = (uint32_t)l->seen;
    }
    if (l->unsorted && l->seen == rows) {
        sort(l);
        l->unsorted = false;
    }
}

static void findings_text(uint64_t findings, struct strbuf *out)
{
    bool one = (findings & (findings - 1)) == 0;
    const char *before = one ? "finding == " : "finding in {";

    for (int id = 0; id < FINDING_COUNT; id++) {
        if (!(findings >> id & 1))
            continue;
        strbuf_printf(out, "%s%s", before, finding_info((enum finding_id)id)->id);
        before = ", ";
    }
    strbuf_puts(out, one ? "" : "}");
}

void narrowing_text(const struct narrowing *n, struct strbuf *out)
{
    char text[ADDR_TEXT], seconds[TIME_TEXT];

    switch (n->kind) {
    case NARROW_FINDING:
        strbuf_printf(out, "finding == %s", finding_info(n->finding)->id);
        break;
    case NARROW_FINDINGS:
        findings_text(n->findings, out);
        break;
    case NARROW_CLOSE:
        strbuf_printf(out, "close.kind == %s", close_kind_name(n->close));
        break;
    case NARROW_CLIENT:
        strbuf_printf(out, "ip.src == %s", addr_text(&n->addr, text));
        break;
    case NARROW_SERVICE:
        strbuf_printf(out, "ip.dst == %s && tcp.dstport == %u", addr_text(&n->addr, text), n->port);
        break;
    case NARROW_HOST:
        strbuf_printf(out, "ip.addr == %s", addr_text(&n->addr, text));
        break;
    case NARROW_MARKED:
        strbuf_puts(out, "marked");
        break;
    case NARROW_TIME:
        strbuf_printf(out, "start <= %s && ", time_seconds(n->to - n->origin, 6, seconds));
        strbuf_printf(out, "end >= %s", time_seconds(n->from - n->origin, 6, seconds));
        break;
    case NARROW_FILTER:
        strbuf_printf(out, "(%s)", n->filter ? filter_text(n->filter) : "");
        break;
    }
}

/* --- marks ------------------------------------------------------------------------------------ */

bool list_marked(const struct list *l, size_t stream)
{
    return stream / 8 < l->marks_cap && l->marks[stream / 8] >> stream % 8 & 1;
}

void list_mark(struct list *l, size_t stream, bool on)
{
    if (list_marked(l, stream) == on)
        return;
    if (stream / 8 >= l->marks_cap) {
        size_t cap = store_n_rows(l->store) / 8 + 1;

        l->marks = xreallocarray(l->marks, cap, 1);
        memset(l->marks + l->marks_cap, 0, cap - l->marks_cap);
        l->marks_cap = cap;
    }
    l->marks[stream / 8] ^= (uint8_t)(1u << stream % 8);
    l->n_marked += on ? 1 : (size_t)-1;
}

void list_unmark(struct list *l)
{
    if (l->n_marked)
        memset(l->marks, 0, l->marks_cap);
    l->n_marked = 0;
}

size_t list_find(const struct list *l, size_t stream)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->stream[i] == stream)
            return i;
    return l->n;
}

/* --- order ------------------------------------------------------------------------------------ */

enum { KEY_PARTS = 3 }; /* an address is two, its port the third */

static uint64_t half(const struct addr *a, int which)
{
    uint64_t x = 0;

    for (int i = 0; i < 8; i++)
        x = x << 8 | a->octets[8 * which + i];
    return x;
}

/* Part 0 counts least. A number that is greater comes later; times are after 1970. */
static uint64_t key_part(const struct store *store, const struct store_row *r,
                         enum list_column column, int part)
{
    enum end e = column == COLUMN_SERVER ? END_SERVER : END_CLIENT;

    if (column == COLUMN_CLIENT || column == COLUMN_SERVER)
        return part == 0 ? r->port[e] : half(store_addr(store, r->addr[e]), part == 1);
    if (part > 0)
        return 0;
    switch (column) {
    case COLUMN_START:
        return (uint64_t)r->first;
    case COLUMN_DURATION:
        return r->last > r->first ? (uint64_t)(r->last - r->first) : 0;
    case COLUMN_CLOSE:
        return r->kind;
    case COLUMN_FINDING: /* the worst come first */
        return r->worst == FINDING_COUNT ? UINT64_MAX
                                         : (uint64_t)(SEVERITY_COUNT - r->severity) << 8 | r->worst;
    case COLUMN_PACKETS:
        return r->packets;
    case COLUMN_BYTES:
        return r->bytes;
    default:
        return 0; /* the number of the row: that is their order already */
    }
}

struct item {
    uint64_t key;
    uint32_t stream;
};

/* One pass of a radix sort, by octet `shift` of the keys; stable. */
static void sort_pass(const struct item *from, struct item *to, size_t n, const size_t *counts,
                      unsigned shift)
{
    size_t at[256], sum = 0;

    for (int i = 0; i < 256; i++) {
        at[i] = sum;
        sum += counts[i];
    }
    for (size_t i = 0; i < n; i++)
        to[at[from[i].key >> shift & 255]++] = from[i];
}

/* Sort by one part of the key. Octets that are the same in all keys cost no pass. */
static struct item *sort_part(struct item *a, struct item *b, size_t n)
{
    size_t counts[8][256] = {{0}};

    for (size_t i = 0; i < n; i++)
        for (unsigned k = 0; k < 8; k++)
            counts[k][a[i].key >> 8 * k & 255]++;
    for (unsigned k = 0; k < 8; k++) {
        if (counts[k][a[0].key >> 8 * k & 255] == n)
            continue;
        sort_pass(a, b, n, counts[k], 8 * k);
        struct item *swap = a;
        a = b;
        b = swap;
    }
    return a;
}

static void turn(struct list *l)
{
    for (size_t i = 0; i < l->n / 2; i++) {
        uint32_t swap = l->stream[i];

        l->stream[i] = l->stream[l->n - 1 - i];
        l->stream[l->n - 1 - i] = swap;
    }
}

/* By the column, and where that is equal by number, in which they stand: a radix sort, because a
 * million rows must not be felt. */
static void sort(struct list *l)
{
    if (l->n && l->sort != COLUMN_STREAM) {
        struct item *room = xcalloc(2 * l->n, sizeof *room), *a = room;
        int parts = l->sort == COLUMN_CLIENT || l->sort == COLUMN_SERVER ? KEY_PARTS : 1;

        for (size_t i = 0; i < l->n; i++)
            a[i].stream = l->stream[i];
        for (int part = 0; part < parts; part++) {
            for (size_t i = 0; i < l->n; i++)
                a[i].key = key_part(l->store, store_row(l->store, a[i].stream), l->sort, part);
            a = sort_part(a, a == room ? room + l->n : room, l->n);
        }
        for (size_t i = 0; i < l->n; i++)
            l->stream[i] = a[i].stream;
        free(room);
        xalloc_trim(); /* millions of rows want a lot, and rarely */
    }
    if (l->reverse)
        turn(l);
}

void list_rebuild(struct list *l)
{
    l->n = l->seen = l->total = 0;
    l->version++;
    l->unsorted = true;
    list_append(l);
}

bool list_narrow(struct list *l, const struct narrowing *n, size_t count)
{
    if (l->n_narrow + count > NARROWINGS)
        return false;
    for (size_t i = 0; i < count; i++) {
        l->narrow[l->n_narrow] = n[i];
        l->narrow[l->n_narrow++].joined = i > 0;
    }
    list_rebuild(l);
    return true;
}

void list_widen(struct list *l, bool all)
{
    bool more = true;

    while (l->n_narrow && more) {
        const struct narrowing *last = &l->narrow[--l->n_narrow];

        filter_free(last->filter);
        more = all || last->joined;
    }
    list_rebuild(l);
}
