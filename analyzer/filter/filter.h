/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The display filter: which connections a user wants to see, in the words of Wireshark's filters
 * and some of our own.
 *
 *     close.kind == reset && ip.addr == 10.0.0.0/8 and not rst.cause in {rst-refused, D11}
 *
 * A filter is compiled once (field.c knows the fields, parse.c the grammar) and asked for every
 * connection (eval.c), without allocation and in time bounded by its length and by what the
 * connection has of a field. Places in its text are octets from 0. */
#ifndef LASTACK_FILTER_FILTER_H
#define LASTACK_FILTER_FILTER_H

#include "report/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    FILTER_LENGTH = 4096, /* octets of a filter's text */
    FILTER_TESTS = 256,   /* comparisons in it, */
    FILTER_VALUES = 1024, /* the values in all their sets, */
    FILTER_DEPTH = 32,    /* brackets and negations inside each other */
};

/* What is wrong with a filter, and where. */
struct filter_error {
    char text[256];        /* one line for people, safe for a terminal */
    size_t column, length; /* the piece of text that it is about; length 0: its end */
};

struct filter;

/* NULL with *err filled when text is no filter. An empty text lets everything pass. */
struct filter *filter_compile(const char *text, struct filter_error *err);
/* Whether the filter lets c pass. origin: time of the first record of the capture, ns since the
 * epoch. */
bool filter_matches(const struct filter *f, const struct model_connection *c, int64_t origin);
/* Whether all that the filter asks for is in a store_row (report/store.h): who keeps rows can ask
 * it with a model that has no more. */
bool filter_is_of_rows(const struct filter *f);
/* Whether the filter asks for a finding that is told of many connections at once (*id: the first
 * such one): it finds only connections that have it alone. */
bool filter_asks_over_many(const struct filter *f, enum finding_id *id);
/* The text it was compiled from; it lives as long as the filter. */
const char *filter_text(const struct filter *f);
void filter_free(struct filter *f); /* NULL is fine */

/* Two lines without a final newline: the text, and below it a mark under the piece that is wrong.
 * At most `width` columns: of a longer text the part around the mark. The result is the caller's to
 * free; nothing in it can drive a terminal. */
char *filter_caret(const char *text, const struct filter_error *err, size_t width);

/* Something that may stand at a place in a filter. Both texts are constant. */
struct filter_candidate {
    const char *text; /* "close.kind", "==", "FIN_WAIT_1", "and" */
    const char *help; /* a few words, or "" */
};

/* What may stand at octet `cursor` of text in place of the word that is begun there: at most `max`
 * candidates that start with what of the word stands before the cursor, in the order of the tables.
 * *start: where that word begins. Returns how many; none where anything may stand (a number) or
 * where what stands before the word is wrong. */
size_t filter_complete(const char *text, size_t cursor, size_t *start,
                       struct filter_candidate *candidates, size_t max);

/* All fields, their types and values, for --help-filter. */
void filter_help(FILE *out);

#endif
