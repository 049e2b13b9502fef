/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Jobs are worked on by all threads and delivered in order, each once; those that were delivered
 * are used again. */
#include "base/crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

enum { JOBS = 1000 };

struct job {
    unsigned number;
    uint64_t result;
};

struct world {
    unsigned delivered;
    uint64_t sum;
};

static uint64_t effort(unsigned number)
{
    uint64_t x = number + 1;

    for (unsigned i = 0; i < number % 7 * 1000; i++) /* some take longer than others */
        x = x * 6364136223846793005u + 1442695040888963407u;
    return x;
}

static void work(void *context, void *job)
{
    struct job *j = job;

    (void)context;
    j->result = effort(j->number);
}

static void deliver(void *context, void *job)
{
    struct world *w = context;
    struct job *j = job;

    assert_int_equal(j->number, w->delivered);
    w->delivered++;
    w->sum += j->result * (j->number + 1);
    j->number = JOBS;
}

static void test_order(void **state)
{
    uint64_t sum = 0;

    (void)state;
    for (unsigned i = 0; i < JOBS; i++)
        sum += effort(i) * (i + 1);
    for (unsigned threads = 1; threads <= 8; threads++) {
        struct world w = {0};
        struct crew *crew = crew_new(threads, work, deliver, free, &w);
        unsigned made = 0;

        assert_non_null(crew);
        for (unsigned i = 0; i < JOBS; i++) {
            struct job *j = crew_spare(crew);

            assert_true(!j || j->number == JOBS); /* nobody has it any more */
            made += !j;
            if (!j)
                j = calloc(1, sizeof *j);
            j->number = i;
            crew_put(crew, j);
        }
        crew_end(crew);
        assert_int_equal(w.delivered, JOBS);
        assert_in_range(made, 1, JOBS / 2);
        assert_true(w.sum == sum);
    }
}

static void test_nothing(void **state)
{
    struct world w = {0};

    (void)state;
    crew_end(crew_new(3, work, deliver, free, &w));
    assert_int_equal(w.delivered, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests_name("crew", tests, NULL, NULL);
}
