/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/finding.h"

#include <ctype.h>
#include <string.h>

static void ids_are_unique_and_kebab(void **state)
{
    (void)state;
    for (int i = 0; i < FINDING_COUNT; i++) {
        const struct finding_info *f = finding_info((enum finding_id)i);

        for (const char *c = f->id; *c; c++)
            assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '-');
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(f->id, finding_info((enum finding_id)j)->id);
            assert_string_not_equal(f->rule, finding_info((enum finding_id)j)->rule);
        }
    }
}

static void texts_are_sentences(void **state)
{
    (void)state;
    for (int i = 0; i < FINDING_COUNT; i++) {
        const struct finding_info *f = finding_info((enum finding_id)i);
        const char *texts[] = {f->meaning, f->decided, f->remedy, f->avoid};

        for (size_t k = 0; k < 4; k++) {
            if (!texts[k]) {
                assert_int_equal(k, 3);
                continue;
            }
            size_t len = strlen(texts[k]);
            assert_true(len > 10 && texts[k][len - 1] == '.');
            assert_null(strchr(texts[k], '\n'));
            assert_null(strstr(texts[k], "  "));
        }
        assert_true(strlen(f->title) > 5 && strlen(f->title) <= 60);
        assert_true(strlen(f->reference) > 3);
    }
}

static void names_are_parsed_in_any_case(void **state)
{
    enum finding_id id;
    enum severity severity;

    (void)state;
    assert_true(finding_parse("close-wait-held", &id) && id == FINDING_CLOSE_WAIT_HELD);
    assert_true(finding_parse("Close-Wait-Held", &id) && id == FINDING_CLOSE_WAIT_HELD);
    assert_true(finding_parse("p1", &id) && id == FINDING_CLOSE_WAIT_HELD);
    assert_true(finding_parse("A11", &id) && id == FINDING_ACK_LOOP);
    assert_false(finding_parse("A", &id));
    assert_false(finding_parse("", &id));
    for (int s = 0; s < SEVERITY_COUNT; s++) {
        assert_true(severity_parse(severity_name((enum severity)s), &severity));
        assert_int_equal(severity, s);
    }
    assert_false(severity_parse("fatal", &severity));
}

/* Who has to act (close-semantics 9.28). */
static void the_blame_is_where_it_belongs(void **state)
{
    static const struct {
        const char *rule;
        enum layer layer;
    } blame[] = {
        {"P1", LAYER_APPLICATION}, {"P2", LAYER_APPLICATION}, {"P4", LAYER_APPLICATION},
        {"P5", LAYER_APPLICATION}, {"R3", LAYER_APPLICATION}, {"A6", LAYER_APPLICATION},
        {"A4", LAYER_HOST},        {"T7", LAYER_HOST},        {"S3", LAYER_HOST},
        {"A1", LAYER_PATH},        {"A3", LAYER_PATH},        {"A9", LAYER_PATH},
        {"R2", LAYER_PATH},        {"R10", LAYER_PATH},       {"R11", LAYER_PATH},
        {"C4", LAYER_PATH},        {"Q1", LAYER_CAPTURE},     {"Q2", LAYER_CAPTURE},
        {"Q3", LAYER_CAPTURE},     {"Q4", LAYER_CAPTURE},     {"Q5", LAYER_CAPTURE},
        {"Q6", LAYER_CAPTURE},     {"Q7", LAYER_CAPTURE},
    };
    enum finding_id id;

    (void)state;
    for (size_t i = 0; i < sizeof blame / sizeof *blame; i++) {
        assert_true(finding_parse(blame[i].rule, &id));
        assert_int_equal(finding_info(id)->layer, blame[i].layer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_unique_and_kebab),
        cmocka_unit_test(texts_are_sentences),
        cmocka_unit_test(names_are_parsed_in_any_case),
        cmocka_unit_test(the_blame_is_where_it_belongs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
