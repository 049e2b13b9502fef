/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/prompt.h"

#include "base/utf8.h"
#include "base/xalloc.h"
#include "tui/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_text(struct prompt *p, const char *text)
{
    size_t len = strlen(text);

    p->len = p->cursor = len < PROMPT_TEXT ? len : PROMPT_TEXT - 1;
    memmove(p->text, text, p->len);
    p->text[p->len] = '\0';
}

void prompt_open(struct prompt *p, enum prompt_kind kind, const char *label, const char *text,
                 prompt_complete *complete)
{
    p->kind = kind;
    p->label = label;
    p->complete = complete;
    p->recalled = p->offered = 0;
    p->error[0] = '\0';
    set_text(p, text);
}

void prompt_refuse(struct prompt *p, const char *error, size_t at, size_t length)
{
    snprintf(p->error, sizeof p->error, "%s", error);
    p->error_at = at;
    p->error_length = length;
    p->cursor = at < p->len ? at : p->len;
}

static void remember(struct prompt *p)
{
    char **h = p->history[p->kind];

    if (!p->len || (h[0] && strcmp(h[0], p->text) == 0))
        return;
    free(h[PROMPT_HISTORY - 1]);
    memmove(h + 1, h, (PROMPT_HISTORY - 1) * sizeof(char *));
    h[0] = xstrdup(p->text);
}

void prompt_close(struct prompt *p)
{
    p->kind = PROMPT_NONE;
}

void prompt_done(struct prompt *p)
{
    for (int k = 0; k < PROMPT_KINDS; k++)
        for (int i = 0; i < PROMPT_HISTORY; i++)
            free(p->history[k][i]);
}

/* --- editing ---------------------------------------------------------------------------------- */

static void insert(struct prompt *p, const char *text, size_t n)
{
    if (p->len + n >= PROMPT_TEXT)
        return;
    memmove(p->text + p->cursor + n, p->text + p->cursor, p->len - p->cursor + 1);
    memcpy(p->text + p->cursor, text, n);
    p->len += n;
    p->cursor += n;
}

static void erase(struct prompt *p, size_t from, size_t to)
{
    memmove(p->text + from, p->text + to, p->len - to + 1);
    p->len -= to - from;
    p->cursor = from;
}

static bool inside_character(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t before(const struct prompt *p)
{
    size_t i = p->cursor;

    while (i > 0 && inside_character(p->text[--i]))
        ;
    return i;
}

static size_t behind(const struct prompt *p)
{
    size_t i = p->cursor;

    if (i < p->len)
        i++;
    while (i < p->len && inside_character(p->text[i]))
        i++;
    return i;
}

static size_t word_start(const struct prompt *p)
{
    size_t i = p->cursor;

    while (i > 0 && p->text[i - 1] == ' ')
        i--;
    while (i > 0 && p->text[i - 1] != ' ')
        i--;
    return i;
}

static void insert_code(struct prompt *p, int code)
{
    char text[4];
    size_t n = 0;
    uint32_t again;

    if (code < 0x80) {
        text[n++] = (char)code;
    } else if (code < 0x800) {
        text[n++] = (char)(0xc0 | code >> 6);
    } else if (code < 0x10000) {
        text[n++] = (char)(0xe0 | code >> 12);
        text[n++] = (char)(0x80 | (code >> 6 & 0x3f));
    } else {
        text[n++] = (char)(0xf0 | code >> 18);
        text[n++] = (char)(0x80 | (code >> 12 & 0x3f));
        text[n++] = (char)(0x80 | (code >> 6 & 0x3f));
    }
    if (code >= 0x80)
        text[n++] = (char)(0x80 | (code & 0x3f));
    if (utf8_printable(text, n, &again) == n)
        insert(p, text, n);
}

/* --- history and completion ------------------------------------------------------------------- */

static void recall(struct prompt *p, int step)
{
    size_t to = p->recalled + (size_t)step;

    if (step < 0 && !p->recalled)
        return;
    if (to > PROMPT_HISTORY || (to && !p->history[p->kind][to - 1]))
        return;
    p->recalled = to;
    set_text(p, to ? p->history[p->kind][to - 1] : "");
}

/* The n-th word for what was typed before the first Tab. */
static const char *offer(const struct prompt *p, size_t n, size_t *start, const char **help)
{
    const char *typed = p->offered ? p->typed : p->text;

    return p->complete(typed, p->offered ? strlen(typed) : p->cursor, n, start, help);
}

/* Tab: the next word that may stand here, in place of the one that was begun. */
static void complete(struct prompt *p)
{
    const char *help;
    size_t start;

    if (!p->complete)
        return;
    const char *word = offer(p, p->offered, &start, &help);
    if (!word && p->offered) {
        p->offered = 0;
        erase(p, 0, p->cursor);
        insert(p, p->typed, strlen(p->typed));
        word = offer(p, 0, &start, &help);
    }
    if (!word)
        return;
    if (!p->offered) {
        memcpy(p->typed, p->text, p->cursor);
        p->typed[p->cursor] = '\0';
    }
    erase(p, start, p->cursor);
    insert(p, word, strlen(word));
    p->offered++;
}

enum prompt_result prompt_key(struct prompt *p, int key)
{
    if (key != '\t')
        p->offered = 0;
    p->error[0] = '\0';
    switch (key) {
    case '\r':
    case '\n':
        remember(p);
        return PROMPT_DONE;
    case 27:
    case 'c' & 0x1f:
        return PROMPT_GIVEN_UP;
    case '\t':
        complete(p);
        break;
    case KEYS_BACKSPACE:
    case 8:
    case 127:
        if (!p->len)
            return PROMPT_GIVEN_UP;
        erase(p, before(p), p->cursor);
        break;
    case KEYS_DELETE:
        erase(p, p->cursor, behind(p));
        break;
    case KEYS_LEFT:
        p->cursor = before(p);
        break;
    case KEYS_RIGHT:
        p->cursor = behind(p);
        break;
    case KEYS_HOME:
    case 'a' & 0x1f:
        p->cursor = 0;
        break;
    case KEYS_END:
    case 'e' & 0x1f:
        p->cursor = p->len;
        break;
    case 'u' & 0x1f:
        erase(p, 0, p->cursor);
        break;
    case 'w' & 0x1f:
        erase(p, word_start(p), p->cursor);
        break;
    case KEYS_UP:
        recall(p, 1);
        break;
    case KEYS_DOWN:
        recall(p, -1);
        break;
    default:
        if (key >= 0x20 && key < KEY_CODES)
            insert_code(p, key);
    }
    return PROMPT_GOES_ON;
}

/* The place that is wrong, marked below it; x: the column of the text's first octet. */
static void draw_error(const struct prompt *p, struct canvas *c, int x, int y)
{
    char head[PROMPT_TEXT];
    int room = text_columns(p->error) + 1;

    snprintf(head, sizeof head, "%.*s", (int)p->error_at, p->text);
    x += text_columns(head);
    canvas_put(c, x, y, STYLE_ALERT, "^");
    for (size_t i = 1; i < p->error_length; i++)
        canvas_put(c, x + (int)i, y, STYLE_ALERT, "~");
    int behind = x + (p->error_length ? (int)p->error_length : 1) + 1;
    if (behind + room <= c->width || x < room)
        canvas_put(c, behind, y, STYLE_ALERT, p->error);
    else
        canvas_put(c, x - room, y, STYLE_ALERT, p->error);
}

/* What may stand at the cursor, as far as there is room; of the one that Tab put there, what it is.
 */
static void draw_offers(const struct prompt *p, struct canvas *c, int y)
{
    const char *word, *help;
    size_t start, first = p->offered ? p->offered - 1 : 0;
    int x = 0;

    if (!p->complete)
        return;
    for (size_t n = first; (word = offer(p, n, &start, &help)) && x < c->width; n++) {
        x = canvas_put(c, x, y, p->offered && n == first ? STYLE_KEY : STYLE_LABEL, word);
        if (*help && p->offered && n == first)
            x = canvas_put(c, x + 1, y, STYLE_TEXT, help) + 1;
        x++;
    }
}

static void draw_below(const struct prompt *p, struct canvas *c, int x, int y)
{
    if (p->error[0])
        draw_error(p, c, x, y);
    else
        draw_offers(p, c, y);
}

int prompt_draw(const struct prompt *p, struct canvas *c, int y)
{
    char head[PROMPT_TEXT];
    int x = canvas_put(c, 0, y, STYLE_PROMPT, p->label);

    memcpy(head, p->text, p->cursor);
    head[p->cursor] = '\0';
    int cursor = x + text_columns(head);
    /* What does not fit scrolls out at the left. */
    int hidden = cursor >= c->width ? cursor - c->width + 1 : 0;
    struct canvas field = canvas_part(c, x, y, c->width - x, 1);
    const char *text = p->text;
    int out = 0; /* columns that scrolled out */
    while (hidden > 0 && *text) {
        char one[8] = "";
        size_t n = 1;
        while (inside_character(text[n]))
            n++;
        memcpy(one, text, n);
        hidden -= text_columns(one);
        cursor -= text_columns(one);
        out += text_columns(one);
        text += n;
    }
    canvas_put(&field, 0, 0, STYLE_TEXT, text);
    draw_below(p, c, x - out, y + 1);
    return cursor;
}
