/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is squeezed comes back: records like those learned, unlike them, and without any. */
#include "base/squeeze.h"
#include "base/xalloc.h"
#include "random64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { RECORD = 600 };

/* Into memory of just the size that is promised to be enough: tools see what goes beyond. */
static size_t round_trip(const struct squeezer *s, const uint8_t *record, size_t n)
{
    uint8_t *squeezed = xmalloc(SQUEEZE_ROOM(n) + SQUEEZE_AHEAD), *again = xmalloc(n);
    size_t size = squeeze(s, record, n, squeezed);

    assert_true(size <= SQUEEZE_ROOM(n));
    uint8_t *exact = xmalloc(size + SQUEEZE_AHEAD);
    memset(exact, 0xff, size + SQUEEZE_AHEAD);
    memcpy(exact, squeezed, size);
    unsqueeze(s, exact, again, n);
    assert_memory_equal(again, record, n);
    free(squeezed);
    free(exact);
    free(again);
    return size;
}

static size_t words(uint8_t *record)
{
    static const char *const word[] = {"ESTABLISHED", "TIME_WAIT", "CLOSED"};
    size_t n = 0;

    while (n < RECORD - 32)
        n += (size_t)sprintf((char *)record + n, "%s %u ", word[random64() % 3],
                             (unsigned)(random64() % 100));
    return n;
}

static void test_alike(void **state)
{
    struct squeezer *s = squeezer_new();
    uint8_t record[RECORD];
    size_t before = 0, after = 0;

    (void)state;
    for (int i = 0; i < 500; i++)
        squeezer_learn(s, record, words(record));
    squeezer_settle(s);
    for (int i = 0; i < 500; i++) {
        size_t n = words(record);

        before += n;
        after += round_trip(s, record, n);
    }
    assert_true(after < before * 3 / 10); /* 2.1 bits an octet; 4.2 by octets alone */
    squeezer_free(s);
}

static void test_unlike(void **state)
{
    struct squeezer *s = squeezer_new();
    uint8_t record[RECORD];

    (void)state;
    squeezer_learn(s, record, words(record));
    squeezer_settle(s);
    for (int i = 0; i < 500; i++) {
        size_t n = random64() % RECORD;

        for (size_t k = 0; k < n; k++)
            record[k] = (uint8_t)random64();
        round_trip(s, record, n);
    }
    for (unsigned octet = 0; octet < 256; octet++) {
        memset(record, (int)octet, RECORD);
        round_trip(s, record, RECORD);
    }
    squeezer_free(s);
}

/* Counts that would make codes of hundreds of bits: each octet twice as often as the one before. */
static void test_steep(void **state)
{
    struct squeezer *s = squeezer_new();
    uint8_t record[RECORD];

    (void)state;
    for (unsigned octet = 0; octet < 20; octet++)
        for (unsigned times = 0; times < 1u << octet; times++)
            squeezer_learn(s, (const uint8_t[]){(uint8_t)octet}, 1);
    squeezer_settle(s);
    for (size_t k = 0; k < RECORD; k++)
        record[k] = k % 2 ? (uint8_t)(k / 2) : 0;
    round_trip(s, record, RECORD);
    memset(record, 19, RECORD);
    assert_int_equal(round_trip(s, record, 1), 1);
    squeezer_free(s);
}

static void test_nothing_learned(void **state)
{
    struct squeezer *s = squeezer_new();
    uint8_t record[256];

    (void)state;
    squeezer_settle(s);
    for (unsigned octet = 0; octet < 256; octet++)
        record[octet] = (uint8_t)octet;
    assert_int_equal(round_trip(s, record, sizeof record), sizeof record); /* 8 bits each */
    squeezer_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alike),
        cmocka_unit_test(test_unlike),
        cmocka_unit_test(test_steep),
        cmocka_unit_test(test_nothing_learned),
    };

    return cmocka_run_group_tests_name("squeeze", tests, NULL, NULL);
}
