/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/prompt.h"

#include "base/utf8.h"
#include "base/xalloc.h"
#include "tui/request.h"

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
                 const char *(*complete)(const char *typed, size_t len, size_t n))
{
    p->kind = kind;
    p->label = label;
    p->complete = complete;
    p->recalled = p->offered = 0;
    set_text(p, text);
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

/* Tab: the next word that begins as the typed one does. */
static void complete(struct prompt *p)
{
    if (!p->complete)
        return;
    if (!p->offered)
        p->typed = p->cursor;
    const char *word = p->complete(p->text, p->typed, p->offered);
    if (!word && p->offered) {
        p->offered = 0;
        word = p->complete(p->text, p->typed, 0);
    }
    if (!word)
        return;
    size_t start = p->typed;
    while (start > 0 && !strchr(" ()!&|=<>~", p->text[start - 1]))
        start--;
    erase(p, p->typed, p->cursor);
    if (strncmp(word, p->text + start, p->typed - start) == 0)
        insert(p, word + (p->typed - start), strlen(word) - (p->typed - start));
    p->offered++;
}

enum prompt_result prompt_key(struct prompt *p, int key)
{
    if (key != '\t')
        p->offered = 0;
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
    while (hidden > 0 && *text) {
        char one[8] = "";
        size_t n = 1;
        while (inside_character(text[n]))
            n++;
        memcpy(one, text, n);
        hidden -= text_columns(one);
        cursor -= text_columns(one);
        text += n;
    }
    canvas_put(&field, 0, 0, STYLE_TEXT, text);
    return cursor;
}
