/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Histograms of durations: sums and percentiles, also of what a broken clock makes. */
#include "detect/dwell.h"

#include "base/ref.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_mean(void **state)
{
    struct dwell d = {0};

    (void)state;
    assert_int_equal(dwell_mean(&d), 0);
    dwell_add(&d, 1);
    dwell_add(&d, NS_PER_S - 1);
    dwell_add(&d, 2 * NS_PER_S + 3);
    assert_int_equal(dwell_mean(&d), NS_PER_S + 1);
    assert_int_equal(d.max, 2 * NS_PER_S + 3);
    dwell_done(&d);
}

/* Two centuries, again and again: their sum has no room in 64 bits of nanoseconds. */
static void test_broken_clock(void **state)
{
    const int64_t long_time = 8000000000 * NS_PER_S;
    struct dwell d = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        dwell_add(&d, long_time);
    assert_int_equal(dwell_mean(&d), long_time);
    assert_int_equal(dwell_percentile(&d, 50), long_time);
    dwell_done(&d);
}

static void test_percentile(void **state)
{
    struct dwell d = {0};

    (void)state;
    for (int i = 1; i <= 1000; i++)
        dwell_add(&d, i * NS_PER_S);
    assert_in_range(dwell_percentile(&d, 50), 495 * NS_PER_S, 505 * NS_PER_S);
    assert_in_range(dwell_percentile(&d, 99), 980 * NS_PER_S, 1000 * NS_PER_S);
    dwell_done(&d);
}

/* A few durations are kept one by one, many are counted: that makes no difference. */
static void test_few(void **state)
{
    struct dwell few = {0}, many = {0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        if (i < 100)
            dwell_add(&few, (1 + i * 37 % 100) * NS_PER_S);
        dwell_add(&many, (1 + i * 37 % 100) * NS_PER_S);
    }
    assert_non_null(few.few);
    assert_null(many.few);
    for (unsigned percent = 1; percent < 100; percent++)
        assert_int_equal(dwell_percentile(&few, percent), dwell_percentile(&many, percent));
    dwell_done(&few);
    dwell_done(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mean),
        cmocka_unit_test(test_broken_clock),
        cmocka_unit_test(test_percentile),
        cmocka_unit_test(test_few),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
