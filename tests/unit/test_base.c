/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Arithmetic and text that everything else stands on. */
#include "base/addr.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/digits.h"
#include "base/error.h"
#include "base/pool.h"
#include "base/ref.h"
#include "base/seq.h"
#include "base/strbuf.h"
#include "base/timetext.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

static void sequence_numbers_compare_across_the_wrap(void **state)
{
    (void)state;
    assert_true(seq_lt(0xfffffff0u, 0x10u));
    assert_true(seq_gt(0x10u, 0xfffffff0u));
    assert_true(seq_leq(5, 5) && seq_geq(5, 5));
    assert_false(seq_lt(5, 5) || seq_gt(5, 5));
    assert_int_equal(seq_diff(0x10u, 0xfffffff0u), 0x20);
    assert_int_equal(seq_max(0xffffffffu, 1), 1);
    assert_int_equal(seq_max(7, 3), 7);
}

static void cursor_never_reads_beyond(void **state)
{
    const uint8_t octets[] = {1, 2, 3, 4, 5, 6, 7};
    struct bytes b = bytes_of(octets, sizeof octets);

    (void)state;
    assert_int_equal(bytes_be16(&b), 0x0102);
    assert_int_equal(bytes_le32(&b), 0x06050403);
    assert_false(b.short_read);
    assert_int_equal(bytes_be16(&b), 0);
    assert_true(b.short_read);
    assert_int_equal(bytes_u8(&b), 0); /* sticky: nothing is left to read */
    assert_int_equal(b.len, 0);
    b = bytes_of(octets, sizeof octets);
    bytes_limit(&b, 3);
    assert_null(bytes_take(&b, 4));
    b = bytes_of(octets, sizeof octets);
    bytes_limit(&b, 300);
    assert_int_equal(b.len, 7);
}

static void addresses_print_and_parse(void **state)
{
    static const char *const texts[] = {"10.0.0.1", "255.255.255.255", "2001:db8::1", "::1",
                                        "fe80::1:0:0:2"};
    struct addr a;
    char text[ADDR_TEXT], endpoint[ENDPOINT_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_true(addr_parse(texts[i], &a));
        assert_string_equal(addr_text(&a, text), texts[i]);
        assert_int_equal(addr_is_v4(&a), strchr(texts[i], '.') != NULL);
    }
    assert_true(addr_parse("2001:db8::1", &a));
    assert_string_equal(endpoint_text(&a, 443, endpoint), "[2001:db8::1]:443");
    assert_false(addr_parse("10.0.0", &a));
    assert_false(addr_parse("", &a));
}

static void untrusted_text_is_harmless(void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"plain", "plain"},
        {"a\033[31mb", "a\\x1b[31mb"},
        {"line\nfeed\ttab", "line\\x0afeed\\x09tab"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"c1 \xc2\x9b", "c1 \\xc2\\x9b"},   /* a control character of terminals */
        {"cut \xe2\x82", "cut \\xe2\\x82"}, /* an incomplete sequence */
        {"over\xc0\xaflong", "over\\xc0\\xaflong"},
        {"\x7f", "\\x7f"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct strbuf b = {0};
        strbuf_put_untrusted(&b, cases[i].in, strlen(cases[i].in));
        assert_string_equal(b.text, cases[i].out);
        strbuf_done(&b);
    }
}

static void string_buffers_grow(void **state)
{
    struct strbuf b = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        strbuf_printf(&b, "%d,", i % 10);
    assert_int_equal(b.len, 2000);
    strbuf_clear(&b);
    strbuf_printf(&b, "%0300d", 7);
    assert_int_equal(strlen(b.text), 300);
    strbuf_done(&b);
}

static void errors_are_one_safe_line(void **state)
{
    struct error err;

    (void)state;
    error_set(&err, "%s: %s", "a\033b\nc", "reason");
    assert_null(strchr(err.text, '\033'));
    assert_null(strchr(err.text, '\n'));
    error_set(&err, "%0600d", 1);
    assert_true(strlen(err.text) < sizeof err.text);
    error_set(NULL, "nowhere to go");
}

static void times_print_without_rounding_up(void **state)
{
    char text[TIME_TEXT];

    (void)state;
    assert_string_equal(time_rfc3339(0, text), "1970-01-01T00:00:00.000000000Z");
    assert_string_equal(time_rfc3339(1767225600123456789, text), "2026-01-01T00:00:00.123456789Z");
    assert_string_equal(time_rfc3339(1709164800000000000, text), "2024-02-29T00:00:00.000000000Z");
    assert_string_equal(time_seconds(-500000000, 9, text), "-0.500000000");
    assert_string_equal(time_seconds(1999999999, 0, text), "1");
    assert_string_equal(time_seconds(1999999999, 6, text), "1.999999");
    assert_string_equal(time_seconds(INT64_MIN, 9, text), "-9223372036.854775808");
}

static void dates_are_those_of_the_calendar(void **state)
{
    char text[TIME_TEXT], expected[TIME_TEXT];

    (void)state;
    for (int64_t s = INT64_MIN / NS_PER_S; s < INT64_MAX / NS_PER_S; s += 86399) {
        time_t seconds = (time_t)s;
        struct tm tm;

        gmtime_r(&seconds, &tm);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000000000Z", &tm);
        assert_string_equal(time_rfc3339(s * NS_PER_S, text), expected);
    }
    assert_string_equal(time_rfc3339(INT64_MIN, text), "1677-09-21T00:12:43.145224192Z");
    assert_string_equal(time_rfc3339(INT64_MAX, text), "2262-04-11T23:47:16.854775807Z");
}

static void numbers_have_all_their_digits(void **state)
{
    char text[DIGITS_MAX + 1], expected[DIGITS_MAX + 1];

    (void)state;
    for (uint64_t power = 1, last = 0; power > last; last = power, power *= 10)
        for (uint64_t n = power - 1; n <= power + 1; n++) {
            snprintf(expected, sizeof expected, "%" PRIu64, n);
            *digits_put(text, n) = '\0';
            assert_string_equal(text, expected);
        }
    *digits_put(text, UINT64_MAX) = '\0';
    assert_string_equal(text, "18446744073709551615");
    *digits_put_signed(text, INT64_MIN) = '\0';
    assert_string_equal(text, "-9223372036854775808");
    *digits_put_9(digits_put_4(digits_put_2(text, 7), 65), 1020304) = '\0';
    assert_string_equal(text, "070065001020304");
    assert_int_equal(digits_rough(0), 0);
    assert_int_equal(digits_rough(99), 99);
    assert_int_equal(digits_rough(106229), 110000);
    assert_int_equal(digits_rough(999), 1000);
    assert_int_equal(digits_rough(INT64_MAX), INT64_C(9200000000000000000));
}

static void durations_print_for_people(void **state)
{
    static const struct {
        int64_t ns;
        const char *text;
    } cases[] = {
        {0, "0 ns"},
        {999, "999 ns"},
        {312000, "312 us"},
        {45100000, "45.1 ms"},
        {2350000000, "2.35 s"},
        {88990000000, "89.0 s"},
        {9999999999, "10.00 s"},
        {61 * NS_PER_S, "61.0 s"},
        {250 * NS_PER_S, "4 min 10 s"},
        {11100 * NS_PER_S, "3 h 05 min"},
        {187200 * NS_PER_S, "2 d 04 h"},
    };
    char text[TIME_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(time_human(cases[i].ns, text), cases[i].text);
}

static void arenas_forget_all_at_once(void **state)
{
    struct arena a = {0};
    char *first = arena_alloc(&a, 100);

    (void)state;
    memset(first, 'x', 100);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(*(char *)arena_alloc(&a, 1000), 0);
    assert_string_equal(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
    arena_reset(&a);
    assert_int_equal(*(char *)arena_alloc(&a, 100), 0); /* zeroed again */
    arena_done(&a);
}

static void pools_hand_out_what_came_back(void **state)
{
    struct slabs slabs = {0};
    struct pool p, lines;
    void *objects[500];

    (void)state;
    pool_init(&p, 40, &slabs);
    pool_init_lines(&lines, 65, &slabs);
    for (int i = 0; i < 500; i++) {
        memset(objects[i] = pool_take(&p), i, 40);
        void *line = pool_take(&lines);
        assert_int_equal((uintptr_t)line % CACHE_LINE, 0);
        memset(line, 0xff, 65);
    }
    assert_int_equal(p.in_use, 500);
    for (int i = 0; i < 500; i++)
        assert_int_equal(((unsigned char *)objects[i])[39], i & 0xff);
    pool_give(&p, objects[7]);
    assert_ptr_equal(pool_take(&p), objects[7]);
    slabs_done(&slabs);
}

/* So many that they come from huge pages. */
static void pools_give_much(void **state)
{
    enum { N = 20000, SIZE = 400 };
    struct slabs slabs = {0};
    struct pool p;
    unsigned char **objects = test_calloc(N, sizeof *objects);

    (void)state;
    pool_init(&p, SIZE, &slabs);
    for (int i = 0; i < N; i++)
        memset(objects[i] = pool_take(&p), i, SIZE);
    for (int i = 0; i < N; i++)
        assert_true(objects[i][0] == (i & 0xff) && objects[i][SIZE - 1] == (i & 0xff));
    assert_true(slabs.taken > (size_t)N * SIZE && slabs.taken < (size_t)N * SIZE + 2 * HUGE_PAGE);
    slabs_done(&slabs);
    test_free(objects);
}

/* While objects are given back those that are still in use stay as they are, and what is taken in
 * between comes from elsewhere. */
static void pools_give_regions_back(void **state)
{
    enum { N = 20000, SIZE = 400, LOST = 3 }; /* every third one is given back before */
    struct slabs slabs = {0};
    struct pool p;
    unsigned char **objects = test_calloc(N, sizeof *objects), *late;

    (void)state;
    pool_init(&p, SIZE, &slabs);
    for (int i = 0; i < N; i++)
        memset(objects[i] = pool_take(&p), i, SIZE);
    for (int i = 0; i < N; i += LOST)
        pool_give(&p, objects[i]);
    slabs_drain(&slabs);
    pool_forget(&p);
    for (int i = 0; i < N; i++)
        if (i % LOST)
            slabs_hold(&slabs, objects[i]);
    memset(late = pool_take(&p), 0xa5, SIZE);
    for (int i = 0; i < N; i++) {
        if (i % LOST == 0)
            continue;
        assert_true(objects[i][0] == (i & 0xff) && objects[i][SIZE - 1] == (i & 0xff));
        memset(objects[i], 0, SIZE);
        pool_give(&p, objects[i]);
    }
    assert_int_equal(p.in_use, 1);
    assert_true(late[0] == 0xa5 && late[SIZE - 1] == 0xa5);
    pool_give(&p, late);
    assert_ptr_equal(pool_take(&p), late);
    slabs_done(&slabs);
    test_free(objects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequence_numbers_compare_across_the_wrap),
        cmocka_unit_test(cursor_never_reads_beyond),
        cmocka_unit_test(addresses_print_and_parse),
        cmocka_unit_test(untrusted_text_is_harmless),
        cmocka_unit_test(string_buffers_grow),
        cmocka_unit_test(errors_are_one_safe_line),
        cmocka_unit_test(times_print_without_rounding_up),
        cmocka_unit_test(dates_are_those_of_the_calendar),
        cmocka_unit_test(numbers_have_all_their_digits),
        cmocka_unit_test(durations_print_for_people),
        cmocka_unit_test(arenas_forget_all_at_once),
        cmocka_unit_test(pools_hand_out_what_came_back),
        cmocka_unit_test(pools_give_much),
        cmocka_unit_test(pools_give_regions_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
