/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A screen as data: a grid of cells, each with a character and a style. Views draw on a canvas;
 * whoever has a terminal shows it, a test prints it. Whatever is drawn is cut at the edges, and
 * nothing that could drive a terminal gets into a cell. */
#ifndef LASTACK_TUI_CANVAS_H
#define LASTACK_TUI_CANVAS_H

#include "base/strbuf.h"
#include "tui/style.h"

#include <stdbool.h>
#include <stddef.h>

enum { CELL_TEXT = 14 }; /* octets, NUL included: a character and a combining mark or two */

struct cell {
    char text[CELL_TEXT]; /* "": the right half of the wide character before it */
    uint8_t style;
    bool selected; /* the line of the cursor */
};

struct canvas {
    struct cell *cell; /* top left; lines are `stride` cells apart */
    int width, height, stride;
    bool utf8; /* false: ASCII only */
};

enum symbol {
    SYMBOL_LINE,
    SYMBOL_DASHED,
    SYMBOL_DOUBLE,
    SYMBOL_VERTICAL,
    SYMBOL_RIGHT,
    SYMBOL_LEFT,
    SYMBOL_TEE_RIGHT, /* a vertical line from which a horizontal one starts */
    SYMBOL_TEE_LEFT,
    SYMBOL_GAP,
    SYMBOL_CUT, /* text was cut here */
    SYMBOL_MARK,
    SYMBOL_UP, /* sorted upwards, downwards */
    SYMBOL_DOWN,
    SYMBOL_BLOCK, /* eighths of a block, from one to eight: this plus 0 to 7 */
    SYMBOL_COUNT = SYMBOL_BLOCK + 8
};

struct canvas canvas_new(int width, int height, bool utf8);
void canvas_free(struct canvas *c);
/* All blank. */
void canvas_clear(struct canvas *c);
/* A part of c that shares its cells, cut to what c has. */
struct canvas canvas_part(const struct canvas *c, int x, int y, int width, int height);
const char *canvas_symbol(const struct canvas *c, enum symbol s);

/* Write text (UTF-8) from column x on; returns the column behind it. What can't be printed becomes
 * a '?'. */
int canvas_put(struct canvas *c, int x, int y, enum style style, const char *text);
int canvas_printf(struct canvas *c, int x, int y, enum style style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Text in a field of exactly `width` columns, at its left or right end, cut when it is longer. */
void canvas_field(struct canvas *c, int x, int y, int width, bool right, enum style style,
                  const char *text);
/* Text broken at blanks into lines of at most `width` columns; returns the line below it. */
int canvas_wrap(struct canvas *c, int x, int y, int width, enum style style, const char *text);
/* Octets of the first line of text when it is so broken; *next is where the following one starts,
 * NULL after the last. */
size_t wrapped_line(const char *text, int width, const char **next);
/* The symbol, n times. */
void canvas_repeat(struct canvas *c, int x, int y, int n, enum style style, enum symbol symbol);
/* Change the style of n cells, or make them the cursor's, without changing their text. */
void canvas_paint(struct canvas *c, int x, int y, int n, enum style style);
void canvas_select(struct canvas *c, int y);
/* Columns that text takes. */
int text_columns(const char *text);
/* The canvas as lines of text without blanks at their ends. */
void canvas_print(const struct canvas *c, struct strbuf *out);

#endif
