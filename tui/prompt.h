/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A line that the user types: editing, history, completion. */
#ifndef LASTACK_TUI_PROMPT_H
#define LASTACK_TUI_PROMPT_H

#include "tui/canvas.h"

#include <stdbool.h>
#include <stddef.h>

enum { PROMPT_TEXT = 512, PROMPT_HISTORY = 32 };

enum prompt_kind { PROMPT_NONE, PROMPT_COMMAND, PROMPT_FILTER, PROMPT_KINDS };

enum prompt_result { PROMPT_GOES_ON, PROMPT_DONE, PROMPT_GIVEN_UP };

/* The n-th word, from 0, that may stand where `text` is being typed, whose first `len` octets are
 * before the cursor; NULL: there are no more. *start: where the word that it would replace begins.
 * *help: what it is, or "". */
typedef const char *prompt_complete(const char *text, size_t len, size_t n, size_t *start,
                                    const char **help);

struct prompt {
    enum prompt_kind kind; /* PROMPT_NONE: nothing is asked */
    const char *label;     /* ":" */
    char text[PROMPT_TEXT];
    size_t len, cursor;                          /* octets */
    char *history[PROMPT_KINDS][PROMPT_HISTORY]; /* the latest first; owned */
    size_t recalled;                             /* entry shown, from 1; 0: what was typed */
    prompt_complete *complete;                   /* NULL: nothing is offered */
    size_t offered;                              /* completions shown so far for what was typed: */
    char typed[PROMPT_TEXT];       /* the text up to the cursor at the first of them */
    char error[256];               /* what is wrong with the text; "": nothing that is known */
    size_t error_at, error_length; /* octets */
};

void prompt_open(struct prompt *p, enum prompt_kind kind, const char *label, const char *text,
                 prompt_complete *complete);
enum prompt_result prompt_key(struct prompt *p, int key);
void prompt_close(struct prompt *p);
void prompt_done(struct prompt *p);
/* The text can't be taken; it stays, the cursor goes to the place that is wrong. */
void prompt_refuse(struct prompt *p, const char *error, size_t at, size_t length);
/* Draw it into line y, and below it what is wrong, or else what may stand at the cursor. Returns
 * the column of the cursor. */
int prompt_draw(const struct prompt *p, struct canvas *c, int y);

#endif
