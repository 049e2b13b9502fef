/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/lex.h"

#include <string.h>

static const struct {
    const char *text;
    enum token_kind kind;
} signs[] = {
    /* the longer ones first */
    {"==", TOKEN_EQUAL},  {"!=", TOKEN_UNEQUAL}, {"<=", TOKEN_AT_MOST}, {">=", TOKEN_AT_LEAST},
    {"&&", TOKEN_AND},    {"||", TOKEN_OR},      {"..", TOKEN_RANGE},   {"<", TOKEN_LESS},
    {">", TOKEN_GREATER}, {"~", TOKEN_MATCHES},  {"!", TOKEN_NOT},      {"(", TOKEN_OPEN},
    {")", TOKEN_CLOSE},   {"{", TOKEN_SET},      {"}", TOKEN_SET_END},  {",", TOKEN_COMMA},
    {"=", TOKEN_ASSIGN},
};

int token_is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("._-:/+", c));
}

static void read_word(const char *text, size_t end, struct token *t)
{
    size_t i = t->at, n = 0;

    for (; i < end && token_is_word(text[i]); i++) {
        if (text[i] == '.' && i + 1 < end && text[i + 1] == '.')
            break;
        if (n < TOKEN_TEXT - 1)
            t->text[n++] = text[i];
    }
    t->text[n] = 0;
    t->length = i - t->at;
    t->kind = t->length > n ? TOKEN_LONG : TOKEN_WORD;
}

static void read_string(const char *text, size_t end, struct token *t)
{
    size_t i = t->at + 1, n = 0;
    char quote = text[t->at];

    t->kind = TOKEN_STRING;
    for (; i < end && text[i] != quote; i++) {
        if (text[i] == '\\' && i + 1 < end && (text[i + 1] == quote || text[i + 1] == '\\'))
            i++;
        if (n < TOKEN_TEXT - 1)
            t->text[n++] = text[i];
        else
            t->kind = TOKEN_LONG;
    }
    t->text[n] = 0;
    if (i >= end)
        t->kind = TOKEN_UNCLOSED;
    t->length = (i < end ? i + 1 : end) - t->at;
}

static void read_sign(const char *text, size_t end, struct token *t)
{
    t->kind = TOKEN_STRAY;
    t->length = 1;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i].text);

        if (n <= end - t->at && strncmp(text + t->at, signs[i].text, n) == 0) {
            t->kind = signs[i].kind;
            t->length = n;
            return;
        }
    }
}

void token_read(const char *text, size_t end, size_t at, struct token *t)
{
    while (at < end && strchr(" \t\r\n", text[at]))
        at++;
    t->at = at;
    t->length = 0;
    t->kind = TOKEN_END;
    t->text[0] = 0;
    if (at >= end)
        return;
    if (text[at] == '"' || text[at] == '\'')
        read_string(text, end, t);
    else if (token_is_word(text[at]) && !(text[at] == '.' && at + 1 < end && text[at + 1] == '.'))
        read_word(text, end, t);
    else
        read_sign(text, end, t);
}
