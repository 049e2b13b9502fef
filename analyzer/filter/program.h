/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A compiled filter: a list of instructions over one yes or no, so that nothing has to be stacked
 * while it runs. `a and b or c` is
 *
 *     TEST a;  SKIP_UNLESS 1;  TEST b;  SKIP_IF 1;  TEST c */
#ifndef LASTACK_FILTER_PROGRAM_H
#define LASTACK_FILTER_PROGRAM_H

#include "filter/field.h"

#include <regex.h>

enum filter_operator {
    OP_EXISTS, /* a name alone: it has a value; of a TYPE_FLAG: it is true */
    OP_EQUAL,
    OP_UNEQUAL, /* it has a value and none is equal, as in Wireshark 4 */
    OP_LESS,
    OP_AT_MOST,
    OP_GREATER,
    OP_AT_LEAST,
    OP_CONTAINS,
    OP_MATCHES,
    OP_IN,
};

/* What a value is compared with: low alone, or low to high. */
struct filter_range {
    struct filter_value low, high;
    bool to_high;
};

struct filter_test {
    const struct filter_field *field;
    enum filter_operator op;
    size_t first, n; /* of the program's ranges */
    regex_t *regex;  /* of OP_MATCHES; owned */
};

enum filter_code {
    CODE_TEST,        /* the answer is that of test number `to` */
    CODE_NOT,         /* the answer turns round */
    CODE_SKIP_IF,     /* answer yes: go on at instruction `to` */
    CODE_SKIP_UNLESS, /* answer no: the same */
};

struct filter_instruction {
    enum filter_code code;
    size_t to;
};

struct filter {
    char *text; /* owned, as all below */
    struct filter_instruction *code;
    struct filter_test *test;
    struct filter_range *range;
    char **word; /* what TYPE_TEXT values and `contains` point to */
    size_t n_code, n_tests, n_ranges, n_words;
};

/* What may stand at the end of an unfinished filter. */
enum filter_expect {
    EXPECT_NOTHING,
    EXPECT_TEST,     /* a field, "not", a bracket */
    EXPECT_OPERATOR, /* behind field */
    EXPECT_VALUE,    /* of field */
    EXPECT_SET,      /* { */
    EXPECT_MORE,     /* "and", "or" */
};

struct filter_parsed {
    struct filter *filter;     /* NULL when the text is wrong */
    enum filter_expect expect; /* valid when it is right, or wrong only at its end */
    const struct filter_field *field;
};

/* Compile the first `length` octets of text. */
struct filter_parsed filter_parse(const char *text, size_t length, struct filter_error *err);

#endif
