/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Display filters against three connections made by hand: a close by the client, an abort by the
 * server over IPv6, and an attempt that nobody answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter/filter.h"

#include <stdlib.h>
#include <string.h>

enum { CLOSED = 1, ABORTED = 2, SILENT = 4, ALL = 7 };

static const int64_t origin = 1700000000 * NS_PER_S; /* 2023-11-14T22:13:20Z */

static struct model_state client_states[] = {
    {.state = ST_SYN_SENT, .held = 20000000},       {.state = ST_ESTABLISHED, .held = 2 * NS_PER_S},
    {.state = ST_FIN_WAIT_1, .held = 10000000},     {.state = ST_FIN_WAIT_2, .held = 3 * NS_PER_S},
    {.state = ST_TIME_WAIT, .held = 60 * NS_PER_S},
};

static struct model_state server_states[] = {
    {.state = ST_ESTABLISHED, .held = 2 * NS_PER_S},
    {.state = ST_CLOSE_WAIT, .held = 3 * NS_PER_S},
    {.state = ST_LAST_ACK, .held = 10000000},
    {.state = ST_CLOSED, .held = -1},
};

static const struct finding findings[] = {
    {.id = FINDING_RST_ABORT_APP, .severity = SEVERITY_WARNING, .blame = END_SERVER},
    {.id = FINDING_MID_STREAM,
     .severity = SEVERITY_INFO,
     .blame = END_NONE,
     .layer = LAYER_CAPTURE},
};

static const struct undetermined open_rules[] = {{.id = FINDING_CLOSE_WAIT_HELD}};
static const struct model_rst reset = {.effective = true, .cause = "rst-abort-app"};
static struct model_rst rsts[2];

static struct model_endpoint endpoint(const char *addr, uint16_t port, enum tcp_state state)
{
    struct model_endpoint e = {.port = port, .state = state};

    assert_true(addr_parse(addr, &e.addr));
    return e;
}

static struct model_connection closed(void)
{
    struct model_connection c = {
        .stream = 4,
        .incarnation = 2,
        .path = "vlan 12, vxlan 7",
        .end = {endpoint("10.0.0.1", 40000, ST_TIME_WAIT), endpoint("10.1.2.3", 80, ST_CLOSED)},
        .first = {.t = origin + 5 * NS_PER_S, .packet = 7},
        .last = {.t = origin + 15 * NS_PER_S, .packet = 20},
        .handshake = HANDSHAKE_COMPLETE,
        .close = CLOSE_CLEAN,
        .closed_by_somebody = true,
        .first_closer_known = true,
        .first_closer = END_CLIENT,
        .holder_known = true,
        .holder = {true, false},
        .half_closed = true,
        .half_closed_for = 3 * NS_PER_S,
        .n_undetermined = 1,
        .undetermined = open_rules,
    };

    c.end[END_CLIENT].states = client_states;
    c.end[END_CLIENT].n_states = 5;
    c.end[END_CLIENT].packets = 8;
    c.end[END_CLIENT].bytes = 1500;
    c.end[END_CLIENT].os = "linux";
    c.end[END_CLIENT].fin_seen = true;
    c.end[END_SERVER].states = server_states;
    c.end[END_SERVER].n_states = 4;
    c.end[END_SERVER].packets = 6;
    c.end[END_SERVER].bytes = 2000000;
    c.end[END_SERVER].os = "windows";
    c.end[END_SERVER].fin_seen = true;
    c.end[END_SERVER].fin_copies = 3;
    c.end[END_SERVER].retransmissions = 3;
    return c;
}

static struct model_connection aborted(void)
{
    struct model_connection c = {
        .stream = 0,
        .incarnation = 1,
        .path = "",
        .roles_guessed = true,
        .end = {endpoint("2001:db8::1", 50000, ST_CLOSED),
                endpoint("2001:db8::2", 8080, ST_CLOSED)},
        .first = {.t = origin, .packet = 1},
        .last = {.t = origin + 250000000, .packet = 3},
        .handshake = HANDSHAKE_NOT_CAPTURED,
        .close = CLOSE_RESET,
        .closed_by_somebody = true,
        .first_closer_known = true,
        .first_closer = END_SERVER,
        .holder_known = true,
        .reset = &reset,
        .reset_by = END_SERVER,
        .reset_after_fin = "none",
        .n_findings = 2,
        .findings = findings,
    };

    c.end[END_SERVER].n_rsts = 2;
    c.end[END_SERVER].rsts = rsts;
    return c;
}

static struct model_connection silent(void)
{
    return (struct model_connection){
        .stream = 9,
        .incarnation = 1,
        .path = "",
        .self = true,
        .end = {endpoint("192.168.0.9", 40001, ST_SYN_SENT), endpoint("10.1.2.3", 443, ST_NONE)},
        .first = {.t = origin + 3600 * NS_PER_S, .packet = 90},
        .last = {.t = origin + 3601 * NS_PER_S, .packet = 93},
        .handshake = HANDSHAKE_SYN_ONLY,
        .close = CLOSE_NO_ANSWER,
    };
}

static const struct {
    const char *filter;
    int passes;
} table[] = {
    /* nothing asked */
    {"", ALL},
    {"  \t", ALL},
    /* addresses */
    {"ip.addr == 10.0.0.1", CLOSED},
    {"ip.addr == 10.1.2.3", CLOSED | SILENT},
    {"ip.src == 10.1.2.3", 0},
    {"ip.dst eq 10.1.2.3", CLOSED | SILENT},
    {"ip.addr == 10.0.0.0/8", CLOSED | SILENT},
    {"ip.src == 10.0.0.0/8", CLOSED},
    {"ip.addr == 2001:db8::/32", ABORTED},
    {"ip.addr == ::/0", ABORTED},
    {"ip.addr == 0.0.0.0/0", CLOSED | SILENT},
    {"ip.addr in {10.0.0.0..10.0.0.9, 192.168.0.9}", CLOSED | SILENT},
    {"ip.src < 10.0.0.2", CLOSED},
    {"ip.addr contains \"8::2\"", ABORTED},
    {"ip.addr matches '^10\\.'", CLOSED | SILENT},
    {"ip.version == 6", ABORTED},
    /* != : it has values, and all differ */
    {"ip.addr != 10.0.0.1", ABORTED | SILENT},
    {"!(ip.addr == 10.0.0.1)", ABORTED | SILENT},
    {"ip.addr != 10.0.0.0/8", ABORTED},
    {"finding != rst-abort-app", 0},
    {"not finding == rst-abort-app", CLOSED | SILENT},
    {"tcp.port not in {80, 443}", ABORTED},
    {"finding not in {rst-abort-app}", CLOSED | SILENT},
    /* numbers */
    {"tcp.port==80", CLOSED},
    {"tcp.port == 40000 && tcp.port == 80", CLOSED},
    {"tcp.srcport > 40000", ABORTED | SILENT},
    {"tcp.dstport in {80, 8000..8100}", CLOSED | ABORTED},
    {"tcp.dstport in {80 443}", CLOSED | SILENT},
    {"tcp.stream == 4 or tcp.stream == 9", CLOSED | SILENT},
    {"tcp.stream in {0..4}", CLOSED | ABORTED},
    {"incarnation >= 2", CLOSED},
    {"packets ge 14", CLOSED},
    {"packets > 14", 0},
    {"bytes == 2001500", CLOSED},
    {"server.bytes == 2M", CLOSED},
    {"client.bytes < 1.5k", ABORTED | SILENT},
    {"client.bytes le 1.5k", ALL},
    {"bytes > 1Mi", CLOSED},
    {"retransmissions", ALL},
    {"retransmissions > 0", CLOSED},
    {"fin.copies == 3", CLOSED},
    {"fin.copies == 0", CLOSED},
    {"fin.copies", CLOSED},
    {"rst == 2", ABORTED},
    {"client.rst == 2", 0},
    {"tap == 0", ALL},
    /* durations and times */
    {"duration >= 10", CLOSED},
    {"duration == 10s", CLOSED},
    {"duration < 250ms", 0},
    {"duration <= 0.25", ABORTED},
    {"duration in {200ms..300ms}", ABORTED},
    {"duration in {250000us, 1000000000ns}", ABORTED | SILENT},
    {"half_closed_for > 2.5", CLOSED},
    {"half_closed_for", CLOSED},
    {"t < 1m", CLOSED | ABORTED},
    {"t == 1h", SILENT},
    {"start <= 10 && end >= 10", CLOSED},
    {"start >= 2023-11-14T22:13:25Z", CLOSED | SILENT},
    {"start == '2023-11-14 22:13:20'", ABORTED},
    {"end < 2023-11-14T22:13:20.3", ABORTED},
    {"start < 2023-11-15", ALL},
    {"start < -1", 0},
    /* states, in any spelling */
    {"state == FIN_WAIT_2", CLOSED},
    {"state == FIN-WAIT-2", CLOSED},
    {"state == fin_wait2", CLOSED},
    {"state == FINWAIT2", CLOSED},
    {"state == CLOSE_WAIT", CLOSED},
    {"state in {SYN_SENT, CLOSING}", CLOSED},
    {"state contains wait", CLOSED},
    {"client.state == TIME_WAIT", CLOSED},
    {"server.state == CLOSED", CLOSED | ABORTED},
    {"server.state", CLOSED | ABORTED},
    {"held.close_wait >= 3s", CLOSED},
    {"held.fin_wait_2 < 3", 0},
    {"held.closing", 0},
    /* how it ended */
    {"close.kind == clean", CLOSED},
    {"close.kind == NO_ANSWER", SILENT},
    {"close.kind in {reset, no-answer}", ABORTED | SILENT},
    {"close.kind != clean", ABORTED | SILENT},
    {"close.kind matches \"^(re|no)\"", ABORTED | SILENT},
    {"close.first_closer == client", CLOSED},
    {"close.first_closer", CLOSED | ABORTED},
    {"handshake == syn-only", SILENT},
    {"time_wait.holder == client", CLOSED},
    {"time_wait.holder == nobody", ABORTED},
    {"time_wait.holder == unknown", SILENT},
    {"finding", ABORTED},
    {"finding == rst-abort-app", ABORTED},
    {"finding == RST_ABORT_APP", ABORTED},
    {"finding in {A1, r4, p1}", ABORTED},
    {"finding matches '^RST-'", ABORTED},
    {"severity >= notice", ABORTED},
    {"severity < warning", 0},
    {"severity == warning", ABORTED},
    {"blame == server", ABORTED},
    {"blame == client", 0},
    {"layer == capture", ABORTED},
    {"undetermined == close-wait-held", CLOSED},
    {"rst.cause == rst-abort-app", ABORTED},
    {"rst.cause contains ABORT", ABORTED},
    {"rst.by == server and rst.after_fin == none", ABORTED},
    /* text and flags */
    {"path", CLOSED},
    {"path contains VXLAN", CLOSED},
    {"path == \"vlan 12, vxlan 7\"", CLOSED},
    {"os == linux", CLOSED},
    {"client.os == windows", 0},
    {"server.os ~ \"^win\"", CLOSED},
    {"self", SILENT},
    {"!self", CLOSED | ABORTED},
    {"mid_stream == true", ABORTED},
    {"mid_stream == no", CLOSED | SILENT},
    /* put together */
    {"self or mid_stream", ABORTED | SILENT},
    {"self || mid_stream && path", SILENT},
    {"(self || mid_stream) && path", 0},
    {"not self and not mid_stream", CLOSED},
    {"not not self", SILENT},
    {"!(self or (path and not mid_stream))", ABORTED},
    {"path or self or mid_stream", ALL},
    {"ip.addr == 10.0.0.0/8 and not close.kind == clean and duration == 1s", SILENT},
};

static void filters_pass_what_they_should(void **state)
{
    const struct model_connection c[] = {closed(), aborted(), silent()};
    struct filter_error err;

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct filter *f = filter_compile(table[i].filter, &err);
        int passes = 0;

        if (!f)
            fail_msg("%s: %s", table[i].filter, err.text);
        for (int k = 0; k < 3; k++)
            passes |= filter_matches(f, &c[k], origin) << k;
        if (passes != table[i].passes)
            fail_msg("%s: %d instead of %d", table[i].filter, passes, table[i].passes);
        assert_string_equal(filter_text(f), table[i].filter);
        filter_free(f);
    }
}

static const struct {
    const char *filter;
    size_t column, length;
    const char *text; /* a part of the message */
} wrong[] = {
    {"tcp.prt == 80", 0, 7, "did you mean 'tcp.port'"},
    {"frame.len > 3", 0, 9, "unknown field 'frame.len'; --help-filter"},
    {"tcp.port = 80", 9, 1, "'==' compares"},
    {"tcp.port == ", 12, 0, "a value is missing"},
    {"tcp.port == http", 12, 4, "is no number"},
    {"tcp.port == 80.5", 12, 4, "is no number"},
    {"tcp.port == 99999999999999999999", 12, 20, "is no number"},
    {"tcp.port == 80 80", 15, 2, "'and' or 'or' should stand"},
    {"duration > 5x", 11, 2, "is no duration"},
    {"start > 2023-02-42", 8, 10, "is no time"},
    {"ip.addr == 10.0.0.0/33", 11, 11, "is no address"},
    {"ip.addr == 10.0.0.0/-1", 11, 11, "is no address"},
    {"ip.addr < 10.0.0.0/8", 10, 10, "prefix"},
    {"ip.addr in {10.0.0.0/8..11.0.0.0}", 12, 10, "prefixes"},
    {"ip.addr == host", 11, 4, "is no address"},
    {"close.kind == rest", 14, 4, "did you mean 'reset'"},
    {"close.kind == whatever", 14, 8, "none of refused, no-answer"},
    {"close.kind > clean", 11, 1, "no order"},
    {"state in {SYN_SENT..CLOSED}", 18, 2, "no order"},
    {"finding == A99", 11, 3, "--explain"},
    {"tcp.port contains 8", 9, 8, "holds no text"},
    {"duration matches 8", 9, 7, "holds no text"},
    {"path matches \"(\"", 13, 3, "no regular expression"},
    {"path == \"vlan", 8, 5, "has no end"},
    {"tcp.port in 80", 12, 2, "{ should stand"},
    {"tcp.port in {", 13, 0, "a value is missing"},
    {"tcp.port in {80", 15, 0, "} is missing"},
    {"tcp.port in {80,,81}", 16, 1, "','"},
    {"tcp.port in {90..80}", 13, 2, "ends before it begins"},
    {"tcp.port not 80", 13, 2, "'in' should stand"},
    {"(self", 5, 0, "')' is missing"},
    {"self)", 4, 1, "')'"},
    {"self and", 8, 0, "a field is missing"},
    {"not", 3, 0, "a field is missing"},
    {"and self", 0, 3, "unknown field 'and'"},
    {"self & path", 5, 1, "'&'"},
    {"self \033[31m", 5, 1, "'?'"},
};

static void errors_point_at_the_place(void **state)
{
    struct filter_error err;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct filter *f = filter_compile(wrong[i].filter, &err);

        if (f)
            fail_msg("%s: is taken for right", wrong[i].filter);
        if (!strstr(err.text, wrong[i].text))
            fail_msg("%s: %s", wrong[i].filter, err.text);
        if (err.column != wrong[i].column || err.length != wrong[i].length)
            fail_msg("%s: %zu, %zu octets", wrong[i].filter, err.column, err.length);
    }
}

/* `n` copies of text. */
static char *many(const char *text, size_t n)
{
    size_t len = strlen(text);
    char *all = calloc(n, len + 1);

    assert_non_null(all);
    for (size_t i = 0; i < n; i++)
        memcpy(all + i * len, text, len);
    return all;
}

static void expect_error(char *text, const char *message)
{
    struct filter_error err;

    assert_null(filter_compile(text, &err));
    assert_non_null(strstr(err.text, message));
    free(text);
}

static void size_and_depth_are_bounded(void **state)
{
    struct filter_error err;

    (void)state;
    expect_error(many(" ", FILTER_LENGTH + 1), "longer than");
    expect_error(many("(", FILTER_DEPTH + 1), "brackets");
    expect_error(many("self or ", FILTER_TESTS + 1), "comparisons");
    char *negations = many("!", 3000);
    memcpy(negations + 2996, "self", 4);
    struct filter *f = filter_compile(negations, &err);
    assert_non_null(f);
    filter_free(f);
    free(negations);

    char set[FILTER_LENGTH + 1] = "tcp.port in {";
    size_t head = strlen(set);
    memset(set + head, ' ', sizeof set - 1 - head);
    for (size_t i = 0; i <= FILTER_VALUES; i++)
        set[head + 2 * i] = '1';
    assert_null(filter_compile(set, &err));
    assert_non_null(strstr(err.text, "values"));

    char word[400] = "path == ";
    memset(word + 8, 'x', sizeof word - 9);
    assert_null(filter_compile(word, &err));
    assert_non_null(strstr(err.text, "longer than"));
}

static void the_caret_stands_below_the_word(void **state)
{
    struct filter_error err = {.column = 4, .length = 3};
    char *lines = filter_caret("and\033not", &err, 40);

    (void)state;
    assert_string_equal(lines, "and?not\n    ^~~");
    free(lines);
    char *text = many("x", 200);
    err = (struct filter_error){.column = 100, .length = 50};
    lines = filter_caret(text, &err, 20);
    assert_string_equal(lines, "...xxxxxxxxxxxxxx...\n          ^~~~~~~~~~");
    free(lines);
    err = (struct filter_error){.column = 200};
    lines = filter_caret(text, &err, 20);
    assert_string_equal(lines, "...xxxxxxx\n          ^");
    free(lines);
    free(text);
}

static const struct {
    const char *text; /* the cursor stands at its end */
    size_t start;
    const char *has, *has_not; /* candidates; NULL: there are none at all */
} completions[] = {
    {"", 0, "tcp.port", "and"},
    {"tcp.p", 0, "tcp.port", "tcp.stream"},
    {"TCP.P", 0, "tcp.port", "tcp.stream"},
    {"n", 0, "not", "tcp.port"},
    {"!", 1, "close.kind", "=="},
    {"self and (", 10, "close.kind", "and"},
    {"tcp.port ", 9, "<=", "contains"},
    {"tcp.port ", 9, "and", "not"},
    {"close.kind ", 11, "matches", "<"},
    {"close.kind c", 11, "contains", "=="},
    {"close.kind == ", 14, "half-closed", "and"},
    {"close.kind==cl", 12, "clean-combined", "reset"},
    {"state in ", 9, "{", "=="},
    {"state in {FIN", 10, "FIN_WAIT_2", "CLOSED"},
    {"state in {FIN_WAIT_2, ", 22, "CLOSED", "and"},
    {"severity >= w", 12, "warning", "error"},
    {"self == ", 8, "true", "self"},
    {"tcp.port == 80 ", 15, "or", "tcp.port"},
    {"(self) a", 7, "and", "or"},
    {"tcp.port == 8", 12, NULL, NULL},
    {"tcp.prt == 80 ", 14, NULL, NULL},
    {"path contains v", 14, NULL, NULL},
    {"self) ", 6, NULL, NULL},
};

static bool offered(const struct filter_candidate *c, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(c[i].text, text) == 0)
            return true;
    return false;
}

static void completion_offers_what_fits(void **state)
{
    struct filter_candidate c[200];
    size_t start;

    (void)state;
    for (size_t i = 0; i < sizeof completions / sizeof *completions; i++) {
        const char *text = completions[i].text;
        size_t n = filter_complete(text, strlen(text), &start, c, 200);

        if (start != completions[i].start)
            fail_msg("'%s': the word begins at %zu", text, start);
        if (!completions[i].has ? n > 0 : !offered(c, n, completions[i].has))
            fail_msg("'%s': %s is missing", text, completions[i].has);
        if (completions[i].has_not && offered(c, n, completions[i].has_not))
            fail_msg("'%s': %s has no place", text, completions[i].has_not);
    }
    assert_int_equal(filter_complete("", 0, &start, c, 3), 3);
    assert_int_equal(filter_complete("tcp.dstport", 5, &start, c, 200),
                     1); /* the rest is replaced */
    assert_string_equal(c[0].text, "tcp.dstport");
    assert_int_equal(start, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_pass_what_they_should),
        cmocka_unit_test(errors_point_at_the_place),
        cmocka_unit_test(size_and_depth_are_bounded),
        cmocka_unit_test(the_caret_stands_below_the_word),
        cmocka_unit_test(completion_offers_what_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
