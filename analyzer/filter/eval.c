/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/filter.h"
#include "filter/program.h"

#include "base/word.h"

#include <stdlib.h>

static bool in_range(enum filter_type t, const struct filter_value *v, const struct filter_range *r,
                     int64_t origin)
{
    int low = filter_type_compare(t, v, &r->low, origin);

    return r->to_high ? low >= 0 && filter_type_compare(t, v, &r->high, origin) <= 0 : low == 0;
}

/* Whether one value of the field passes. */
static bool value_passes(const struct filter *f, const struct filter_test *t,
                         const struct filter_value *v, int64_t origin)
{
    enum filter_type type = t->field->type;
    const struct filter_range *range = f->range ? &f->range[t->first] : NULL; /* some need none */
    char room[TYPE_TEXT_MAX];

    switch (t->op) {
    case OP_EXISTS:
        return type != TYPE_FLAG || v->number;
    case OP_CONTAINS:
        return word_contains(filter_type_text(type, v, room), range->low.text);
    case OP_MATCHES:
        return regexec(t->regex, filter_type_text(type, v, room), 0, NULL, 0) == 0;
    case OP_LESS:
        return filter_type_compare(type, v, &range->low, origin) < 0;
    case OP_AT_MOST:
        return filter_type_compare(type, v, &range->low, origin) <= 0;
    case OP_GREATER:
        return filter_type_compare(type, v, &range->low, origin) > 0;
    case OP_AT_LEAST:
        return filter_type_compare(type, v, &range->low, origin) >= 0;
    case OP_EQUAL:
    case OP_UNEQUAL:
    case OP_IN:
        for (size_t i = 0; i < t->n; i++)
            if (in_range(type, v, &range[i], origin))
                return true;
        return false;
    }
    return false;
}

static bool test_passes(const struct filter *f, const struct filter_test *t,
                        const struct model_connection *c, int64_t origin)
{
    struct filter_value v = {0};
    size_t i = 0;
    bool passed = false;

    for (; !passed && t->field->get(c, t->field->of, i, &v); i++)
        passed = value_passes(f, t, &v, origin);
    return t->op == OP_UNEQUAL ? i > 0 && !passed : passed;
}

bool filter_matches(const struct filter *f, const struct model_connection *c, int64_t origin)
{
    bool answer = true;

    for (size_t i = 0; i < f->n_code;) {
        const struct filter_instruction *step = &f->code[i++];

        switch (step->code) {
        case CODE_TEST:
            answer = test_passes(f, &f->test[step->to], c, origin);
            break;
        case CODE_NOT:
            answer = !answer;
            break;
        case CODE_SKIP_IF:
            i = answer ? step->to : i;
            break;
        case CODE_SKIP_UNLESS:
            i = answer ? i : step->to;
            break;
        }
    }
    return answer;
}

bool filter_is_of_rows(const struct filter *f)
{
    for (size_t i = 0; i < f->n_tests; i++)
        if (!filter_field_in_row(f->test[i].field))
            return false;
    return true;
}

bool filter_asks_over_many(const struct filter *f, enum finding_id *id)
{
    for (size_t i = 0; i < f->n_tests; i++) {
        const struct filter_test *t = &f->test[i];

        for (size_t k = t->first; t->field->type == TYPE_FINDING && k < t->first + t->n; k++) {
            *id = (enum finding_id)f->range[k].low.number;
            if ((t->op == OP_EQUAL || t->op == OP_IN) && finding_over_many(*id))
                return true;
        }
    }
    return false;
}

const char *filter_text(const struct filter *f)
{
    return f->text;
}

void filter_free(struct filter *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->n_tests; i++) {
        if (f->test[i].regex)
            regfree(f->test[i].regex);
        free(f->test[i].regex);
    }
    for (size_t i = 0; i < f->n_words; i++)
        free(f->word[i]);
    free(f->word);
    free(f->range);
    free(f->test);
    free(f->code);
    free(f->text);
    free(f);
}
