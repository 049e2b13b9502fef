/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The terminal: the only file that knows curses. It shows a canvas, reports keys and the mouse, and
 * gives the terminal back as it was, whatever ends the program. */
#ifndef LASTACK_TUI_SCREEN_H
#define LASTACK_TUI_SCREEN_H

#include "base/error.h"
#include "tui/canvas.h"

#include <stdbool.h>

enum event_kind {
    EVENT_NONE, /* nothing in that time */
    EVENT_KEY,
    EVENT_RESIZE,
    EVENT_MOUSE,
    EVENT_GONE, /* the terminal is no more */
};

struct event {
    enum event_kind kind;
    int key;           /* KEY: see tui/request.h */
    int button, lines; /* MOUSE: as browser_mouse() takes them */
    int x, y;
};

/* Take the terminal, unless it is taken already. False with *err set when it can't be used. */
bool screen_open(bool colour, struct error *err);
void screen_close(void);
bool screen_utf8(void);
void screen_size(int *width, int *height);
/* Show the canvas. */
void screen_show(const struct canvas *c, bool cursor, int x, int y);
/* Draw everything anew with the next screen_show(). */
void screen_forget(void);
/* Wait for a key, at most so long (-1: for ever), or until fd (-1: none) can be read. */
struct event screen_event(int milliseconds, int fd);
/* Stop as ^Z does; returns when the program goes on. */
void screen_suspend(void);
/* Text to the terminal's clipboard (OSC 52). */
void screen_copy(const char *text, size_t len);
/* The signal that asks the program to end, or 0. */
int screen_signal(void);

#endif
