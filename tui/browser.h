/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The browser without its terminal: it takes keys, passes requests to the view on top, and draws
 * screens. A test types keys and reads the canvas; tui.c does the same with a terminal. */
#ifndef LASTACK_TUI_BROWSER_H
#define LASTACK_TUI_BROWSER_H

#include "base/arena.h"
#include "report/stamp.h"
#include "tui/canvas.h"
#include "tui/list.h"
#include "tui/prompt.h"
#include "tui/request.h"
#include "tui/tui.h"

enum { VIEW_DEPTH = 16 };

struct view;
struct view_ops;

/* What a view that is opened is about. */
struct subject {
    size_t stream;
    struct ref packet; /* packet 0: none in particular */
};

struct browser {
    struct store *store;
    struct tui_options options;
    struct list list;
    struct subject subject;
    struct view *stack[VIEW_DEPTH]; /* the last one is on top */
    size_t depth;
    struct view **views; /* one of each, made when first opened */
    int width, height;   /* of the screen, cells */
    bool utf8;
    /* keys */
    int first_key; /* of two; 0: none was typed */
    size_t count;
    enum request wants_letter; /* the next key is a letter for this request */
    size_t mark[26];           /* stream + 1 under each letter; 0: none */
    struct prompt prompt;
    /* the line above the keys */
    char message[256];
    enum style message_style;
    struct strbuf text; /* of view_text, */
    char text_title[80];
    /* reading */
    struct tui_progress progress;
    bool loading, paused;
    double added_up; /* progress.seconds when the summary was made last */
    /* what is added up over the connections of a narrowed list */
    const struct model_summary *part; /* NULL: not done */
    size_t part_added;                /* of the list */
    unsigned part_of;                 /* the list's version; 0: none was begun */
    bool saving;                      /* packets are being written to: */
    char saved_to[PROMPT_TEXT];
    /* for tui.c */
    bool quit, suspend, redraw, copy;
};

struct browser *browser_new(struct store *store, const struct tui_options *options, int width,
                            int height, bool utf8);
void browser_free(struct browser *b);
void browser_resize(struct browser *b, int width, int height);
void browser_request(struct browser *b, enum request r, size_t count);
void browser_key(struct browser *b, int key);
/* Button 0: the wheel, by `lines`; 1: a click; 2: a double click. */
void browser_mouse(struct browser *b, int button, int x, int y, int lines);
/* The capture went on: what is shown follows. */
void browser_update(struct browser *b, const struct tui_progress *p, bool loading);
/* Whether something that a key has asked for takes longer, and: do some of it. */
bool browser_is_busy(const struct browser *b);
void browser_work(struct browser *b);
/* The whole screen on a canvas of its size. */
void browser_draw(struct browser *b, struct canvas *c);
/* Where the terminal's cursor belongs; false: it is hidden. */
bool browser_cursor(const struct browser *b, int *x, int *y);

/* --- for views -------------------------------------------------------------------------------- */

/* Put a view on top; one that is open already comes up again. */
void browser_show(struct browser *b, const struct view_ops *ops);
/* What is added up over the connections that are listed, or until that is done over all. */
const struct model_summary *browser_summary(const struct browser *b);
/* Whether the ladder is on top. */
bool browser_shows_ladder(const struct browser *b);
/* The ladder of a connection, at a packet. */
void browser_show_ladder(struct browser *b, size_t stream, const struct ref *packet);
/* Only the connections that meet a condition, in the list. */
void browser_narrow(struct browser *b, const struct narrowing *n, size_t count);
/* A text in a pane of its own; text is taken over. */
void browser_show_text(struct browser *b, const char *title, struct strbuf text);
/* What a finding means, in a pane. */
void browser_explain(struct browser *b, enum finding_id id);
void browser_say(struct browser *b, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Time of the capture in the format that is on; before: of the line before it. */
const char *browser_stamp(const struct browser *b, int64_t t, int64_t before,
                          char text[static TIME_TEXT]);

#endif
