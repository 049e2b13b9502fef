/* SPDX-License-Identifier: BSD-2-Clause
 *
 * JSON as it is written: commas, escapes, the ends of the number ranges. */
#include "report/json_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
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

/* Texts are looked at eight octets at a time: each octet in each place among others. */
static void every_octet_is_seen_in_every_place(void **state)
{
    (void)state;
    for (unsigned octet = 1; octet < 256; octet++)
        for (size_t place = 0; place < 20; place++) {
            struct json j = {0};
            char text[] = "~\x80 !#[]\x7f\xff~\x80 !#[]\x7f\xff~~", expected[64];
            const char *rest = &text[place + 1];
            char c = (char)octet;

            text[place] = c;
            if (octet < 0x20)
                snprintf(expected, sizeof expected, "\"%.*s\\u%04x%s\"", (int)place, text, octet,
                         rest);
            else
                snprintf(expected, sizeof expected, "\"%.*s%s%c%s\"", (int)place, text,
                         c == '"' || c == '\\' ? "\\" : "", c, rest);
            json_text(&j, NULL, text);
            is(&j, expected);
        }
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
    json_thousandths(&j, NULL, 0);
    json_thousandths(&j, NULL, 5);
    json_thousandths(&j, NULL, 900);
    json_thousandths(&j, NULL, 1050);
    json_seconds(&j, NULL, 0);
    json_seconds(&j, NULL, -500000000);
    json_seconds(&j, NULL, INT64_MIN);
    json_array_end(&j);
    is(&j, "[0,9223372036854775807,-9223372036854775808,0.945,28232,0,0.005,0.9,1.05,"
           "0.000000000,-0.500000000,-9223372036.854775808]");
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
        cmocka_unit_test(every_octet_is_seen_in_every_place),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(text_of_any_length_fits),
    };

    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
