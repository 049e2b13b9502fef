/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The words and signs of a filter's text. */
#ifndef LASTACK_FILTER_LEX_H
#define LASTACK_FILTER_LEX_H

#include <stddef.h>

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,   /* tcp.port, 10.0.0.0/8, and, FIN-WAIT-1: what it means is the parser's */
    TOKEN_STRING, /* "..." */
    TOKEN_EQUAL,
    TOKEN_UNEQUAL,
    TOKEN_LESS,
    TOKEN_AT_MOST,
    TOKEN_GREATER,
    TOKEN_AT_LEAST,
    TOKEN_MATCHES, /* ~ */
    TOKEN_AND,     /* && */
    TOKEN_OR,      /* || */
    TOKEN_NOT,     /* ! */
    TOKEN_OPEN,    /* ( */
    TOKEN_CLOSE,
    TOKEN_SET, /* { */
    TOKEN_SET_END,
    TOKEN_COMMA,
    TOKEN_RANGE,    /* .. */
    TOKEN_ASSIGN,   /* =, which is no operator */
    TOKEN_UNCLOSED, /* a string without its end */
    TOKEN_LONG,     /* a word or string that is too long */
    TOKEN_STRAY,    /* an octet that begins nothing */
};

enum { TOKEN_TEXT = 256 };

struct token {
    enum token_kind kind;
    size_t at, length;     /* octets of the filter's text */
    char text[TOKEN_TEXT]; /* WORD as it stands; STRING without quotes, \" and \\ undone */
};

/* The token at or behind octet `at` of text, which has `end` octets. */
void token_read(const char *text, size_t end, size_t at, struct token *t);
/* Whether c may be part of a word. */
int token_is_word(char c);

#endif
