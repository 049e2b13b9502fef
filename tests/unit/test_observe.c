/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a segment is, in sequence space. All numbers start just below 2^32, so that every test
 * crosses the wrap. */
#include "flow/holes.h"
#include "flow/observe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

enum { C = 0, S = 1 };

static const uint32_t isn[2] = {0xfffffff0u, 0xffffff80u};

struct world {
    struct flow flow;
    int64_t now;
    uint32_t new_octets;
};

/* One segment of direction dir, numbers relative to the initial ones. */
static uint32_t see(struct world *w, int dir, uint16_t flags, uint32_t seq, uint32_t len,
                    uint32_t ack)
{
    struct segment s = {
        .at = {.t = w->now += 10000000, .packet = 1},
        .flags = flags,
        .seq = isn[dir] + seq,
        .ack = flags & TCP_ACK ? isn[!dir] + ack : 0,
        .len = len,
        .window = 64240,
        .ttl = 64,
    };
    return flow_observe(&w->flow, dir, &s, &w->new_octets);
}

static int fresh(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    w->now = 1000000000;
    w->flow.most_holes = 16;
    *state = w;
    return 0;
}

static int opened(void **state)
{
    fresh(state);
    struct world *w = *state;
    see(w, C, TCP_SYN, 0, 0, 0);
    see(w, S, TCP_SYN | TCP_ACK, 0, 0, 1);
    see(w, C, TCP_ACK, 1, 0, 1);
    return 0;
}

static int done(void **state)
{
    struct world *w = *state;

    free(w->flow.extra);
    free(w);
    return 0;
}

static void handshake_is_recognised(void **state)
{
    struct world *w = *state;

    assert_true(see(w, C, TCP_SYN, 0, 0, 0) & SEEN_SYN_FIRST);
    assert_true(see(w, C, TCP_SYN, 0, 0, 0) & SEEN_SYN_COPY);
    assert_true(see(w, S, TCP_SYN | TCP_ACK, 0, 0, 1) & SEEN_ACKS_SYN);
    assert_false(w->flow.bits & FLOW_ESTABLISHED);
    assert_true(see(w, C, TCP_ACK, 1, 0, 1) & SEEN_ACKS_SYN);
    assert_true(w->flow.bits & FLOW_ESTABLISHED);
    assert_int_equal(w->flow.rtt_us, 20000);
}

static void alien_synack_anchors_nothing(void **state)
{
    struct world *w = *state;

    see(w, C, TCP_SYN, 0, 0, 0);
    assert_int_equal(see(w, S, TCP_SYN | TCP_ACK, 77, 0, 9999), SEEN_ALIEN_SYNACK);
    assert_false(w->flow.side[S].bits & SIDE_SYN);
    assert_true(see(w, S, TCP_SYN | TCP_ACK, 0, 0, 1) & SEEN_SYN_FIRST);
}

static void data_is_new_once(void **state)
{
    struct world *w = *state;

    assert_true(see(w, C, TCP_ACK, 1, 100, 1) & SEEN_NEW_DATA);
    assert_int_equal(w->new_octets, 100);
    assert_true(see(w, C, TCP_ACK, 1, 100, 1) & SEEN_RETRANSMISSION);
    assert_int_equal(w->new_octets, 0);
    assert_true(see(w, C, TCP_ACK, 51, 100, 1) & SEEN_NEW_DATA); /* overlaps by half */
    assert_int_equal(w->new_octets, 50);
    assert_int_equal(w->flow.side[C].bytes, 150);
    assert_int_equal(w->flow.side[C].retransmissions, 1);
}

static void hole_is_filled_or_missed(void **state)
{
    struct world *w = *state;

    see(w, C, TCP_ACK, 101, 100, 1);
    assert_true(holes_below(&w->flow, C, isn[C] + 101));
    assert_true(see(w, C, TCP_ACK, 1, 50, 1) & SEEN_OUT_OF_ORDER);
    assert_true(holes_below(&w->flow, C, isn[C] + 101));
    assert_true(see(w, C, TCP_ACK, 41, 60, 1) & SEEN_OUT_OF_ORDER); /* the rest, overlapping */
    assert_int_equal(w->new_octets, 50);
    assert_false(holes_below(&w->flow, C, isn[C] + 201));
    see(w, C, TCP_ACK, 301, 100, 1); /* a hole that gets acknowledged: the tap missed it */
    see(w, S, TCP_ACK, 1, 0, 401);
    assert_true(w->flow.side[C].bits & SIDE_GAP);
    assert_int_equal(w->flow.extra->gap_octets, 100);
}

static void a_hole_can_split(void **state)
{
    struct world *w = *state;

    see(w, C, TCP_ACK, 301, 10, 1);
    assert_int_equal(w->flow.extra->n_holes[C], 1);
    see(w, C, TCP_ACK, 101, 100, 1);
    assert_int_equal(w->flow.extra->n_holes[C], 2);
    see(w, C, TCP_ACK, 1, 300, 1);
    assert_int_equal(w->flow.extra->n_holes[C], 0);
    assert_int_equal(w->flow.side[C].bytes, 310);
}

static void fin_is_one_number_however_often_sent(void **state)
{
    struct world *w = *state;

    see(w, C, TCP_ACK | TCP_PSH, 1, 100, 1);
    assert_true(see(w, C, TCP_FIN | TCP_ACK, 101, 0, 1) & SEEN_FIN_FIRST);
    assert_true(see(w, C, TCP_FIN | TCP_PSH | TCP_ACK, 1, 100, 1) &
                SEEN_FIN_COPY); /* merged with its data */
    assert_true(see(w, C, TCP_FIN | TCP_ACK, 101, 0, 1) & SEEN_FIN_COPY);
    assert_int_equal(w->flow.side[C].fin_seq, isn[C] + 101);
    assert_false(w->flow.side[C].bits & SIDE_DATA_AFTER_FIN);
    assert_false(see(w, S, TCP_ACK, 1, 0, 101) & SEEN_ACKS_FIN); /* the data only */
    assert_true(see(w, S, TCP_ACK, 1, 0, 102) & SEEN_ACKS_FIN);
    assert_true(see(w, S, TCP_ACK, 1, 0, 102) & SEEN_ACK_AGAIN);
}

static void data_after_fin_is_told_from_probes(void **state)
{
    struct world *w = *state;

    see(w, C, TCP_FIN | TCP_ACK, 1, 0, 1);
    assert_true(see(w, C, TCP_ACK, 1, 1, 1) & SEEN_KEEP_ALIVE);
    assert_true(see(w, C, TCP_ACK, 1, 0, 1) & SEEN_KEEP_ALIVE);
    assert_false(w->flow.side[C].bits & SIDE_DATA_AFTER_FIN);
    assert_true(see(w, C, TCP_ACK, 2, 100, 1) & SEEN_AFTER_FIN);
    assert_true(w->flow.side[C].bits & SIDE_DATA_AFTER_FIN);
    assert_true(see(w, C, TCP_FIN | TCP_ACK, 5, 0, 1) & SEEN_AFTER_FIN); /* a FIN that moved up */
}

static void missed_fin_is_confirmed_by_what_follows(void **state)
{
    struct world *w = *state;

    assert_true(see(w, S, TCP_ACK, 1, 0, 2) & SEEN_ACK_BEYOND);
    assert_true(w->flow.side[C].bits & SIDE_FIN_MAYBE);
    assert_true(see(w, C, TCP_ACK, 2, 0, 1) & SEEN_FIN_CONFIRMED);
    assert_true(w->flow.side[C].bits & SIDE_FIN_MISSED);
}

static void octet_behind_the_ack_was_data(void **state)
{
    struct world *w = *state;

    see(w, S, TCP_ACK, 1, 0, 2);
    see(w, C, TCP_ACK, 2, 10, 1);
    assert_false(w->flow.side[C].bits & (SIDE_FIN_MAYBE | SIDE_FIN_MISSED));
    assert_true(w->flow.side[C].bits & SIDE_GAP);
}

static void ack_was_wrong_when_the_sender_goes_on_below(void **state)
{
    struct world *w = *state;

    see(w, S, TCP_ACK, 1, 0, 2);
    see(w, C, TCP_ACK, 1, 10, 1);
    assert_false(w->flow.side[C].bits & (SIDE_FIN_MAYBE | SIDE_FIN_MISSED | SIDE_GAP));
}

static void fin_may_come_behind_its_ack(void **state)
{
    struct world *w = *state;

    see(w, S, TCP_FIN | TCP_ACK, 1, 0, 2);
    assert_true(see(w, C, TCP_FIN | TCP_ACK, 1, 0, 1) & SEEN_FIN_FIRST);
    assert_true(w->flow.side[C].bits & SIDE_FIN_ACKED);
    assert_false(w->flow.side[C].bits & (SIDE_FIN_MAYBE | SIDE_FIN_MISSED));
}

static void absurd_acks_are_ignored(void **state)
{
    struct world *w = *state;

    assert_true(see(w, S, TCP_ACK, 1, 0, 900000001) & SEEN_ACK_INVALID);
    assert_int_equal(w->flow.side[C].nxt, isn[C] + 1);
    assert_int_equal(w->flow.side[C].una, isn[C] + 1);
}

static void resets_are_exact_in_window_or_outside(void **state)
{
    struct world *w = *state;

    assert_true(see(w, S, TCP_RST, 1, 0, 0) & SEEN_RST_ACCEPTABLE);
    assert_true(see(w, S, TCP_RST, 300, 0, 0) & SEEN_RST_IN_WINDOW);
    assert_int_equal(see(w, S, TCP_RST, 500000, 0, 0), 0);
    assert_int_equal(w->flow.side[S].nxt, isn[S] + 1); /* a reset takes no sequence space */
}

static void refusal_must_acknowledge_the_syn(void **state)
{
    struct world *w = *state;

    see(w, C, TCP_SYN, 0, 0, 0);
    assert_int_equal(see(w, S, TCP_RST, 0, 0, 0), 0);
    assert_int_equal(see(w, S, TCP_RST | TCP_ACK, 0, 0, 7), 0);
    assert_true(see(w, S, TCP_RST | TCP_ACK, 0, 0, 1) & SEEN_RST_ACCEPTABLE);
    assert_true(w->flow.bits & FLOW_REFUSED);
}

static void senseless_flags_change_nothing(void **state)
{
    static const uint16_t flags[] = {0, TCP_SYN | TCP_FIN, TCP_FIN, TCP_PSH | TCP_URG};
    struct world *w = *state;

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        assert_int_equal(see(w, C, flags[i], 1, 0, 0), SEEN_MALFORMED);
    assert_false(w->flow.side[C].bits & SIDE_FIN);
    assert_int_equal(w->flow.extra->n_malformed, 4);
    assert_true(see(w, C, TCP_FIN | TCP_RST, 1, 0, 0) &
                SEEN_RST_ACCEPTABLE); /* goes as the reset it is */
    assert_false(w->flow.side[C].bits & SIDE_FIN);
}

static void midstream_starts_at_one(void **state)
{
    struct world *w = *state;

    see(w, C, TCP_ACK, 5000, 100, 7000);
    assert_int_equal(w->flow.side[C].base, isn[C] + 4999);
    assert_int_equal(w->flow.side[S].una, isn[S] + 7000);
    assert_false(w->flow.side[S].bits & SIDE_SEEN);
    see(w, S, TCP_ACK, 7000, 0, 5100);
    assert_int_equal(w->flow.side[S].base, isn[S] + 6999);
    assert_false((w->flow.side[S].bits | w->flow.side[C].bits) & SIDE_GAP);
}

static void midstream_keep_alive_is_no_missed_fin(void **state)
{
    struct world *w = *state;

    see(w, C, TCP_ACK, 4999, 0, 7000); /* probe: one below */
    see(w, S, TCP_ACK, 7000, 0, 5000); /* its answer acknowledges what was always there */
    assert_false(w->flow.side[C].bits & (SIDE_FIN_MAYBE | SIDE_GAP));
    see(w, C, TCP_ACK, 5000, 10, 7000);
    assert_false(w->flow.side[C].bits & SIDE_GAP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(handshake_is_recognised, fresh, done),
        cmocka_unit_test_setup_teardown(alien_synack_anchors_nothing, fresh, done),
        cmocka_unit_test_setup_teardown(data_is_new_once, opened, done),
        cmocka_unit_test_setup_teardown(hole_is_filled_or_missed, opened, done),
        cmocka_unit_test_setup_teardown(a_hole_can_split, opened, done),
        cmocka_unit_test_setup_teardown(fin_is_one_number_however_often_sent, opened, done),
        cmocka_unit_test_setup_teardown(data_after_fin_is_told_from_probes, opened, done),
        cmocka_unit_test_setup_teardown(missed_fin_is_confirmed_by_what_follows, opened, done),
        cmocka_unit_test_setup_teardown(octet_behind_the_ack_was_data, opened, done),
        cmocka_unit_test_setup_teardown(ack_was_wrong_when_the_sender_goes_on_below, opened, done),
        cmocka_unit_test_setup_teardown(fin_may_come_behind_its_ack, opened, done),
        cmocka_unit_test_setup_teardown(absurd_acks_are_ignored, opened, done),
        cmocka_unit_test_setup_teardown(resets_are_exact_in_window_or_outside, opened, done),
        cmocka_unit_test_setup_teardown(refusal_must_acknowledge_the_syn, fresh, done),
        cmocka_unit_test_setup_teardown(senseless_flags_change_nothing, opened, done),
        cmocka_unit_test_setup_teardown(midstream_starts_at_one, fresh, done),
        cmocka_unit_test_setup_teardown(midstream_keep_alive_is_no_missed_fin, fresh, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
