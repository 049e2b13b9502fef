/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Columns of a table: which of them fit into a width, where they stand, their heads. */
#ifndef LASTACK_TUI_TABLE_H
#define LASTACK_TUI_TABLE_H

#include "tui/canvas.h"

enum { TABLE_COLUMNS = 20 };

struct column {
    const char *title;
    int width;  /* cells; of a wide one the least */
    int weight; /* its share of what is left over; 0: always `width` */
    int rank;   /* when the table is too narrow the column with the greatest rank goes first */
    bool right; /* text stands at the right end */
};

struct table {
    const struct column *column;
    int n;
    int x[TABLE_COLUMNS], width[TABLE_COLUMNS]; /* width 0: not shown */
};

/* Lay the columns out, but those of which hidden[] is true (NULL: none). */
struct table table_fit(const struct column *column, int n, const bool *hidden, int width);
/* Their heads in line y; a caret marks the column that the table is sorted by, -1 for none. */
void table_head(struct canvas *c, int y, const struct table *t, int sorted, bool reverse);
void table_cell(struct canvas *c, int y, const struct table *t, int column, enum style style,
                const char *text);
/* The column at x, or -1. */
int table_column_at(const struct table *t, int x);

#endif
