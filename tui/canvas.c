/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/canvas.h"

#include "base/utf8.h"
#include "base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *utf8, *ascii;
} symbols[SYMBOL_COUNT] = {
    [SYMBOL_LINE] = {"─", "-"},      [SYMBOL_DASHED] = {"╌", "~"},
    [SYMBOL_DOUBLE] = {"═", "="},    [SYMBOL_VERTICAL] = {"│", "|"},
    [SYMBOL_RIGHT] = {"▶", ">"},     [SYMBOL_LEFT] = {"◀", "<"},
    [SYMBOL_TEE_RIGHT] = {"├", "|"}, [SYMBOL_TEE_LEFT] = {"┤", "|"},
    [SYMBOL_GAP] = {"┊", ":"},       [SYMBOL_CUT] = {"…", "~"},
    [SYMBOL_MARK] = {"●", "*"},      [SYMBOL_UP] = {"▲", "^"},
    [SYMBOL_DOWN] = {"▼", "v"},      [SYMBOL_BLOCK] = {"▁", "."},
    [SYMBOL_BLOCK + 1] = {"▂", "."}, [SYMBOL_BLOCK + 2] = {"▃", ":"},
    [SYMBOL_BLOCK + 3] = {"▄", ":"}, [SYMBOL_BLOCK + 4] = {"▅", "|"},
    [SYMBOL_BLOCK + 5] = {"▆", "|"}, [SYMBOL_BLOCK + 6] = {"▇", "#"},
    [SYMBOL_BLOCK + 7] = {"█", "#"},
};

struct canvas canvas_new(int width, int height, bool utf8)
{
    struct canvas c = {.width = width, .height = height, .stride = width, .utf8 = utf8};

    c.cell = xcalloc((size_t)width * (size_t)height + 1, sizeof *c.cell);
    canvas_clear(&c);
    return c;
}

void canvas_free(struct canvas *c)
{
    free(c->cell);
    *c = (struct canvas){0};
}

void canvas_clear(struct canvas *c)
{
    for (int y = 0; y < c->height; y++)
        for (int x = 0; x < c->width; x++)
            c->cell[y * c->stride + x] = (struct cell){.text = " "};
}

struct canvas canvas_part(const struct canvas *c, int x, int y, int width, int height)
{
    struct canvas part = *c;

    if (width > c->width - x)
        width = c->width - x;
    if (height > c->height - y)
        height = c->height - y;
    part.width = part.height = 0;
    if (width <= 0 || height <= 0)
        return part;
    part.cell = c->cell + y * c->stride + x;
    part.width = width;
    part.height = height;
    return part;
}

const char *canvas_symbol(const struct canvas *c, enum symbol s)
{
    return c->utf8 ? symbols[s].utf8 : symbols[s].ascii;
}

/* --- characters ------------------------------------------------------------------------------- */

struct range {
    uint32_t from, to;
};

static bool in_ranges(uint32_t code, const struct range *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (code >= r[i].from && code <= r[i].to)
            return true;
    return false;
}

/* Columns of a character: 0 for marks that combine, 2 for the wide ones of East Asia and emoji. The
 * C library is not asked: its answer depends on the locale. */
static int code_columns(uint32_t code)
{
    static const struct range combining[] = {
        {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},
        {0x93a, 0x94f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x2060, 0x2064},
        {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
    };
    static const struct range wide[] = {
        {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
        {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
    };

    if (code < 0x300)
        return 1;
    if (in_ranges(code, combining, sizeof combining / sizeof *combining))
        return 0;
    return in_ranges(code, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

/* The next character of *text, which is moved on; *n octets, in *columns columns. What must not be
 * printed, and what ASCII lacks, becomes "?". */
static const char *next_character(const char **text, bool utf8, size_t *n, int *columns)
{
    const char *at = *text;
    uint32_t code = 0;

    *n = utf8_printable(at, strlen(at), &code);
    *text += *n ? *n : 1;
    *columns = *n ? code_columns(code) : 1;
    if (*n && (utf8 || code < 0x80))
        return at;
    if (*columns != 0) /* all of the unprintable is told by its first octet */
        *columns = 1;
    *n = 1;
    return "?";
}

int text_columns(const char *text)
{
    int sum = 0, columns;
    size_t n;

    while (*text) {
        next_character(&text, true, &n, &columns);
        sum += columns;
    }
    return sum;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static struct cell *cell_at(struct canvas *c, int x, int y)
{
    return x >= 0 && x < c->width && y >= 0 && y < c->height ? &c->cell[y * c->stride + x] : NULL;
}

/* The other half of a wide character that is about to be overwritten becomes a blank. */
static void part_halves(struct canvas *c, int x, int y)
{
    struct cell *cell = cell_at(c, x, y), *left = cell_at(c, x - 1, y),
                *right = cell_at(c, x + 1, y);

    if (cell && left && !cell->text[0])
        strcpy(left->text, " ");
    if (cell && right && cell->text[0] && !right->text[0])
        strcpy(right->text, " ");
}

/* A character that combines goes to the cell before it, as far as there is room. */
static void combine(struct cell *cell, const char *mark, size_t n)
{
    size_t len = cell ? strlen(cell->text) : 0;

    if (len && len + n < CELL_TEXT)
        memcpy(cell->text + len, mark, n);
}

int canvas_put(struct canvas *c, int x, int y, enum style style, const char *text)
{
    while (*text) {
        size_t n;
        int columns;
        const char *character = next_character(&text, c->utf8, &n, &columns);
        struct cell *cell = cell_at(c, x, y), *half = columns == 2 ? cell_at(c, x + 1, y) : NULL;

        if (columns == 0) {
            if (c->utf8)
                combine(cell_at(c, x - 1, y), character, n);
            continue;
        }
        part_halves(c, x, y);
        if (half)
            part_halves(c, x + 1, y);
        if (cell) {
            *cell = (struct cell){.style = (uint8_t)style, .selected = cell->selected};
            if (columns == 2 && !half)
                strcpy(cell->text, " "); /* half a character can't be shown */
            else
                memcpy(cell->text, character, n);
        }
        if (half)
            *half = (struct cell){.style = (uint8_t)style, .selected = half->selected};
        x += columns;
    }
    return x;
}

int canvas_printf(struct canvas *c, int x, int y, enum style style, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return canvas_put(c, x, y, style, text);
}

void canvas_field(struct canvas *c, int x, int y, int width, bool right, enum style style,
                  const char *text)
{
    int columns = text_columns(text);
    struct canvas field = canvas_part(c, x, y, width, 1);

    if (field.width < width && x + width > c->width)
        width = field.width;
    if (width <= 0 || y < 0 || y >= c->height || x < 0)
        return;
    canvas_put(&field, right && columns < width ? width - columns : 0, 0, style, text);
    if (columns > width)
        canvas_put(&field, width - 1, 0, style, canvas_symbol(c, SYMBOL_CUT));
}

size_t wrapped_line(const char *text, int width, const char **next)
{
    const char *at = text;
    size_t fits = 0, n = 0;
    int columns = 0;

    while (at[n] && at[n] != '\n') {
        const char *behind = at + n;
        size_t octets;
        int more;

        next_character(&behind, true, &octets, &more);
        if (columns + more > width)
            break;
        if (at[n] == ' ')
            fits = n;
        columns += more;
        n = (size_t)(behind - at);
    }
    if (at[n] && at[n] != '\n' && at[n] != ' ' && fits)
        n = fits;
    if (!n && at[n] && at[n] != '\n')
        n = 1; /* no room for a wide character: go on all the same */
    *next = at[n] ? at + n + (at[n] == '\n' || at[n] == ' ') : NULL;
    return n;
}

int canvas_wrap(struct canvas *c, int x, int y, int width, enum style style, const char *text)
{
    char line[1024];

    while (text && y < c->height) {
        const char *from = text;
        size_t n = wrapped_line(text, width, &text);

        snprintf(line, sizeof line, "%.*s", (int)n, from);
        canvas_put(c, x, y++, style, line);
    }
    return y;
}

void canvas_repeat(struct canvas *c, int x, int y, int n, enum style style, enum symbol symbol)
{
    for (int i = 0; i < n; i++)
        canvas_put(c, x + i, y, style, canvas_symbol(c, symbol));
}

void canvas_paint(struct canvas *c, int x, int y, int n, enum style style)
{
    for (int i = 0; i < n; i++) {
        struct cell *cell = cell_at(c, x + i, y);

        if (cell)
            cell->style = (uint8_t)style;
    }
}

void canvas_select(struct canvas *c, int y)
{
    for (int x = 0; x < c->width; x++) {
        struct cell *cell = cell_at(c, x, y);

        if (cell)
            cell->selected = true;
    }
}

void canvas_print(const struct canvas *c, struct strbuf *out)
{
    for (int y = 0; y < c->height; y++) {
        int end = c->width;

        while (end > 0 && strcmp(c->cell[y * c->stride + end - 1].text, " ") == 0)
            end--;
        for (int x = 0; x < end; x++)
            strbuf_puts(out, c->cell[y * c->stride + x].text);
        strbuf_putc(out, '\n');
    }
}
