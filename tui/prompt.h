/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A line that the user types: editing, history, completion. */
#ifndef LASTACK_TUI_PROMPT_H
#define LASTACK_TUI_PROMPT_H

#include "tui/canvas.h"

#include <stdbool.h>
#include <stddef.h>

enum { PROMPT_TEXT = 512, PROMPT_HISTORY = 32 };

enum prompt_kind { PROMPT_NONE, PROMPT_COMMAND, PROMPT_KINDS };

enum prompt_result { PROMPT_GOES_ON, PROMPT_DONE, PROMPT_GIVEN_UP };

struct prompt {
    enum prompt_kind kind; /* PROMPT_NONE: nothing is asked */
    const char *label;     /* ":" */
    char text[PROMPT_TEXT];
    size_t len, cursor;                          /* octets */
    char *history[PROMPT_KINDS][PROMPT_HISTORY]; /* the latest first; owned */
    size_t recalled;                             /* entry shown, from 1; 0: what was typed */
    /* The n-th word that may stand where `typed` (len octets) stands, or NULL. */
    const char *(*complete)(const char *typed, size_t len, size_t n);
    size_t offered; /* completions shown so far for what was typed, and */
    size_t typed;   /* how long that was */
};

void prompt_open(struct prompt *p, enum prompt_kind kind, const char *label, const char *text,
                 const char *(*complete)(const char *typed, size_t len, size_t n));
enum prompt_result prompt_key(struct prompt *p, int key);
void prompt_close(struct prompt *p);
void prompt_done(struct prompt *p);
/* Draw it into line y; returns the column of the cursor. */
int prompt_draw(const struct prompt *p, struct canvas *c, int y);

#endif
