/* SPDX-License-Identifier: BSD-2-Clause
 *
 * JSON as it is written: commas, escapes, the ends of the number ranges. */
#include "report/json_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void is(struct json *j, const char *expected)
{
    assert_string_equal(j->text.text, expected);
    strbuf_done(&j->text);
}

static void commas_stand_between_members(void **state)
{
    struct json j = {0};

    (void)state;
    json_object(&j, NULL);
    json_array(&j, "empty");
    json_array_end(&j);
    json_array(&j, "two");
    json_number(&j, NULL, 1);
    json_object(&j, NULL);
    json_object_end(&j);
    json_array_end(&j);
    json_bool(&j, "last", false);
    json_object_end(&j);
    is(&j, "{\"empty\":[],\"two\":[1,{}],\"last\":false}");
}

static void strings_are_escaped(void **state)
{
    struct json j = {0};

    (void)state;
    json_array(&j, NULL);
    json_text(&j, NULL, "");
    json_text(&j, NULL, NULL);
    json_text(&j, NULL, "a\"b\\c/d");
    json_text(&j, NULL, "\x01\n\x1f\x7f \xc3\xa9");
    json_array_end(&j);
    is(&j, "[\"\",null,\"a\\\"b\\\\c/d\",\"\\u0001\\u000a\\u001f\x7f \xc3\xa9\"]");
}

static void numbers_keep_their_digits(void **state)
{
    struct json j = {0};

    (void)state;
    json_array(&j, NULL);
    json_number(&j, NULL, 0);
    json_number(&j, NULL, INT64_MAX);
    json_number(&j, NULL, INT64_MIN);
    json_real(&j, NULL, 0.945);
    json_real(&j, NULL, 28232);
    json_seconds(&j, NULL, 0);
    json_seconds(&j, NULL, -500000000);
    json_seconds(&j, NULL, INT64_MIN);
    json_array_end(&j);
    is(&j, "[0,9223372036854775807,-9223372036854775808,0.945,28232,0.000000000,-0.500000000,"
           "-9223372036.854775808]");
}

static void text_of_any_length_fits(void **state)
{
    char quotes[1000];
    struct json j = {0};

    (void)state;
    for (size_t i = 0; i < sizeof quotes; i++)
        quotes[i] = i + 1 < sizeof quotes ? '\x02' : '\0';
    json_text(&j, NULL, quotes);
    assert_int_equal(j.text.len, 2 + 6 * (sizeof quotes - 1));
    strbuf_done(&j.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_between_members),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(text_of_any_length_fits),
    };

    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
