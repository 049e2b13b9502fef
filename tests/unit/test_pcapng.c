/* SPDX-License-Identifier: BSD-2-Clause
 *
 * pcapng where libpcap is no judge: clocks, sections with interfaces of their own, blocks larger
 * than what is looked at, losses. Files are written octet by octet. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include "capture/pcapng_clock.h"
#include "capture/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void clocks(void **state)
{
    const int64_t s = 1000000000, last = 8000000000 * s;
    const struct {
        uint8_t resolution;
        int64_t offset;
        uint64_t ticks;
        int64_t t;
    } cases[] = {
        {6, 0, 1500000, 1500000000},
        {9, 0, 1500000, 1500000},
        {0, 0, 7, 7 * s},
        {3, -2, 5250, 3250000000},
        {12, 100, 1234567890123, 101234567890},
        {19, 0, UINT64_MAX, 1844674407},
        {127, 0, UINT64_MAX, 0},
        {0x80, 0, 3, 3 * s},
        {0x80 | 1, 0, 3, 1500000000},
        {0x80 | 32, 10, (UINT64_C(5) << 32) + (UINT64_C(1) << 31), 15500000000},
        {0x80 | 63, 0, UINT64_C(1) << 62, 500000000},
        {0x80 | 64, 0, UINT64_C(1) << 63, 500000000},
        {0xff, 0, UINT64_MAX, 0},
        {6, 0, 0, 0},
        {6, -100, 5000000, 0},
        {0, 0, UINT64_MAX, last},
        {6, INT64_MAX, 1, last},
        {9, 0, UINT64_MAX, last},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pcapng_clock c = pcapng_clock(cases[i].resolution, cases[i].offset);
        int64_t t = pcapng_clock_time(&c, cases[i].ticks);

        if (t != cases[i].t && !(cases[i].t == last && t >= 7999999999 * s))
            fail_msg("case %zu: %lld", i, (long long)t);
    }
}

/* --- files ------------------------------------------------------------------------------------ */

struct world {
    char path[64];
    FILE *file;
    struct source *source;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    strcpy(w->path, "/tmp/lastack-test-XXXXXX");
    w->file = fdopen(mkstemp(w->path), "wb");
    *state = w;
    return w->file ? 0 : -1;
}

static int teardown(void **state)
{
    struct world *w = *state;

    source_close(w->source);
    unlink(w->path);
    free(w);
    return 0;
}

static void le(FILE *f, uint64_t v, int octets)
{
    for (int i = 0; i < octets; i++)
        fputc((int)(v >> (8 * i) & 0xff), f);
}

/* A block with a body of n octets, n a multiple of 4, of which `zeros` follow. */
static void block(FILE *f, uint32_t type, const void *body, uint32_t n, uint32_t zeros)
{
    le(f, type, 4);
    le(f, n + zeros + 12, 4);
    if (n)
        fwrite(body, 1, n, f);
    for (uint32_t i = 0; i < zeros; i++)
        fputc(0, f);
    le(f, n + zeros + 12, 4);
}

static void section(FILE *f)
{
    static const uint8_t body[16] = {0x4d, 0x3c, 0x2b, 0x1a, 1,   0,   0,   0,
                                     255,  255,  255,  255,  255, 255, 255, 255};
    block(f, 0x0a0d0d0a, body, sizeof body, 0);
}

/* An interface with a name of four letters. */
static void interface(FILE *f, uint8_t link_type, const char *name)
{
    uint8_t body[16] = {link_type, 0, 0, 0, 0, 0, 4, 0, 2, 0, 4, 0};

    memcpy(body + 12, name, 4);
    block(f, 1, body, sizeof body, 0);
}

/* A packet of one octet; zeros: octets behind it that are no options. */
static void packet(FILE *f, uint8_t of, uint32_t zeros)
{
    const uint8_t body[24] = {of, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, of};

    block(f, 6, body, sizeof body, zeros);
}

static void start(struct world *w)
{
    struct error err;

    fclose(w->file);
    w->source = source_open(w->path, 7, &err);
    assert_non_null(w->source);
}

static void expect(struct world *w, unsigned interface, int link_type)
{
    struct record r;
    struct error err;
    size_t n;

    assert_int_equal(source_next(w->source, &r, 1, &n, &err), SOURCE_RECORD);
    assert_int_equal(n, 1);
    assert_int_equal(r.interface, interface);
    assert_int_equal(r.link_type, link_type);
    assert_int_equal(r.file, 7);
    assert_int_equal(r.caplen, 1);
}

static void sections_share_interfaces_that_are_alike(void **state)
{
    struct world *w = *state;
    struct source_mark mark;

    for (int i = 0; i < 4; i++) {
        section(w->file);
        interface(w->file, 1, "eth0");
        interface(w->file, i < 2 ? 101 : 105, i < 2 ? "tun0" : "wlan");
        packet(w->file, 0, 0);
        packet(w->file, 1, 0);
    }
    start(w);
    expect(w, 0, 1);
    expect(w, 1, 101);
    assert_true(source_mark(w->source, &mark));
    for (int round = 0; round < 3; round++) {
        expect(w, 0, 1);
        expect(w, 1, 101);
        expect(w, 2, 1);
        expect(w, 3, 105);
        expect(w, 2, 1);
        expect(w, 3, 105);
        assert_int_equal(w->source->about.n_interfaces, 4);
        assert_int_equal(w->source->records, 8);
        assert_true(source_go_back(w->source, &mark));
    }
    assert_string_equal(w->source->about.interfaces[3].name, "wlan");
}

static void large_blocks_are_passed_over(void **state)
{
    struct world *w = *state;
    struct record r;
    struct error err;
    size_t n;

    section(w->file);
    block(w->file, 0x0bad, NULL, 0, 700000);
    interface(w->file, 1, "eth0");
    packet(w->file, 0, 700000);
    block(w->file, 12345, NULL, 0, 1000000);
    packet(w->file, 0, 0);
    start(w);
    expect(w, 0, 1);
    expect(w, 0, 1);
    assert_int_equal(source_next(w->source, &r, 1, &n, &err), SOURCE_END);
}

static void losses_are_counted_once(void **state)
{
    static const uint8_t statistics[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 8, 0, 3, 0,
                                         0, 0, 0, 0, 0, 0, 7, 0, 8, 0, 4, 0, 0, 0, 0, 0, 0, 0},
                         absurd[] = {0, 0, 0, 0, 0,   0,   0,   0,   0,   0,   0,   0,
                                     5, 0, 8, 0, 255, 255, 255, 255, 255, 255, 255, 255};
    struct world *w = *state;
    struct record r;
    struct error err;
    size_t n;

    for (int i = 0; i < 2; i++) {
        section(w->file);
        interface(w->file, 1, "eth0");
        block(w->file, 5, statistics, sizeof statistics, 0);
        packet(w->file, 0, 0);
        block(w->file, 5, statistics, sizeof statistics, 0); /* counters: the same 7 */
    }
    packet(w->file, 0, 0);
    block(w->file, 5, absurd, sizeof absurd, 0);
    start(w);
    expect(w, 0, 1);
    expect(w, 0, 1);
    expect(w, 0, 1);
    assert_int_equal(w->source->about.dropped, 14);
    assert_int_equal(source_next(w->source, &r, 1, &n, &err), SOURCE_END);
    assert_true(w->source->about.dropped > 14);
    assert_true(w->source->about.dropped < UINT64_C(1) << 53);
}

static void a_packet_needs_its_interface(void **state)
{
    struct world *w = *state;
    struct record r;
    struct error err;
    size_t n;

    section(w->file);
    interface(w->file, 1, "eth0");
    packet(w->file, 0, 0);
    packet(w->file, 1, 0);
    start(w);
    expect(w, 0, 1);
    assert_int_equal(source_next(w->source, &r, 1, &n, &err), SOURCE_DAMAGED);
    assert_non_null(strstr(err.text, "after packet 1: the next one is of an interface"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks),           TEST(sections_share_interfaces_that_are_alike),
        TEST(large_blocks_are_passed_over), TEST(losses_are_counted_once),
        TEST(a_packet_needs_its_interface),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
