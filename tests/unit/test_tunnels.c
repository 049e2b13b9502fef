/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Packets in packets: what must never be taken for a tunnel, and what bounds the work. That each
 * tunnel is decoded tests/check-same-close shows. */
#include "decode_world.h"

#include "decode/layer.h"

static void no_note(struct world *w)
{
    for (int kind = 0; kind < NOTE_KIND_COUNT; kind++)
        if (notes(w, (enum note_kind)kind))
            fail_msg("%s", note_name((enum note_kind)kind));
}

static enum decode_kind decode_frame(struct world *w, const struct frame *f)
{
    return decode(w, RAW, f->p, f->n, f->n);
}

static const uint8_t ethernet4[14] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0};

static struct frame vxlan_frame(void)
{
    struct frame f = segment4(TCP_ACK);

    wrap(&f, ethernet4, 14);
    wrap(&f, "\x08\0\0\0\0\0\7\0", 8);
    wrap_udp(&f, 50000, 4789);
    return f;
}

static void paths_and_tenants(void **state)
{
    struct world *w = *state;
    struct frame f = vxlan_frame();

    assert_int_equal(decode_frame(w, &f), DECODE_SEGMENT);
    assert_string_equal(decoder_path(w->d, w->segment.path), "vxlan 7");
    uint16_t tenant = w->segment.tenant;
    uint32_t via = w->segment.via;
    assert_int_not_equal(tenant, 0);
    wrap_ip4(&f, 4); /* around it what separates nobody: the tenant is the same, the place is not */
    assert_int_equal(decode_frame(w, &f), DECODE_SEGMENT);
    assert_string_equal(decoder_path(w->d, w->segment.path), "ipip, vxlan 7");
    assert_int_equal(w->segment.tenant, tenant);
    assert_int_not_equal(w->segment.via, via);
    f = segment4(TCP_ACK);
    wrap_ip4(&f, 4);
    assert_int_equal(decode_frame(w, &f), DECODE_SEGMENT);
    assert_int_equal(w->segment.tenant, 0);
    no_note(w);
}

/* Any fixed bit of the header that is wrong makes it another program's datagram. */
static void near_misses_of_vxlan(void **state)
{
    struct world *w = *state;
    struct frame good = vxlan_frame();
    static const int fixed[] = {28, 29, 30, 31, 35};

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct frame f = good;

            f.p[fixed[i]] ^= (uint8_t)(1 << bit);
            bool policy = fixed[i] == 28 && bit == 7; /* a group policy may be there */
            assert_int_equal(decode_frame(w, &f), policy ? DECODE_SEGMENT : DECODE_NOTHING);
        }
    }
    good.p[20 + 8 + 8 + 14 + 10] ^= 1; /* the inner checksum */
    assert_int_equal(decode_frame(w, &good), DECODE_NOTHING);
    no_note(w);
}

/* Datagrams of other programs at the ports of tunnels: random, and what those programs may send. */
static void other_programs_at_these_ports(void **state)
{
    struct world *w = *state;
    static const uint16_t ports[] = {4789, 8472, 4790, 6081, 2152, 3544, 1701, 6635};
    uint64_t random = 1;

    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        for (int round = 0; round < 4000; round++) {
            struct frame f = {.n = (size_t)round % 200};

            for (size_t k = 0; k < f.n; k++) {
                random = random * 6364136223846793005u + 1442695040888963407u;
                f.p[k] = (uint8_t)(random >> 56);
            }
            if (round % 2 && f.n > 30) /* an IP header that only its checksum betrays */
                memcpy(f.p + 14 * (round % 4 > 1), "\x45\0\0\x1c\0\1\0\0\x40\6", 10);
            wrap_udp(&f, round % 3 ? 40000 : ports[i], ports[i]);
            assert_int_equal(decode_frame(w, &f), DECODE_NOTHING);
        }
    }
    no_note(w);
}

/* A snap length in the middle of what is plainly a tunnel is not silent; the end of a datagram is.
 */
static void cut_tunnels_are_counted(void **state)
{
    struct world *w = *state;
    struct frame f = vxlan_frame();

    assert_int_equal(decode(w, RAW, f.p, 20 + 8 + 8 + 14 + 10, f.n), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_IP_TRUNCATED), 1);
    struct frame ended = {.n = 0};
    wrap(&ended, "\x08\0\0\0\0\0\7\0\2\0\0\0", 12);
    wrap_udp(&ended, 50000, 4789);
    assert_int_equal(decode_frame(w, &ended), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_LINK_TRUNCATED), 0);
}

static void depth_is_bounded(void **state)
{
    struct world *w = *state;

    for (int layers = PATH_LAYERS - 1; layers <= PATH_LAYERS + 1; layers++) {
        struct frame f = segment4(TCP_ACK);

        for (int i = 0; i < layers; i++)
            wrap_ip4(&f, 4);
        assert_int_equal(decode_frame(w, &f),
                         layers <= PATH_LAYERS ? DECODE_SEGMENT : DECODE_NOTHING);
    }
    assert_int_equal(notes(w, NOTE_TUNNEL_DEEP), 1);
    struct frame labels = {.n = 2000}; /* MPLS that never reaches its bottom */
    assert_int_equal(decode(w, 219, labels.p, labels.n, labels.n), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_TUNNEL_DEEP), 2);
    struct frame headers = {.n = 1200}; /* authentication headers without end */
    for (size_t i = 0; i < headers.n; i += 12)
        memcpy(headers.p + i, "\x33\1", 2);
    wrap_ip4(&headers, 51);
    assert_int_equal(decode_frame(w, &headers), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_IP_MALFORMED), 1);
}

static void encapsulations_are_bounded(void **state)
{
    struct world *w = *state;
    struct frame inner = segment4(TCP_ACK);

    for (unsigned i = 0; i < PATHS + 10; i++) {
        struct frame f = inner;
        uint8_t tags[8] = {0, 0, 0x81, 0, 0, 0, 8, 0};

        set_be16(tags, i >> 8);
        set_be16(tags + 4, i & 0xff);
        wrap(&f, tags, 8);
        wrap(&f, "\2\0\0\0\0\2\2\0\0\0\0\1\x81\0", 14);
        assert_int_equal(decode(w, ETHERNET, f.p, f.n, f.n), DECODE_SEGMENT);
        assert_int_equal(w->segment.path, i < PATHS ? i + 1 : 0);
    }
    assert_int_equal(notes(w, NOTE_PATH_LIMIT), 10);
    assert_string_equal(decoder_path(w->d, 0x105), "vlan 1, vlan 4");
}

static void gtp_extensions_end(void **state)
{
    struct world *w = *state;
    struct frame f = segment4(TCP_ACK), bad;
    uint8_t h[12] = {0x34, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x85};

    wrap(&f, "\1\0\0\0", 4);
    set_be16(h + 2, f.n + 4);
    wrap(&f, h, 12);
    bad = f;
    wrap_udp(&f, 2152, 2152);
    assert_int_equal(decode_frame(w, &f), DECODE_SEGMENT);
    bad.p[12] = 0; /* an extension of no octets */
    wrap_udp(&bad, 2152, 2152);
    assert_int_equal(decode_frame(w, &bad), DECODE_NOTHING);
    for (size_t i = 28 + 12; i < f.n; i++) /* one after the other until the end */
        f.p[i] = 1;
    assert_int_equal(decode_frame(w, &f), DECODE_NOTHING);
    no_note(w);
}

static void gre_with_impossible_headers(void **state)
{
    struct world *w = *state;
    static const uint8_t bad[][4] = {{0x40, 0, 8, 0}, {0, 2, 8, 0}, {0x20, 1, 8, 0}};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct frame f = segment4(TCP_ACK);

        wrap(&f, bad[i], 4);
        wrap_ip4(&f, 47);
        assert_int_equal(decode_frame(w, &f), DECODE_NOTHING);
        assert_int_equal(notes(w, NOTE_TUNNEL_MALFORMED), i + 1);
    }
}

/* A RST in the tunnel, an ICMP error in the tunnel, ESP around everything. */
static void what_else_is_inside(void **state)
{
    struct world *w = *state;
    struct frame f = segment4(TCP_SYN);

    wrap(&f, "\3\1\0\0\0\0\0\0", 8);
    wrap_ip4(&f, 1);
    wrap(&f, "\0\0\x08\0", 4);
    wrap_ip4(&f, 47);
    assert_int_equal(decode_frame(w, &f), DECODE_ICMP_ERROR);
    assert_int_equal(w->icmp.src_port, 40000);
    f = segment4(TCP_RST);
    wrap_ip4(&f, 50);
    assert_int_equal(decode_frame(w, &f), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_ESP), 1);
}

/* Fragments of UDP are put together where the first one names a tunnel's port; others are not ours
 * and no damage. */
static void fragments_of_datagrams(void **state)
{
    struct world *w = *state;
    struct frame whole = vxlan_frame();

    for (int tunnel = 1; tunnel >= 0; tunnel--) {
        size_t n = whole.n - 20;

        whole.p[5] = (uint8_t)tunnel; /* identification */
        set_be16(whole.p + 22, tunnel ? 4789 : 53);
        for (size_t at = 0; at < n; at += 24) {
            struct frame f = whole;
            size_t here = n - at < 24 ? n - at : 24;

            memmove(f.p + 20, f.p + 20 + at, here);
            f.n = 20 + here;
            set_be16(f.p + 2, f.n);
            set_be16(f.p + 6, (at + here < n ? 0x2000 : 0) | at / 8);
            bool last = at + here == n;
            assert_int_equal(decode_frame(w, &f), tunnel && last ? DECODE_SEGMENT : DECODE_NOTHING);
        }
    }
    decoder_finish(w->d);
    no_note(w);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(paths_and_tenants),
        TEST(near_misses_of_vxlan),
        TEST(other_programs_at_these_ports),
        TEST(cut_tunnels_are_counted),
        TEST(depth_is_bounded),
        TEST(encapsulations_are_bounded),
        TEST(gtp_extensions_end),
        TEST(gre_with_impossible_headers),
        TEST(what_else_is_inside),
        TEST(fragments_of_datagrams),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
