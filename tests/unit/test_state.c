/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The state table against the figure of RFC 9293 3.3.2: every arc that changes a state is listed
 * here, and no other cell may change one. */
#include "track/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct arc {
    enum tcp_state from;
    enum tcp_event event;
    enum tcp_state to;
};

static const struct arc arcs[] = {
    /* opening (3.5) */
    {ST_NONE, EV_SND_SYN, ST_SYN_SENT},
    {ST_NONE, EV_SND_SYNACK, ST_SYN_RCVD},
    {ST_SYN_SENT, EV_SND_SYNACK, ST_SYN_RCVD},
    {ST_SYN_SENT, EV_RCV_SYN, ST_SYN_RCVD},
    {ST_SYN_SENT, EV_RCV_SYNACK, ST_ESTABLISHED},
    {ST_SYN_RCVD, EV_RCV_SYNACK, ST_ESTABLISHED},
    {ST_SYN_RCVD, EV_RCV_ACK_OF_SYN, ST_ESTABLISHED},
    {ST_SYN_SENT, EV_RCV_REFUSAL, ST_CLOSED},
    {ST_SYN_RCVD, EV_RCV_REFUSAL, ST_CLOSED},
    {ST_CLOSED, EV_SND_SYN, ST_SYN_SENT},
    {ST_CLOSED, EV_SND_SYNACK, ST_SYN_RCVD},
    /* mid-stream, assumed */
    {ST_NONE, EV_MID_STREAM, ST_ESTABLISHED},
    {ST_SYN_SENT, EV_MID_STREAM, ST_ESTABLISHED},
    {ST_SYN_RCVD, EV_MID_STREAM, ST_ESTABLISHED},
    /* closing (3.6) */
    {ST_NONE, EV_SND_FIN, ST_FIN_WAIT_1},
    {ST_SYN_SENT, EV_SND_FIN, ST_FIN_WAIT_1},
    {ST_SYN_RCVD, EV_SND_FIN, ST_FIN_WAIT_1},
    {ST_ESTABLISHED, EV_SND_FIN, ST_FIN_WAIT_1},
    {ST_CLOSE_WAIT, EV_SND_FIN, ST_LAST_ACK},
    {ST_SYN_RCVD, EV_RCV_FIN, ST_CLOSE_WAIT},
    {ST_ESTABLISHED, EV_RCV_FIN, ST_CLOSE_WAIT},
    {ST_FIN_WAIT_1, EV_RCV_FIN, ST_CLOSING},
    {ST_FIN_WAIT_2, EV_RCV_FIN, ST_TIME_WAIT},
    {ST_FIN_WAIT_1, EV_RCV_ACK_OF_FIN, ST_FIN_WAIT_2},
    {ST_CLOSING, EV_RCV_ACK_OF_FIN, ST_TIME_WAIT},
    {ST_LAST_ACK, EV_RCV_ACK_OF_FIN, ST_CLOSED},
};

/* Resets and timers end any state but those where the comment in the table says otherwise. */
static bool ends(enum tcp_state from, enum tcp_event event)
{
    if (from == ST_NONE || from == ST_CLOSED)
        return false;
    switch (event) {
    case EV_SND_RST:
    case EV_REPLACED:
        return true;
    case EV_RCV_RST:
        return from != ST_SYN_SENT;
    case EV_TIMER:
        return from != ST_CLOSE_WAIT;
    default:
        return false;
    }
}

static enum tcp_state expected(enum tcp_state from, enum tcp_event event)
{
    for (size_t i = 0; i < sizeof arcs / sizeof *arcs; i++)
        if (arcs[i].from == from && arcs[i].event == event)
            return arcs[i].to;
    return ends(from, event) ? ST_CLOSED : from;
}

static void every_cell_is_the_figure(void **state)
{
    (void)state;
    for (int s = ST_NONE; s < ST_COUNT; s++)
        for (int e = 0; e < EV_COUNT; e++)
            assert_int_equal(tcp_next_state((enum tcp_state)s, (enum tcp_event)e),
                             expected((enum tcp_state)s, (enum tcp_event)e));
}

static void every_cell_is_a_state(void **state)
{
    (void)state;
    for (int s = ST_NONE; s < ST_COUNT; s++)
        for (int e = 0; e < EV_COUNT; e++)
            assert_in_range(tcp_next_state((enum tcp_state)s, (enum tcp_event)e), ST_NONE,
                            ST_COUNT - 1);
}

static void odd_cells_keep_the_state(void **state)
{
    (void)state;
    for (int s = ST_NONE; s < ST_COUNT; s++)
        for (int e = 0; e < EV_COUNT; e++)
            if (!tcp_event_expected((enum tcp_state)s, (enum tcp_event)e))
                assert_int_equal(tcp_next_state((enum tcp_state)s, (enum tcp_event)e), s);
    assert_false(tcp_event_expected(ST_CLOSED, EV_SND_FIN));
    assert_false(tcp_event_expected(ST_CLOSE_WAIT, EV_TIMER));
    assert_true(tcp_event_expected(ST_ESTABLISHED, EV_RCV_FIN));
}

static void any_spelling_of_a_state_is_read(void **state)
{
    static const struct {
        const char *text;
        enum tcp_state s;
    } spellings[] = {
        {"FIN_WAIT_1", ST_FIN_WAIT_1},   {"FIN-WAIT-1", ST_FIN_WAIT_1},
        {"fin_wait1", ST_FIN_WAIT_1},    {"fin-wait-2", ST_FIN_WAIT_2},
        {"TIME-WAIT", ST_TIME_WAIT},     {"timewait", ST_TIME_WAIT},
        {"SYN-RECEIVED", ST_SYN_RCVD},   {"syn_rcvd", ST_SYN_RCVD},
        {"established", ST_ESTABLISHED}, {"CloseWait", ST_CLOSE_WAIT},
        {"LAST-ACK", ST_LAST_ACK},       {"closed", ST_CLOSED},
    };
    enum tcp_state s;

    (void)state;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        assert_true(tcp_state_parse(spellings[i].text, &s));
        assert_int_equal(s, spellings[i].s);
    }
    assert_false(tcp_state_parse("LISTENING", &s));
    assert_false(tcp_state_parse("", &s));
    for (int i = ST_SYN_SENT; i < ST_COUNT; i++) {
        assert_true(tcp_state_parse(tcp_state_name((enum tcp_state)i), &s));
        assert_int_equal(s, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_the_figure),
        cmocka_unit_test(every_cell_is_a_state),
        cmocka_unit_test(odd_cells_keep_the_state),
        cmocka_unit_test(any_spelling_of_a_state_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
