/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A view: one screen of the browser. To add one: a file with its struct view_ops, a row in the
 * table of browser.c, a request that opens it in request.def, and a golden in tests/SCREENS.
 *
 * A view draws on a canvas and answers requests; it knows neither keys nor the terminal. */
#ifndef LASTACK_TUI_VIEW_H
#define LASTACK_TUI_VIEW_H

#include "tui/browser.h"
#include "tui/canvas.h"
#include "tui/request.h"

struct view;

struct view_ops {
    const char *name;  /* as in the top line */
    size_t size;       /* of the view's own struct, which starts with a struct view */
    const char *hints; /* the bar of keys: "F1 help", commands separated by blanks: their first key
                          and their name are shown */
    bool sums; /* it shows what is added up over connections: that is done before it is updated */
    /* The view comes to the top, perhaps not for the first time: take up what the browser's
     * `subject` says. NULL: nothing to do. */
    void (*open)(struct view *v);
    /* Give back what the view owns; after this it is gone. NULL: nothing. */
    void (*close)(struct view *v);
    /* The capture went on, the list changed, or the screen has another size (v->width, v->height):
     * bring up to date what is derived from them. NULL: nothing. */
    void (*update)(struct view *v);
    /* Draw all of it; the canvas is blank and as large as v says. */
    void (*draw)(const struct view *v, struct canvas *c);
    /* Answer a request; count: the number typed before it, 0 for none. False: the browser may
     * answer it. */
    bool (*request)(struct view *v, enum request r, size_t count);
    /* The mouse: a click in the view. True: it was on what is now under the cursor already, which
     * means to open it. NULL: clicks do nothing. */
    bool (*click)(struct view *v, int x, int y);
    /* The wheel, n lines. NULL: nothing. */
    void (*wheel)(struct view *v, int n);
};

/* Every view starts with this. */
struct view {
    const struct view_ops *ops;
    struct browser *browser; /* whose list, store and subject it reads */
    int width, height;       /* cells */
};

extern const struct view_ops view_connections, view_ladder, view_findings, view_hosts, view_groups,
    view_help, view_text, view_timeline;

#endif
