/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The parser itself says what may stand next: it is given the text up to the word that is begun,
 * and where that ends too early it knows what it missed. */
#include "filter/filter.h"
#include "filter/program.h"

#include "filter/lex.h"

#include <string.h>
#include <strings.h>

struct list {
    const char *begun; /* `len` octets: what of the word is there */
    size_t len;
    struct filter_candidate *candidates;
    size_t n, max;
};

static const struct filter_candidate starts[] = {
    {"not", "turns the next test round"},
    {"(", "begins a group"},
};

static const struct filter_candidate joints[] = {
    {"and", "both"},
    {"or", "one of both, or both"},
};

static const struct filter_candidate any_operators[] = {
    {"==", "one of its values is"},
    {"!=", "it has values, and none of them is"},
    {"in", "one of its values is one of { , , }"},
};

static const struct filter_candidate ordered_operators[] = {
    {"<", "below"},
    {"<=", "at most"},
    {">", "above"},
    {">=", "at least"},
};

static const struct filter_candidate textual_operators[] = {
    {"contains", "has these letters in it, in any case"},
    {"matches", "a regular expression fits, in any case"},
};

static const struct filter_candidate sets[] = {
    {"{", "begins the values: {80, 8000..8100}"},
};

static void offer(struct list *l, const char *text, const char *help)
{
    if (l->n < l->max && strlen(text) >= l->len && strncasecmp(text, l->begun, l->len) == 0)
        l->candidates[l->n++] = (struct filter_candidate){text, help};
}

static void offer_all(struct list *l, const struct filter_candidate *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        offer(l, c[i].text, c[i].help);
}

#define OFFER(l, array) offer_all(l, array, sizeof(array) / sizeof *(array))

static void offer_fields(struct list *l)
{
    size_t n;
    const struct filter_field *fields = filter_fields(&n);

    for (size_t i = 0; i < n; i++)
        offer(l, fields[i].name, fields[i].help);
}

static void offer_operators(struct list *l, const struct filter_type_info *type)
{
    OFFER(l, any_operators);
    if (type->ordered)
        OFFER(l, ordered_operators);
    if (type->textual)
        OFFER(l, textual_operators);
}

static void offer_values(struct list *l, const struct filter_type_info *type)
{
    for (size_t i = 0; type->nth && type->nth(i); i++)
        if (*type->nth(i))
            offer(l, type->nth(i), type->about(i));
}

size_t filter_complete(const char *text, size_t cursor, size_t *start,
                       struct filter_candidate *candidates, size_t max)
{
    struct list l = {.candidates = candidates, .max = max};
    struct filter_error err;
    size_t len = strlen(text);

    if (cursor > len)
        cursor = len;
    *start = cursor;
    while (*start > 0 && token_is_word(text[*start - 1]))
        --*start;
    struct filter_parsed before = filter_parse(text, *start, &err);
    const struct filter_type_info *type =
        before.field ? filter_type_info(before.field->type) : NULL;

    l.begun = text + *start;
    l.len = cursor - *start;
    switch (before.expect) {
    case EXPECT_TEST:
        offer_fields(&l);
        OFFER(&l, starts);
        break;
    case EXPECT_OPERATOR:
        offer_operators(&l, type);
        OFFER(&l, joints);
        break;
    case EXPECT_VALUE:
        offer_values(&l, type);
        break;
    case EXPECT_SET:
        OFFER(&l, sets);
        break;
    case EXPECT_MORE:
        OFFER(&l, joints);
        break;
    case EXPECT_NOTHING:
        break;
    }
    filter_free(before.filter);
    return l.n;
}
