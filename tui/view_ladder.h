/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The ladder's own parts: view_ladder.c keeps the connection and answers requests, ladder_rows.c
 * draws the rungs, ladder_pane.c the pane below them. */
#ifndef LASTACK_TUI_VIEW_LADDER_H
#define LASTACK_TUI_VIEW_LADDER_H

#include "report/ladder.h"
#include "tui/scroll.h"
#include "tui/view.h"

/* One line: a row of the layout, with the states that hold at it. */
struct rung {
    const struct ladder_row *row;
    const struct model_state *state[2]; /* by enum end; NULL: none yet */
    bool entered[2];                    /* with this row */
    bool dwell[2];                      /* the line that tells how long the state lasted */
    bool of_fold;                       /* one of the segments that a fold stands for */
};

enum { UNFOLDED = 16 }; /* folds of a connection that are open at once */

struct ladder_view {
    struct view v;
    struct arena arena; /* of the connection, its rows and rungs */
    size_t stream;
    const struct model_connection *c; /* NULL: none */
    struct rung *rung;
    struct scroll scroll;
    struct scroll pane;          /* lines of the pane, when it is longer than its room */
    uint64_t unfolded[UNFOLDED]; /* first packets of folds that are open; 0: none */
    bool octets;                 /* the pane shows the packet's octets */
    bool in_pane;                /* movements go to the pane */
    bool zoom;                   /* the pane has the whole view */
};

/* Lines of the parts, from top to bottom. */
enum { LADDER_HEAD = 3 };
int ladder_pane_height(const struct ladder_view *l);

void ladder_draw_head(const struct ladder_view *l, struct canvas *c);
void ladder_draw_rung(const struct ladder_view *l, struct canvas *c, int y, size_t i);
/* The pane: what is under the cursor, in words. */
void ladder_draw_pane(const struct ladder_view *l, struct canvas *c);
/* The text that the pane shows. */
void ladder_pane_text(const struct ladder_view *l, struct strbuf *out);

#endif
