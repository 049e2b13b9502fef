/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/bar.h"

static void add_point(struct axis *a, int64_t t)
{
    size_t i = a->n;

    while (i > 0 && a->at[i - 1] > t)
        i--;
    if ((i > 0 && a->at[i - 1] == t) || a->n == AXIS_POINTS)
        return;
    for (size_t k = a->n++; k > i; k--)
        a->at[k] = a->at[k - 1];
    a->at[i] = t;
}

static struct axis points(const struct model_connection *c, int width)
{
    struct axis a = {.width = width};

    for (enum end e = END_CLIENT; e <= END_SERVER; e++)
        for (size_t i = 0; i < c->end[e].n_states; i++)
            add_point(&a, c->end[e].states[i].at.t);
    return a;
}

/* Until when the last state is known to last. */
static int64_t known_until(const struct model_connection *c)
{
    int64_t until = c->last.t;

    for (enum end e = END_CLIENT; e <= END_SERVER; e++) {
        const struct model_endpoint *p = &c->end[e];
        const struct model_state *last = p->n_states ? &p->states[p->n_states - 1] : NULL;

        if (last && last->held > 0 && last->at.t + last->held > until)
            until = last->at.t + last->held;
    }
    return until;
}

/* About the logarithm of a length in units of 100 us, in quarters. */
static int weight(int64_t ns)
{
    uint64_t units = ns > 0 ? (uint64_t)ns / 100000 : 0;
    int w = 1;

    for (; units > 3; units >>= 1)
        w += 4;
    return w + (int)units;
}

struct axis axis_of_connection(const struct model_connection *c, int width)
{
    struct axis a = points(c, width);
    int64_t until = known_until(c);
    int total = 0, sum = 0, n = (int)a.n, spare = width > n ? width - n : 0;

    for (int i = 0; i < n; i++)
        total += weight((i + 1 < n ? a.at[i + 1] : until) - a.at[i]);
    for (int i = 0; i < n; i++) {
        a.x[i] = width >= n ? i + sum * spare / total : i * width / n;
        sum += weight((i + 1 < n ? a.at[i + 1] : until) - a.at[i]);
    }
    return a;
}

struct axis axis_of_capture(const struct model_connection *c, int width, int64_t from, int64_t to)
{
    struct axis a = points(c, width);
    double length = to > from ? (double)(to - from) : 1;

    for (size_t i = 0; i < a.n; i++) {
        a.x[i] = (int)((double)(a.at[i] - from) / length * width);
        a.x[i] = a.x[i] < 0 ? 0 : a.x[i] >= width ? width - 1 : a.x[i];
    }
    return a;
}

static int cell_of(const struct axis *a, int64_t t)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->at[i] >= t)
            return a->x[i];
    return a->width;
}

void bar_draw(struct canvas *c, int x, int y, const struct axis *a, const struct model_endpoint *e)
{
    for (size_t i = 0; i < e->n_states; i++) {
        const struct model_state *s = &e->states[i];
        int from = cell_of(a, s->at.t);
        int to = i + 1 < e->n_states ? cell_of(a, e->states[i + 1].at.t) : a->width;
        const char letter[2] = {state_letter(s->state), '\0'};
        enum style style = style_of_state(s->state);

        if (to <= from && i + 1 < e->n_states)
            continue;
        canvas_put(c, x + from, y, style, letter);
        if (s->state != ST_CLOSED)
            canvas_repeat(c, x + from + 1, y, to - from - 1, style,
                          s->proven ? SYMBOL_LINE : SYMBOL_DASHED);
    }
}
