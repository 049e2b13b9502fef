/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Counts over time and distinct peers: parts add up to the whole, in any order. */
#include "base/ref.h"
#include "detect/keyed.h"
#include "detect/peers.h"
#include "detect/series.h"
#include "detect/storm_episodes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int64_t start = 1767225600 * NS_PER_S + 123456789;

/* A sequence that is the same everywhere. */
static uint32_t next(uint32_t *x)
{
    *x = *x * 1664525u + 1013904223u;
    return *x >> 8;
}

static void add_stay(struct series *s, unsigned i, uint32_t span)
{
    uint32_t x = i * 2654435761u + 1;
    int64_t from = start + (int64_t)(next(&x) % span) * NS_PER_S / 4;

    series_add(s, from, from + (int64_t)(next(&x) % 90000) * 1000000);
}

static void assert_same(struct series *a, struct series *b)
{
    series_settle(a);
    series_settle(b);
    assert_int_equal(a->k, b->k);
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(series_time(a, &a->point[i]), series_time(b, &b->point[i]));
        assert_int_equal(a->point[i].change, b->point[i].change);
    }
}

static void parts_add_up_in_any_order(void **state)
{
    enum { STAYS = 3000, PARTS = 7 };
    struct series whole = {0}, part[PARTS] = {{0}}, sum = {0}, back = {0};

    (void)state;
    for (unsigned i = 0; i < STAYS; i++)
        add_stay(&whole, i, 40000);
    for (unsigned i = STAYS; i-- > 0;)
        add_stay(&back, i, 40000);
    for (unsigned i = 0; i < STAYS; i++)
        add_stay(&part[i * 31 % PARTS], i, 40000);
    for (unsigned i = 0; i < PARTS; i++)
        series_merge(&sum, &part[(i * 3 + 1) % PARTS]);
    assert_same(&whole, &back);
    assert_same(&whole, &sum);
    series_done(&whole);
    series_done(&back);
    series_done(&sum);
    for (unsigned i = 0; i < PARTS; i++)
        series_done(&part[i]);
}

/* With more changes than are kept the step doubles, wherever in the order that happens. */
static void coarse_series_add_up_too(void **state)
{
    enum { STAYS = 120000 };
    struct series forth = {0}, back = {0}, even = {0}, odd = {0};

    (void)state;
    for (unsigned i = 0; i < STAYS; i++) {
        series_add(&forth, start + i * 3 * NS_PER_S, start + (i * 3 + 2) * NS_PER_S);
        series_add(i % 2 ? &odd : &even, start + i * 3 * NS_PER_S, start + (i * 3 + 2) * NS_PER_S);
    }
    for (unsigned i = STAYS; i-- > 0;)
        series_add(&back, start + i * 3 * NS_PER_S, start + (i * 3 + 2) * NS_PER_S);
    series_merge(&odd, &even);
    assert_same(&forth, &back);
    assert_true(forth.k > 0);
    assert_same(&forth, &odd);
    series_done(&forth);
    series_done(&back);
    series_done(&even);
    series_done(&odd);
}

/* A crowd of two seconds in a day is the peak, whatever grid is shown. */
static void a_short_peak_is_not_lost(void **state)
{
    struct series s = {0};
    int64_t at, count[64], high[40], most = 0;

    (void)state;
    for (unsigned hour = 0; hour < 24; hour++)
        series_add(&s, start + hour * 3600 * NS_PER_S, start + (hour + 1) * 3600 * NS_PER_S);
    for (unsigned i = 0; i < 500; i++)
        series_add(&s, start + 40001 * NS_PER_S, start + 40003 * NS_PER_S);
    series_settle(&s);
    assert_int_equal(series_peak(&s, &at), 501);
    assert_int_equal(at, (start / NS_PER_S + 1 + 40001) * NS_PER_S);
    struct series_grid grid = series_grid(&s, 64);
    assert_true(grid.n <= 64 && grid.n > 32);
    assert_int_equal(grid.start % grid.step, 0);
    series_sample(&s, &grid, count);
    for (size_t i = 1; i + 1 < grid.n; i++)
        assert_true(count[i] == 1 || count[i] == 501);
    series_outline(&s, grid.start, grid.start + (int64_t)grid.n * grid.step, 40, high);
    for (size_t i = 0; i < 40; i++)
        most = high[i] > most ? high[i] : most;
    assert_int_equal(most, 501);
    series_done(&s);
}

static void events_are_counted_by_second(void **state)
{
    struct series s = {0};
    int64_t at;

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        series_event(&s, start + i * NS_PER_S / 10);
    series_settle(&s);
    assert_int_equal(series_total(&s), 100);
    assert_int_equal(series_peak(&s, &at), 10);
    assert_int_equal(
        series_between(&s, start / NS_PER_S * NS_PER_S, (start / NS_PER_S + 2) * NS_PER_S), 19);
    series_done(&s);
}

static void episodes_have_a_begin_and_an_end(void **state)
{
    struct series s = {0}, all = {0};
    struct episode e = {0};

    (void)state;
    for (unsigned i = 0; i < 600; i++) /* one a second, all the time */
        series_event(&s, start + i * NS_PER_S);
    for (unsigned burst = 0; burst < 2; burst++)
        for (unsigned i = 0; i < 200; i++)
            series_event(&s, start + (100 + burst * 300) * NS_PER_S + i * NS_PER_S / 100);
    series_settle(&s);
    series_merge(&all, &s);
    series_settle(&all);
    for (unsigned burst = 0; burst < 2; burst++) {
        int64_t begin = start / NS_PER_S + 100 + burst * 300;

        assert_true(episode_next(&s, 10 * NS_PER_S, 100, &e));
        assert_true(e.from >= (begin - 10) * NS_PER_S && e.from <= begin * NS_PER_S);
        assert_true(e.to > begin * NS_PER_S && e.to <= (begin + 13) * NS_PER_S);
        assert_int_equal(e.most, 210);
        assert_true(episode_stands_out(&e, &s, &all, 10 * NS_PER_S));
    }
    assert_false(episode_next(&s, 10 * NS_PER_S, 100, &e));
    series_done(&s);
    series_done(&all);
}

static void a_steady_rate_is_no_episode_that_stands_out(void **state)
{
    struct series s = {0};
    struct episode e = {0};

    (void)state;
    for (unsigned i = 0; i < 12000; i++)
        series_event(&s, start + i * NS_PER_S / 20);
    series_settle(&s);
    assert_true(episode_next(&s, 10 * NS_PER_S, 100, &e));
    assert_false(episode_stands_out(&e, &s, &s, 10 * NS_PER_S));
    series_done(&s);
}

static void add_peer(struct peers *p, unsigned i)
{
    uint8_t octets[4] = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
    struct addr a = addr_v4(octets);

    peers_add(p, &a, 80, start + i * NS_PER_S);
}

static void peers_are_counted_in_any_order(void **state)
{
    struct peers few = {0}, forth = {0}, back = {0};

    (void)state;
    for (unsigned twice = 0; twice < 2; twice++)
        for (unsigned i = 0; i < 200; i++)
            add_peer(&few, i);
    assert_int_equal(peers_between(&few, 0, INT64_MAX), 200);
    assert_int_equal(peers_between(&few, start + 10 * NS_PER_S, start + 19 * NS_PER_S), 10);
    for (unsigned i = 0; i < 20000; i++) {
        add_peer(&forth, i);
        add_peer(&back, 19999 - i);
    }
    assert_true(forth.more && forth.n == PEERS_MAX && back.n == PEERS_MAX);
    assert_memory_equal(forth.peer, back.peer, PEERS_MAX * sizeof *forth.peer);
    assert_in_range(peers_between(&forth, 0, INT64_MAX), 17000, 23000);
    peers_done(&few);
    peers_done(&forth);
    peers_done(&back);
}

static void a_full_table_counts_what_it_leaves_out(void **state)
{
    struct keyed t = {0};

    (void)state;
    for (uint64_t twice = 0; twice < 2; twice++)
        for (uint64_t key = 0; key < KEYED_MAX + 10; key++)
            assert_int_equal(keyed_find(&t, &key, sizeof key, 2 * sizeof key) != NULL,
                             key < KEYED_MAX);
    assert_int_equal(t.n, KEYED_MAX);
    assert_int_equal(t.omitted, 20);
    keyed_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_in_any_order),
        cmocka_unit_test(coarse_series_add_up_too),
        cmocka_unit_test(a_short_peak_is_not_lost),
        cmocka_unit_test(events_are_counted_by_second),
        cmocka_unit_test(episodes_have_a_begin_and_an_end),
        cmocka_unit_test(a_steady_rate_is_no_episode_that_stands_out),
        cmocka_unit_test(peers_are_counted_in_any_order),
        cmocka_unit_test(a_full_table_counts_what_it_leaves_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
