/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/table.h"

#include <stdio.h>

/* Cells that the shown columns need, with a blank between two. */
static int needed(const struct table *t)
{
    int sum = 0;

    for (int i = 0; i < t->n; i++)
        if (t->width[i])
            sum += t->width[i] + (sum > 0);
    return sum;
}

static void drop_one(struct table *t)
{
    int worst = -1;

    for (int i = 0; i < t->n; i++)
        if (t->width[i] && (worst < 0 || t->column[i].rank >= t->column[worst].rank))
            worst = i;
    t->width[worst] = 0;
}

static void share(struct table *t, int left)
{
    int weights = 0;

    for (int i = 0; i < t->n; i++)
        weights += t->width[i] ? t->column[i].weight : 0;
    for (int i = 0; i < t->n && weights; i++) {
        if (!t->width[i] || !t->column[i].weight)
            continue;
        int more = left * t->column[i].weight / weights;
        t->width[i] += more;
        left -= more;
        weights -= t->column[i].weight;
    }
}

struct table table_fit(const struct column *column, int n, const bool *hidden, int width)
{
    struct table t = {.column = column, .n = n};
    int shown = 0, x = 0;

    for (int i = 0; i < n; i++)
        if (!hidden || !hidden[i]) {
            t.width[i] = column[i].width;
            shown++;
        }
    for (; shown > 1 && needed(&t) > width; shown--)
        drop_one(&t);
    if (needed(&t) < width)
        share(&t, width - needed(&t));
    for (int i = 0; i < n; i++) {
        t.x[i] = x;
        x += t.width[i] ? t.width[i] + 1 : 0;
    }
    return t;
}

void table_head(struct canvas *c, int y, const struct table *t, int sorted, bool reverse)
{
    char title[64];

    canvas_paint(c, 0, y, c->width, STYLE_HEAD);
    for (int i = 0; i < t->n; i++) {
        if (!t->width[i])
            continue;
        const char *mark = canvas_symbol(c, reverse ? SYMBOL_DOWN : SYMBOL_UP);
        snprintf(title, sizeof title, "%s%s", i == sorted ? mark : "", t->column[i].title);
        canvas_field(c, t->x[i], y, t->width[i], t->column[i].right, STYLE_HEAD, title);
    }
}

void table_cell(struct canvas *c, int y, const struct table *t, int column, enum style style,
                const char *text)
{
    if (t->width[column])
        canvas_field(c, t->x[column], y, t->width[column], t->column[column].right, style, text);
}

int table_column_at(const struct table *t, int x)
{
    for (int i = 0; i < t->n; i++)
        if (t->width[i] && x >= t->x[i] && x <= t->x[i] + t->width[i])
            return i;
    return -1;
}
