/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Blocks that a thread fills ahead come in order, each once, to the end; whoever takes them may
 * stop before. */
#include "base/ahead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

enum { ALL = 1000 };

struct producer {
    unsigned filled; /* blocks */
    unsigned most;   /* then it ends */
    unsigned calls;
    unsigned waits; /* the block of that number, from 1, is handed on only when it is awaited */
};

static void work(unsigned n) /* takes longer for some */
{
    volatile unsigned x = 0;

    for (unsigned i = 0; i < n % 7 * 1000; i++)
        x = x + i;
}

static bool fill(void *context, const struct ahead *a, void *block)
{
    struct producer *p = context;
    unsigned *number = block;

    p->calls++;
    if (p->filled == p->most)
        return false;
    work(p->filled);
    while (p->filled + 1 == p->waits && !ahead_is_awaited(a))
        ;
    *number = p->filled++;
    return true;
}

static void test_order(void **state)
{
    (void)state;
    for (size_t n = 2; n <= 9; n++) {
        struct producer p = {.most = ALL};
        struct ahead *a = ahead_start(fill, &p, n, sizeof(unsigned));

        assert_non_null(a);
        for (unsigned i = 0; i < ALL; i++) {
            const unsigned *number = ahead_next(a);
            unsigned before;

            assert_non_null(number);
            before = *number;
            work(n * 5 + i / 100); /* now the one is faster, now the other */
            assert_int_equal(before, i);
            assert_int_equal(*number, i); /* it is not filled again while it is looked at */
        }
        assert_null(ahead_next(a));
        assert_null(ahead_next(a));
        assert_int_equal(p.calls, ALL + 1); /* the end is the end */
        ahead_stop(a);
    }
}

static void test_nothing(void **state)
{
    struct producer p = {0};
    struct ahead *a = ahead_start(fill, &p, 4, sizeof(unsigned));

    (void)state;
    assert_null(ahead_next(a));
    ahead_stop(a);
    ahead_stop(NULL);
}

/* The ring is bounded: nobody takes, so the producer stops after as many as there is room for. */
static void test_taker_stops(void **state)
{
    (void)state;
    for (unsigned taken = 0; taken < 20; taken++) {
        struct producer p = {.most = UINT32_MAX};
        struct ahead *a = ahead_start(fill, &p, 8, sizeof(unsigned));

        for (unsigned i = 0; i < taken; i++)
            assert_int_equal(*(unsigned *)ahead_next(a), i);
        ahead_stop(a);
        assert_in_range(p.filled, taken, taken + 8);
    }
}

/* Were it not told, the producer would wait for ever. */
static void test_awaited(void **state)
{
    struct producer p = {.most = ALL, .waits = 700};
    struct ahead *a = ahead_start(fill, &p, 4, sizeof(unsigned));

    (void)state;
    for (unsigned i = 0; i < ALL; i++)
        assert_int_equal(*(unsigned *)ahead_next(a), i);
    assert_null(ahead_next(a));
    ahead_stop(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_taker_stops),
        cmocka_unit_test(test_awaited),
    };

    return cmocka_run_group_tests_name("ahead", tests, NULL, NULL);
}
