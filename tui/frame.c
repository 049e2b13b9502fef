/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/frame.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- above ------------------------------------------------------------------------------------ */

/* The first file's name without its folder, and how many more there are. */
int frame_name(const struct tui_options *o, struct canvas *c, int x, int room)
{
    const char *slash = strrchr(o->name, '/');
    struct strbuf text = {0};

    strbuf_puts(&text, slash && slash[1] ? slash + 1 : o->name);
    if (o->more_files)
        strbuf_printf(&text, " +%zu", o->more_files);
    int columns = text_columns(text.text);
    columns = columns < room ? columns : room;
    canvas_field(c, x, 0, columns, false, STYLE_TITLE, text.text);
    strbuf_done(&text);
    return x + columns;
}

static void draw_title(const struct browser *b, const struct view *v, struct canvas *c)
{
    const struct list *l = &b->list;
    char counts[96];
    int n;

    canvas_paint(c, 0, 0, c->width, STYLE_TITLE);
    if (l->n == l->total)
        n = snprintf(counts, sizeof counts, "%zu connection%s", l->n, l->n == 1 ? "" : "s");
    else
        n = snprintf(counts, sizeof counts, "%zu of %zu connections", l->n, l->total);
    if (l->n_marked)
        snprintf(counts + n, sizeof counts - (size_t)n, ", %zu marked", l->n_marked);
    int right = c->width - (int)strlen(v->ops->name) - 1;
    int x = canvas_put(c, 1, 0, STYLE_TITLE, "lastack  ");
    int room = right - x - (int)strlen(counts) - 4;
    if (room > 8)
        x = frame_name(&b->options, c, x, room) + 2;
    canvas_put(c, x, 0, STYLE_TITLE, counts);
    canvas_put(c, right, 0, STYLE_TITLE, v->ops->name);
}

static void draw_conditions(const struct browser *b, struct canvas *c)
{
    struct strbuf text = {0};

    for (size_t i = 0; i < b->list.n_narrow; i++) {
        if (!list_counts(&b->list, i))
            continue;
        if (text.len)
            strbuf_puts(&text, " && ");
        narrowing_text(&b->list.narrow[i], &text);
    }
    if (!text.len)
        return;
    int x = canvas_put(c, 1, 1, STYLE_DIM, "only ");
    canvas_field(c, x, 1, c->width - x, false, STYLE_FILTER, text.text);
    strbuf_done(&text);
}

/* --- below ------------------------------------------------------------------------------------ */

static const char *amount(uint64_t octets, char text[static 24])
{
    if (octets < 10000000)
        snprintf(text, 24, "%.1f MB", (double)octets / 1e6);
    else if (octets < 10000000000)
        snprintf(text, 24, "%.0f MB", (double)octets / 1e6);
    else
        snprintf(text, 24, "%.1f GB", (double)octets / 1e9);
    return text;
}

static void draw_progress(const struct browser *b, struct canvas *c, int y)
{
    const struct tui_progress *p = &b->progress;
    char done[24], total[24], left[TIME_TEXT];
    double rate = p->seconds > 0 ? (double)p->packets / p->seconds : 0;
    int x = canvas_put(c, 1, y, STYLE_TEXT, b->paused ? "paused: " : "reading: ");

    if (p->ending) {
        canvas_printf(c, x, y, STYLE_TEXT, "%" PRIu64 " packets; judging what was left open",
                      p->packets);
        return;
    }
    x = canvas_put(c, x, y, STYLE_TEXT, amount(p->octets, done));
    if (p->total)
        x = canvas_printf(c, x, y, STYLE_TEXT, " of %s", amount(p->total, total));
    x = canvas_printf(c, x, y, STYLE_TEXT, ", %" PRIu64 " packets, %.1f million/s", p->packets,
                      rate / 1e6);
    if (p->total > p->octets && p->octets && p->seconds > 0.2)
        canvas_printf(
            c, x, y, STYLE_TEXT, ", %s left",
            time_human(seconds(p->seconds * (double)(p->total - p->octets) / (double)p->octets),
                       left));
}

/* The first key of a request as people say it. */
static const char *first_key(enum request r, char text[static 16])
{
    const char *keys = request_info(r)->keys;

    snprintf(text, 16, "%.*s", (int)strcspn(keys, " "), keys);
    return text;
}

/* Call `each` for the hints of a view that fit, from left to right. */
static enum request hints(const struct view *v, int width, struct canvas *c, int y, int wanted)
{
    const char *word = v->ops->hints;
    char key[16], label[24];
    int x = 0;

    while (*word) {
        size_t len = strcspn(word, " :");
        enum request r = request_by_name(word, len);

        word += len;
        len = 0;
        if (*word == ':') /* a shorter name for the bar */
            len = strcspn(++word, " ");
        snprintf(label, sizeof label, "%.*s", (int)len, word);
        if (!len)
            snprintf(label, sizeof label, "%s", request_info(r)->name);
        word += len + strspn(word + len, " ");
        first_key(r, key);
        if (!key[0])
            continue;
        int end = x + (int)strlen(key) + 1 + (int)strlen(label) + 2;
        if (end > width + 2)
            break;
        if (c) {
            int at = canvas_put(c, x, y, STYLE_KEY, key);
            canvas_put(c, at + 1, y, STYLE_LABEL, label);
        }
        if (wanted >= x && wanted < end - 2)
            return r;
        x = end;
    }
    return REQUEST_NONE;
}

void frame_draw(const struct browser *b, const struct view *v, struct canvas *c)
{
    int y = c->height - 2;

    draw_title(b, v, c);
    draw_conditions(b, c);
    if (b->prompt.kind != PROMPT_NONE) { /* it takes the line of the keys, too */
        prompt_draw(&b->prompt, c, y);
        return;
    }
    hints(v, c->width, c, y + 1, -1);
    if (b->message[0])
        canvas_field(c, 1, y, c->width - 1, false, b->message_style, b->message);
    else if (b->loading)
        draw_progress(b, c, y);
    else if (b->saving)
        canvas_printf(c, 1, y, STYLE_TEXT, "writing %s", b->saved_to);
    else if (list_is_pending(&b->list))
        canvas_printf(c, 1, y, STYLE_TEXT, "filtering: %zu of %zu connections", b->list.seen,
                      store_n_rows(b->store));
    else if (browser_is_busy(b))
        canvas_printf(c, 1, y, STYLE_TEXT, "adding up: %zu of %zu connections", b->part_added,
                      b->list.n);
}

enum request frame_hint_at(const struct browser *b, const struct view *v, int x)
{
    return hints(v, b->width, NULL, 0, x);
}
