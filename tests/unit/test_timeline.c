/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ref.h"
#include "detect/facts.h"
#include "report/model.h"
#include "report/timeline.h"

#include <stdlib.h>
#include <string.h>

static const int64_t start = 1700000000 * NS_PER_S, ms = 1000000;

/* A connection that opens at `at`, whose client closes 10 ms later and waits for `wait`. */
static void add(struct timeline *t, int64_t at, int64_t wait)
{
    const struct fact_stay stays[] = {
        {.state = ST_ESTABLISHED, .from = at, .to = at + 10 * ms},
        {.state = ST_TIME_WAIT, .from = at + 10 * ms, .to = at + 10 * ms + wait},
    };
    const struct facts facts = {.end = {{.n_stays = 2, .stays = stays}}};
    const struct model_connection c = {
        .first = {.t = at},
        .handshake = HANDSHAKE_COMPLETE,
        .end = {{.fin_seen = true, .fin = {.t = at + 10 * ms}}},
        .facts = &facts,
    };

    timeline_add(t, &c);
}

static int64_t most(const struct timeline *t, enum timeline_track track, int64_t from, int64_t to)
{
    int64_t value[1];

    return timeline_sample(t, track, from, to, 1, value);
}

static void states_are_counted_while_they_last(void **state)
{
    struct timeline *t = calloc(1, sizeof *t);
    int64_t value[10];

    (void)state;
    assert_non_null(t);
    add(t, start, 50 * ms);
    add(t, start + 20 * ms, 50 * ms);
    assert_true(timeline_step(t) <= ms / 10);
    assert_true(timeline_start(t) <= start && timeline_start(t) > start - ms);
    for (int i = 0; i < 10; i++) {
        static const int64_t waiting[10] = {0, 1, 1, 2, 2, 2, 1, 1, 0, 0};
        int64_t part = start + i * 10 * ms;

        assert_int_equal(most(t, TRACK_TIME_WAIT, part + ms, part + 9 * ms), waiting[i]);
    }
    assert_int_equal(timeline_sample(t, TRACK_OPENED, start - ms, start + 99 * ms, 10, value), 1);
    const int64_t opened[10] = {1, 0, 1};
    assert_memory_equal(value, opened, sizeof opened);
    assert_int_equal(most(t, TRACK_FIN, start, start + 100 * ms), 2);
    assert_int_equal(most(t, TRACK_RST, start, start + 100 * ms), 0);
    free(t);
}

static void bins_grow_whatever_the_order(void **state)
{
    struct timeline *up = calloc(1, sizeof *up), *down = calloc(1, sizeof *down);

    (void)state;
    assert_true(up && down);
    for (int i = 0; i < 1000; i++) {
        add(up, start + i * 7 * NS_PER_S, 60 * NS_PER_S);
        add(down, start + (999 - i) * 7 * NS_PER_S, 60 * NS_PER_S);
    }
    assert_int_equal(up->k, down->k);
    assert_int_equal(timeline_start(up), timeline_start(down));
    assert_int_equal(up->n, down->n);
    assert_memory_equal(up->bin, down->bin, sizeof up->bin);
    assert_true(timeline_step(up) >= 7 * NS_PER_S * 1000 / TIMELINE_BINS);
    assert_int_equal(most(up, TRACK_OPENED, start - NS_PER_S, start + 8000 * NS_PER_S), 1000);
    assert_in_range(most(up, TRACK_TIME_WAIT, start, start + 8000 * NS_PER_S), 8, 9);
    assert_int_equal(most(up, TRACK_TIME_WAIT, start + 7200 * NS_PER_S, start + 8000 * NS_PER_S),
                     0);
    free(up);
    free(down);
}

static void odd_times_do_no_harm(void **state)
{
    struct timeline *t = calloc(1, sizeof *t);
    int64_t value[3];

    (void)state;
    assert_non_null(t);
    assert_int_equal(timeline_sample(t, TRACK_FIN, 0, 100, 3, value), 0);
    add(t, 0, 0);
    add(t, -5 * NS_PER_S, NS_PER_S);
    add(t, 8000000000 * NS_PER_S, 60 * NS_PER_S);
    assert_int_equal(most(t, TRACK_OPENED, 0, 9000000000 * NS_PER_S), 3);
    assert_int_equal(timeline_sample(t, TRACK_OPENED, 10, 10, 3, value), 0);
    free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_are_counted_while_they_last),
        cmocka_unit_test(bins_grow_whatever_the_order),
        cmocka_unit_test(odd_times_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
