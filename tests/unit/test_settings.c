/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a run assumes of an end when its system was guessed, and when it was told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ref.h"
#include "track/settings.h"

static void ports_are_those_of_the_system_unless_set(void **state)
{
    struct settings s = settings_default();
    struct error err;

    (void)state;
    assert_int_equal(settings_ports_of(&s, NULL), 28232);
    assert_int_equal(settings_ports_of(&s, "linux"), 28232);
    assert_int_equal(settings_ports_of(&s, "windows"), 16384);
    assert_int_equal(settings_ports_of(&s, "windows-2003"), 3976);
    assert_int_equal(settings_ports_of(&s, "lwip"), 28232);
    assert_true(settings_threshold(&s, "ports=1000", &err));
    assert_int_equal(settings_ports_of(&s, "windows"), 1000);
}

static void the_longest_prefix_tells_time_wait(void **state)
{
    struct settings s = settings_default();
    struct addr near, far;
    struct error err;
    bool assumed;

    (void)state;
    assert_true(addr_parse("10.0.0.1", &near) && addr_parse("192.0.2.1", &far));
    assert_true(settings_time_wait(&s, "windows@10.0.0.0/8", &err));
    assert_true(settings_time_wait(&s, "7@10.0.0.1", &err));
    assert_int_equal(settings_time_wait_of(&s, &near, "macos", &assumed).ns, 7 * NS_PER_S);
    assert_false(assumed);
    assert_int_equal(settings_time_wait_of(&s, &far, "macos", &assumed).ns, 30 * NS_PER_S);
    assert_false(assumed);
    assert_int_equal(settings_time_wait_of(&s, &far, NULL, &assumed).ns, 60 * NS_PER_S);
    assert_true(assumed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_are_those_of_the_system_unless_set),
        cmocka_unit_test(the_longest_prefix_tells_time_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
