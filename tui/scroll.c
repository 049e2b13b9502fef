/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/scroll.h"

static void show_cursor(struct scroll *s)
{
    if (s->cursor < s->top)
        s->top = s->cursor;
    if (s->cursor >= s->top + s->page)
        s->top = s->cursor - s->page + 1;
    if (s->top + s->page > s->n)
        s->top = s->n > s->page ? s->n - s->page : 0;
}

void scroll_fit(struct scroll *s, size_t n, size_t page)
{
    s->n = n;
    s->page = page ? page : 1;
    if (s->cursor >= n)
        s->cursor = n ? n - 1 : 0;
    show_cursor(s);
}

void scroll_to(struct scroll *s, size_t line)
{
    s->cursor = line < s->n ? line : s->n ? s->n - 1 : 0;
    show_cursor(s);
}

static void up(struct scroll *s, size_t lines)
{
    scroll_to(s, s->cursor > lines ? s->cursor - lines : 0);
}

static void down(struct scroll *s, size_t lines)
{
    scroll_to(s, lines < s->n - s->cursor ? s->cursor + lines : s->n);
}

static size_t times(size_t count, size_t lines)
{
    return count > 1 && count < SIZE_MAX / lines ? count * lines : lines;
}

bool scroll_request(struct scroll *s, enum request r, size_t count)
{
    size_t half = s->page > 1 ? s->page / 2 : 1;

    switch (r) {
    case REQUEST_UP:
        up(s, times(count, 1));
        return true;
    case REQUEST_DOWN:
        down(s, times(count, 1));
        return true;
    case REQUEST_PAGE_UP:
        up(s, times(count, s->page));
        return true;
    case REQUEST_PAGE_DOWN:
        down(s, times(count, s->page));
        return true;
    case REQUEST_HALF_UP:
        up(s, times(count, half));
        return true;
    case REQUEST_HALF_DOWN:
        down(s, times(count, half));
        return true;
    case REQUEST_FIRST:
        scroll_to(s, count ? count - 1 : 0);
        return true;
    case REQUEST_LAST:
        scroll_to(s, count ? count - 1 : s->n);
        return true;
    default:
        return false;
    }
}

void scroll_wheel(struct scroll *s, int n)
{
    size_t last = s->n > s->page ? s->n - s->page : 0, lines = (size_t)(n < 0 ? -n : n);

    if (n < 0)
        s->top = s->top > lines ? s->top - lines : 0;
    else
        s->top = s->top + lines < last ? s->top + lines : last;
    if (s->cursor < s->top)
        s->cursor = s->top;
    if (s->cursor >= s->top + s->page)
        s->cursor = s->top + s->page - 1;
}
