/* SPDX-License-Identifier: BSD-2-Clause
 *
 *     filter  = [ either ]
 *     either  = both { ("||" | "or") both }
 *     both    = negated { ("&&" | "and") negated }
 *     negated = { "!" | "not" } ( "(" either ")" | test )
 *     test    = FIELD [ operator VALUE | [ "not" ] "in" "{" range { [","] range } "}" ]
 *     range   = VALUE [ ".." VALUE ] */
#include "filter/filter.h"
#include "filter/program.h"

#include "base/word.h"
#include "base/xalloc.h"
#include "filter/lex.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NEAR = 4 }; /* a word is proposed for a wrong one with fewer wrong letters than this */

struct parser {
    const char *text;
    size_t length;
    struct token token; /* the next one */
    struct filter *out;
    unsigned depth;
    enum filter_expect expect; /* what the grammar wants at `token` */
    const struct filter_field *field;
    struct filter_error *err;
};

/* --- errors ----------------------------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static bool fail(struct parser *p, const struct token *at,
                                                       const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(p->err->text, sizeof p->err->text, format, args);
    va_end(args);
    for (char *c = p->err->text; *c; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
            *c = '?';
    p->err->column = at->at;
    p->err->length = at->length;
    return false;
}

/* What stands there is not what the grammar wants. */
static bool unexpected(struct parser *p, const char *wanted)
{
    const struct token *t = &p->token;
    char piece[32];

    switch (t->kind) {
    case TOKEN_END:
        return fail(p, t, "it ends too early: %s is missing", wanted);
    case TOKEN_UNCLOSED:
        return fail(p, t, "the quoted text has no end");
    case TOKEN_LONG:
        return fail(p, t, "longer than %d characters", TOKEN_TEXT - 1);
    case TOKEN_ASSIGN:
        return fail(p, t, "'=' is no operator; '==' compares");
    default:
        snprintf(piece, sizeof piece, "%.*s", (int)(t->length < 24 ? t->length : 24),
                 p->text + t->at);
        return fail(p, t, "'%s' where %s should stand", piece, wanted);
    }
}

/* "; did you mean 'x'?" for a word that is none of the names, or "". */
static const char *proposal(const char *word, const char *(*nth)(size_t), char room[static 96])
{
    unsigned best = NEAR;

    room[0] = 0;
    for (size_t i = 0; nth && nth(i); i++) {
        unsigned d = *nth(i) ? word_distance(word, nth(i), NEAR) : NEAR;

        if (d < best && d < strlen(word)) {
            best = d;
            snprintf(room, 96, "; did you mean '%s'?", nth(i));
        }
    }
    return room;
}

static const char *nth_field(size_t i)
{
    size_t n;
    const struct filter_field *fields = filter_fields(&n);

    return i < n ? fields[i].name : NULL;
}

/* --- tokens ----------------------------------------------------------------------------------- */

static void next(struct parser *p)
{
    token_read(p->text, p->length, p->token.at + p->token.length, &p->token);
}

static bool at_word(const struct parser *p, const char *word)
{
    return p->token.kind == TOKEN_WORD && strcasecmp(p->token.text, word) == 0;
}

static bool accept(struct parser *p, enum token_kind kind, const char *word)
{
    if (p->token.kind != kind && !(word && at_word(p, word)))
        return false;
    next(p);
    return true;
}

/* --- the program ------------------------------------------------------------------------------ */

static size_t emit(struct parser *p, enum filter_code code, size_t to)
{
    struct filter *f = p->out;

    f->code = xreallocarray(f->code, f->n_code + 1, sizeof *f->code);
    f->code[f->n_code] = (struct filter_instruction){code, to};
    return f->n_code++;
}

static const char *keep_word(struct filter *f, const char *text)
{
    f->word = xreallocarray(f->word, f->n_words + 1, sizeof *f->word);
    f->word[f->n_words] = xstrdup(text);
    return f->word[f->n_words++];
}

static bool add_range(struct parser *p, struct filter_test *t, const struct filter_range *r)
{
    struct filter *f = p->out;

    if (f->n_ranges == FILTER_VALUES)
        return fail(p, &p->token, "more than %d values", FILTER_VALUES);
    f->range = xreallocarray(f->range, f->n_ranges + 1, sizeof *f->range);
    f->range[f->n_ranges++] = *r;
    t->n++;
    return true;
}

static bool add_test(struct parser *p, const struct filter_test *t)
{
    struct filter *f = p->out;

    f->test = xreallocarray(f->test, f->n_tests + 1, sizeof *f->test);
    f->test[f->n_tests] = *t;
    emit(p, CODE_TEST, f->n_tests++);
    return true;
}

/* --- values ----------------------------------------------------------------------------------- */

static bool value_error(struct parser *p, enum filter_type type)
{
    const struct filter_type_info *info = filter_type_info(type);
    char room[96];

    if (p->token.kind != TOKEN_WORD && p->token.kind != TOKEN_STRING)
        return unexpected(p, "a value");
    if (!info->nth)
        return fail(p, &p->token, "'%.40s' is no %s: %s", p->token.text, info->name, info->write);
    proposal(p->token.text, info->nth, room);
    if (room[0])
        return fail(p, &p->token, "'%.40s' is no %s%s", p->token.text, info->name, room);
    if (type == TYPE_FINDING)
        return fail(p, &p->token, "'%.40s' is no finding; --explain lists them", p->token.text);
    char list[200] = "";
    int n = 0;
    for (size_t i = 0; info->nth(i); i++)
        if (*info->nth(i) && n < (int)sizeof list)
            n += snprintf(list + n, sizeof list - (size_t)n, "%s%s", n ? ", " : "", info->nth(i));
    return fail(p, &p->token, "'%.24s' is none of %s", p->token.text, list);
}

static bool parse_value(struct parser *p, enum filter_type type, struct filter_value *v)
{
    bool text = p->token.kind == TOKEN_WORD || p->token.kind == TOKEN_STRING;

    p->expect = EXPECT_VALUE;
    *v = (struct filter_value){0};
    if (!text || !filter_type_info(type)->parse(type, p->token.text, v))
        return value_error(p, type);
    if (type == TYPE_TEXT)
        v->text = keep_word(p->out, p->token.text);
    p->expect = EXPECT_NOTHING;
    next(p);
    return true;
}

static bool parse_range(struct parser *p, struct filter_test *t)
{
    struct filter_range r = {0};
    struct token first = p->token;
    enum filter_type type = t->field->type;

    if (!parse_value(p, type, &r.low))
        return false;
    if (p->token.kind == TOKEN_RANGE) {
        if (!filter_type_info(type)->ordered)
            return fail(p, &p->token, "a %s has no order: no range of them",
                        filter_type_info(type)->name);
        next(p);
        r.to_high = true;
        if (!parse_value(p, type, &r.high))
            return false;
        if (type == TYPE_ADDRESS && (r.low.bits < 128 || r.high.bits < 128))
            return fail(p, &first,
                        "a range goes from one address to another, not between prefixes");
        if (r.low.date == r.high.date && filter_type_compare(type, &r.low, &r.high, 0) > 0)
            return fail(p, &first, "this range ends before it begins");
    }
    return add_range(p, t, &r);
}

static bool parse_set(struct parser *p, struct filter_test *t)
{
    p->expect = EXPECT_SET;
    if (!accept(p, TOKEN_SET, NULL))
        return unexpected(p, "{");
    do {
        if (!parse_range(p, t))
            return false;
        accept(p, TOKEN_COMMA, NULL);
    } while (p->token.kind != TOKEN_SET_END && p->token.kind != TOKEN_END);
    p->expect = EXPECT_VALUE;
    if (!accept(p, TOKEN_SET_END, NULL))
        return unexpected(p, "}");
    return true;
}

static bool parse_pattern(struct parser *p, struct filter_test *t)
{
    char reason[128];
    int code;

    if (p->token.kind != TOKEN_WORD && p->token.kind != TOKEN_STRING)
        return unexpected(p, "a regular expression in quotes");
    t->regex = xmalloc(sizeof *t->regex);
    code = regcomp(t->regex, p->token.text, REG_EXTENDED | REG_ICASE | REG_NOSUB);
    if (code) {
        regerror(code, t->regex, reason, sizeof reason);
        free(t->regex);
        return fail(p, &p->token, "no regular expression: %s", reason);
    }
    next(p);
    return true;
}

static bool parse_part(struct parser *p, struct filter_test *t)
{
    struct filter_range r = {0};

    if (p->token.kind != TOKEN_WORD && p->token.kind != TOKEN_STRING)
        return unexpected(p, "a text");
    r.low.text = keep_word(p->out, p->token.text);
    next(p);
    return add_range(p, t, &r);
}

/* --- tests ------------------------------------------------------------------------------------ */

static const struct {
    enum token_kind sign; /* TOKEN_WORD: none */
    const char *word;
    enum filter_operator op;
} operators[] = {
    {TOKEN_EQUAL, "eq", OP_EQUAL},
    {TOKEN_UNEQUAL, "ne", OP_UNEQUAL},
    {TOKEN_LESS, "lt", OP_LESS},
    {TOKEN_AT_MOST, "le", OP_AT_MOST},
    {TOKEN_GREATER, "gt", OP_GREATER},
    {TOKEN_AT_LEAST, "ge", OP_AT_LEAST},
    {TOKEN_WORD, "contains", OP_CONTAINS},
    {TOKEN_MATCHES, "matches", OP_MATCHES},
    {TOKEN_WORD, "in", OP_IN},
};

static enum filter_operator parse_operator(struct parser *p)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if ((operators[i].sign != TOKEN_WORD && p->token.kind == operators[i].sign) ||
            at_word(p, operators[i].word)) {
            next(p);
            return operators[i].op;
        }
    }
    return OP_EXISTS;
}

/* Whether the operator at `sign` fits the field's type. */
static bool check_operator(struct parser *p, const struct filter_test *t, const struct token *sign)
{
    const struct filter_type_info *info = filter_type_info(t->field->type);

    if ((t->op == OP_CONTAINS || t->op == OP_MATCHES) && !info->textual)
        return fail(p, sign, "%s is a %s: it can be compared, but holds no text", t->field->name,
                    info->name);
    if (t->op >= OP_LESS && t->op <= OP_AT_LEAST && !info->ordered)
        return fail(p, sign, "%s is a %s: it has no order, only == and !=", t->field->name,
                    info->name);
    return true;
}

static bool parse_comparison(struct parser *p, struct filter_test *t)
{
    struct filter_range r = {0};
    struct token value = p->token;

    if (t->op == OP_IN)
        return parse_set(p, t);
    if (t->op == OP_MATCHES)
        return parse_pattern(p, t);
    if (t->op == OP_CONTAINS)
        return parse_part(p, t);
    if (!parse_value(p, t->field->type, &r.low))
        return false;
    if (t->field->type == TYPE_ADDRESS && r.low.bits < 128 && t->op != OP_EQUAL &&
        t->op != OP_UNEQUAL)
        return fail(p, &value, "a prefix is not above or below an address; == and != ask for it");
    return add_range(p, t, &r);
}

static bool parse_test(struct parser *p)
{
    struct filter_test t = {.first = p->out->n_ranges};
    char room[96];

    p->expect = EXPECT_TEST;
    if (p->token.kind != TOKEN_WORD)
        return unexpected(p, "a field");
    t.field = filter_field_find(p->token.text);
    if (!t.field)
        return fail(p, &p->token, "unknown field '%.64s'%s", p->token.text,
                    *proposal(p->token.text, nth_field, room) ? room
                                                              : "; --help-filter lists them");
    if (p->out->n_tests == FILTER_TESTS)
        return fail(p, &p->token, "more than %d comparisons", FILTER_TESTS);
    p->field = t.field;
    next(p);
    struct token sign = p->token;
    bool negated = at_word(p, "not");
    if (negated)
        next(p);
    p->expect = negated ? EXPECT_NOTHING : EXPECT_OPERATOR;
    if (negated && !at_word(p, "in"))
        return unexpected(p, "'in'");
    t.op = parse_operator(p);
    if (t.op != OP_EXISTS) {
        p->expect = EXPECT_NOTHING;
        if (!check_operator(p, &t, &sign) || !parse_comparison(p, &t))
            return false;
        p->expect = EXPECT_MORE;
    }
    add_test(p, &t);
    if (negated)
        emit(p, CODE_NOT, 0);
    return true;
}

/* --- how tests are put together --------------------------------------------------------------- */

static bool parse_either(struct parser *p);

static bool parse_negated(struct parser *p)
{
    bool negated = false;

    p->expect = EXPECT_TEST;
    while (accept(p, TOKEN_NOT, "not"))
        negated = !negated;
    if (p->token.kind == TOKEN_OPEN) {
        if (++p->depth > FILTER_DEPTH)
            return fail(p, &p->token, "more than %d brackets inside each other", FILTER_DEPTH);
        next(p);
        if (!parse_either(p))
            return false;
        if (!accept(p, TOKEN_CLOSE, NULL))
            return unexpected(p, "'and', 'or' or ')'");
        p->expect = EXPECT_MORE;
        p->depth--;
    } else if (!parse_test(p)) {
        return false;
    }
    if (negated)
        emit(p, CODE_NOT, 0);
    return true;
}

/* Parts, joined by a sign or word: when a part has decided, the rest is skipped. The skips wait in
 * a chain for the place they lead to. */
static bool parse_joined(struct parser *p, bool (*part)(struct parser *), enum token_kind sign,
                         const char *word, enum filter_code skip)
{
    const size_t none = SIZE_MAX;
    size_t chain = none;

    if (!part(p))
        return false;
    while (accept(p, sign, word)) {
        chain = emit(p, skip, chain);
        if (!part(p))
            return false;
    }
    while (chain != none) {
        size_t before = p->out->code[chain].to;

        p->out->code[chain].to = p->out->n_code;
        chain = before;
    }
    return true;
}

static bool parse_both(struct parser *p)
{
    return parse_joined(p, parse_negated, TOKEN_AND, "and", CODE_SKIP_UNLESS);
}

static bool parse_either(struct parser *p)
{
    return parse_joined(p, parse_both, TOKEN_OR, "or", CODE_SKIP_IF);
}

struct filter_parsed filter_parse(const char *text, size_t length, struct filter_error *err)
{
    struct parser p = {.text = text, .length = length, .err = err, .expect = EXPECT_TEST};

    *err = (struct filter_error){0};
    p.out = xcalloc(1, sizeof *p.out);
    p.out->text = xmalloc(length + 1);
    memcpy(p.out->text, text, length);
    p.out->text[length] = 0;
    next(&p);
    bool good = true;
    if (length > FILTER_LENGTH)
        good = fail(&p, &p.token, "longer than %d characters", FILTER_LENGTH);
    else if (p.token.kind != TOKEN_END)
        good = parse_either(&p) && (p.token.kind == TOKEN_END || unexpected(&p, "'and' or 'or'"));
    if (!good) {
        filter_free(p.out);
        p.out = NULL;
    }
    return (struct filter_parsed){
        .filter = p.out,
        .expect = p.token.kind == TOKEN_END ? p.expect : EXPECT_NOTHING,
        .field = p.field,
    };
}

struct filter *filter_compile(const char *text, struct filter_error *err)
{
    return filter_parse(text, strlen(text), err).filter;
}
