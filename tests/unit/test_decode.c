/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Headers octet by octet: options, lengths, fragments, and every frame cut at every length. */
#include "decode_world.h"

static void fields_of_a_segment(void **state)
{
    struct world *w = *state;
    uint8_t p[64];
    size_t n = packet4(p, TCP_ACK | TCP_PSH, NULL, 0, 10);

    assert_int_equal(decode(w, RAW, p, n, n), DECODE_SEGMENT);
    assert_int_equal(w->segment.src_port, 40000);
    assert_int_equal(w->segment.dst_port, 80);
    assert_int_equal(w->segment.seq, 100);
    assert_int_equal(w->segment.ack, 200);
    assert_int_equal(w->segment.len, 10);
    assert_int_equal(w->segment.flags, TCP_ACK | TCP_PSH);
    assert_int_equal(w->segment.window, 0xfa00);
    assert_int_equal(w->segment.ttl, 64);
    assert_int_equal(w->segment.ip_id, 9);
    assert_int_equal(w->segment.via, 0);
}

static void lengths_come_from_the_ip_header(void **state)
{
    struct world *w = *state;
    uint8_t frame[80] = {0};
    size_t n;

    /* Ethernet padding is no payload */
    memcpy(frame + 12, "\x08\x00", 2);
    packet4(frame + 14, TCP_FIN | TCP_ACK, NULL, 0, 0);
    assert_int_equal(decode(w, ETHERNET, frame, 60, 60), DECODE_SEGMENT);
    assert_int_equal(w->segment.len, 0);
    /* a snap length does not shorten it */
    n = packet4(frame + 14, TCP_ACK, NULL, 0, 0);
    frame[14 + 2] = 0x05;
    frame[14 + 3] = 0xdc; /* 1500 */
    assert_int_equal(decode(w, ETHERNET, frame, 14 + n, 1514), DECODE_SEGMENT);
    assert_int_equal(w->segment.len, 1460);
    /* length 0: segmentation offload, the wire length counts */
    frame[14 + 2] = frame[14 + 3] = 0;
    assert_int_equal(decode(w, ETHERNET, frame, 14 + n, 14 + 40 + 65000), DECODE_SEGMENT);
    assert_int_equal(w->segment.len, 65000);
    assert_true(w->segment.doubts & DOUBT_LENGTH_WIRE);
    /* a length beyond the packet is none */
    frame[14 + 2] = 0x05;
    assert_int_equal(decode(w, ETHERNET, frame, 14 + n, 14 + n), DECODE_SEGMENT);
    assert_int_equal(w->segment.len, 0);
}

static void options_one_by_one(void **state)
{
    struct world *w = *state;
    static const uint8_t syn[] = {2, 4, 0x05, 0xb4, 4, 2,  8,  10, 0, 0, 0,  7,  0, 0,
                                  0, 9, 1,    3,    3, 20, 34, 4,  1, 2, 19, 18, 0, 0,
                                  0, 0, 0,    0,    0, 0,  0,  0,  0, 0, 0,  0};
    static const uint8_t sack[] = {1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4};
    static const uint8_t others[] = {30, 4, 0, 0, 29, 4, 0, 0, 254, 4, 0xf9, 0x89};
    uint8_t p[128];
    size_t n = packet4(p, TCP_SYN, syn, sizeof syn, 0);

    assert_int_equal(decode(w, RAW, p, n, n), DECODE_SEGMENT);
    assert_int_equal(w->segment.options,
                     OPT_MSS | OPT_SACK_OK | OPT_TIMESTAMPS | OPT_WSCALE | OPT_FAST_OPEN);
    assert_int_equal(w->segment.mss, 1460);
    assert_int_equal(w->segment.ts_val, 7);
    assert_int_equal(w->segment.ts_ecr, 9);
    assert_int_equal(w->segment.wscale, 14); /* at most, RFC 7323 2.3 */
    assert_true(w->segment.n_option_order >= 5);
    assert_int_equal(w->segment.option_order[0], 2);
    assert_int_equal(w->segment.option_order[3], 1);
    /* the MD5 option needs 18 octets, of which 16 are here: no option runs over the header */
    assert_true(w->segment.doubts & DOUBT_OPTIONS_BAD);

    n = packet4(p, TCP_ACK, sack, sizeof sack, 0);
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_SEGMENT);
    assert_int_equal(w->segment.n_sack, 2);
    assert_int_equal(w->segment.sack[1].left, 3);
    assert_int_equal(w->segment.sack[1].right, 4);
    assert_int_equal(w->segment.n_option_order, 0);

    n = packet4(p, TCP_ACK, others, sizeof others, 0);
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_SEGMENT);
    assert_int_equal(w->segment.options, OPT_MPTCP | OPT_AUTH | OPT_FAST_OPEN);
    assert_int_equal(w->segment.doubts, 0);
}

static void malformed_options_keep_those_before(void **state)
{
    struct world *w = *state;
    static const uint8_t lengths[] = {0, 1, 200};
    uint8_t options[8] = {2, 4, 1, 0, 8, 0, 0, 0}, p[64];

    for (size_t i = 0; i < sizeof lengths; i++) {
        options[5] = lengths[i];
        size_t n = packet4(p, TCP_SYN, options, sizeof options, 0);
        assert_int_equal(decode(w, RAW, p, n, n), DECODE_SEGMENT);
        assert_int_equal(w->segment.options, OPT_MSS);
        assert_true(w->segment.doubts & DOUBT_OPTIONS_BAD);
    }
    assert_int_equal(notes(w, NOTE_TCP_OPTIONS_MALFORMED), sizeof lengths);
}

static void snap_length_cuts_options(void **state)
{
    struct world *w = *state;
    static const uint8_t options[] = {2, 4, 5, 0xb4, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2};
    uint8_t p[64];
    size_t n = packet4(p, TCP_SYN, options, sizeof options, 0);

    assert_int_equal(decode(w, RAW, p, n - 4, n), DECODE_SEGMENT);
    assert_int_equal(w->segment.options, OPT_MSS);
    assert_true(w->segment.doubts & DOUBT_OPTIONS_CUT);
    assert_int_equal(w->segment.len, 0);
    p[20 + 20 + 4] = 0; /* end of the list: nothing is missing behind it */
    assert_int_equal(decode(w, RAW, p, n - 4, n), DECODE_SEGMENT);
    assert_int_equal(w->segment.doubts, 0);
    assert_int_equal(notes(w, NOTE_TCP_OPTIONS_TRUNCATED), 1);
}

static void headers_that_make_no_sense(void **state)
{
    struct world *w = *state;
    uint8_t p[64];
    size_t n = packet4(p, TCP_ACK, NULL, 0, 0);

    p[32] = 0x40; /* data offset 4 */
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_NOTHING);
    p[32] = 0xf0; /* 60 octets of header in 20 */
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_TCP_MALFORMED), 2);
    p[0] = 0x44; /* IP header of 16 octets */
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_NOTHING);
    p[0] = 0x75;
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_IP_MALFORMED), 2);
    assert_int_equal(decode(w, 9999, p, n, n), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_LINK_UNSUPPORTED), 1);
    assert_int_equal(decoder_notes(w->d)->of[NOTE_LINK_UNSUPPORTED].detail, 9999);
}

static void vlan_tags_become_the_path(void **state)
{
    struct world *w = *state;
    uint8_t frame[128] = {0};

    memcpy(frame + 12, "\x88\xa8\x00\x0c\x81\x00\x00\x07\x08\x00", 10);
    size_t n = 22 + packet4(frame + 22, TCP_SYN, NULL, 0, 0);
    assert_int_equal(decode(w, ETHERNET, frame, n, n), DECODE_SEGMENT);
    assert_string_equal(decoder_path(w->d, w->segment.path), "vlan 12, vlan 7");
    uint16_t path = w->segment.path;
    uint32_t via = w->segment.via;
    assert_int_equal(decode(w, ETHERNET, frame, n, n), DECODE_SEGMENT);
    assert_int_equal(w->segment.path, path);
    frame[15] = 13;
    assert_int_equal(decode(w, ETHERNET, frame, n, n), DECODE_SEGMENT);
    assert_string_equal(decoder_path(w->d, w->segment.path), "vlan 13, vlan 7");
    assert_int_not_equal(w->segment.via, via);
    assert_string_equal(decoder_path(w->d, 0), "");
}

/* Send octets [from, to) of the IP payload of p as a fragment. */
static enum decode_kind send_fragment(struct world *w, const uint8_t *p, size_t total, size_t from,
                                      size_t to)
{
    uint8_t f[128];
    size_t n = 20 + to - from;

    memcpy(f, p, 20);
    memcpy(f + 20, p + 20 + from, to - from);
    f[2] = (uint8_t)(n >> 8);
    f[3] = (uint8_t)n;
    f[6] = (uint8_t)((to + 20 < total ? 0x20 : 0) | from / 8 >> 8);
    f[7] = (uint8_t)(from / 8);
    return decode(w, RAW, f, n, n);
}

static void fragments_in_any_order(void **state)
{
    struct world *w = *state;
    uint8_t p[128];
    size_t n = packet4(p, TCP_ACK | TCP_FIN, NULL, 0, 28); /* 48 octets of IP payload */

    assert_int_equal(send_fragment(w, p, n, 24, 48), DECODE_NOTHING);
    assert_int_equal(send_fragment(w, p, n, 0, 24), DECODE_SEGMENT);
    assert_int_equal(w->segment.len, 28);
    assert_int_equal(w->segment.flags, TCP_ACK | TCP_FIN);
    assert_int_equal(send_fragment(w, p, n, 24, 48), DECODE_NOTHING); /* a copy that comes late */
    p[5]++;                                                           /* another datagram */
    assert_int_equal(send_fragment(w, p, n, 0, 16), DECODE_NOTHING);
    assert_int_equal(send_fragment(w, p, n, 32, 48), DECODE_NOTHING);
    assert_int_equal(send_fragment(w, p, n, 0, 16), DECODE_NOTHING); /* a copy */
    assert_int_equal(send_fragment(w, p, n, 16, 32), DECODE_SEGMENT);
    decoder_finish(w->d);
    assert_int_equal(notes(w, NOTE_FRAGMENT_INCOMPLETE), 0);
}

static void fragments_that_overlap_or_never_end(void **state)
{
    struct world *w = *state;
    uint8_t p[128];
    size_t n = packet4(p, TCP_ACK, NULL, 0, 28);

    assert_int_equal(send_fragment(w, p, n, 0, 24), DECODE_NOTHING);
    assert_int_equal(send_fragment(w, p, n, 16, 48), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_FRAGMENT_MALFORMED), 1);
    for (unsigned id = 0; id < 300; id++) {
        p[4] = (uint8_t)(id >> 8);
        p[5] = (uint8_t)id;
        assert_int_equal(send_fragment(w, p, n, 0, 24), DECODE_NOTHING);
    }
    assert_int_equal(notes(w, NOTE_FRAGMENT_EVICTED), 300 - 256);
    decoder_finish(w->d);
    assert_int_equal(notes(w, NOTE_FRAGMENT_INCOMPLETE), 256);
}

/* Within what is there already, after joining: a copy has the same octets, an overlap has others.
 */
static void fragments_that_contradict(void **state)
{
    struct world *w = *state;
    uint8_t p[128];
    size_t n = packet4(p, TCP_ACK, NULL, 0, 28);

    send_fragment(w, p, n, 0, 16);
    send_fragment(w, p, n, 16, 32);
    send_fragment(w, p, n, 8, 24);
    assert_int_equal(notes(w, NOTE_FRAGMENT_MALFORMED), 0);
    p[20 + 13] = TCP_RST;
    assert_int_equal(send_fragment(w, p, n, 8, 24), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_FRAGMENT_MALFORMED), 1);
    /* IP length 0 and an absurd wire length: offset + length wraps */
    memcpy(p + 2, "\0\0\0\12\0\377", 6);
    assert_int_equal(decode(w, RAW, p, 40, UINT32_MAX), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_FRAGMENT_MALFORMED), 2);
}

static void icmp_errors_quote_their_segment(void **state)
{
    struct world *w = *state;
    uint8_t quoted[64], p[128] = {0};
    size_t n = 56;

    packet4(quoted, TCP_SYN, NULL, 0, 0);
    packet4(p, 0, NULL, 0, n - 40);
    p[9] = 1;
    p[20] = 3;
    p[21] = 10;
    memcpy(p + 28, quoted, 28);
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_ICMP_ERROR);
    assert_int_equal(w->icmp.type, 3);
    assert_int_equal(w->icmp.code, 10);
    assert_int_equal(w->icmp.src_port, 40000);
    assert_int_equal(w->icmp.seq, 100);
    p[20] = 8; /* an echo is no error */
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_NOTHING);
    p[20] = 3;
    p[28 + 9] = 17; /* UDP is not ours */
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_ICMP_TRUNCATED), 0);
    p[28 + 9] = 6;
    assert_int_equal(decode(w, RAW, p, 50, n), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_ICMP_TRUNCATED), 1);
}

static void ipv6_extension_headers(void **state)
{
    struct world *w = *state;
    uint8_t v4[64], inner[64] = {60, [8] = 6, 1}, p[128]; /* hop-by-hop, destination options */

    packet4(v4, TCP_RST, NULL, 0, 4);
    memcpy(inner + 24, v4 + 20, 24);
    size_t n = packet6(p, 0, inner, 48);
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_SEGMENT);
    assert_int_equal(w->segment.len, 4);
    assert_int_equal(w->segment.ttl, 63);
    assert_int_equal(w->segment.flags, TCP_RST);
    p[49] = 200; /* an extension that runs out of the packet */
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_IP_TRUNCATED) + notes(w, NOTE_IP_MALFORMED), 1);
}

/* Per link type: octets of header, where the payload type is, its two octets for IPv4 and IPv6. */
static void every_link_type_leads_to_ip(void **state)
{
    struct world *w = *state;
    static const int rows[][7] = {{1, 14, 12, 8, 0, 0x86, 0xdd},  {113, 16, 14, 8, 0, 0x86, 0xdd},
                                  {276, 20, 0, 8, 0, 0x86, 0xdd}, {0, 4, 0, 2, 0, 30, 0},
                                  {0, 4, 2, 0, 2, 0, 24},         {108, 4, 2, 0, 2, 0, 28},
                                  {12, 0, 0, 0, 0, 0, 0},         {14, 0, 0, 0, 0, 0, 0},
                                  {101, 0, 0, 0, 0, 0, 0},        {228, 0, 0, 0, 0, 0, 0},
                                  {229, 0, 0, 0, 0, 0, 0}};
    uint8_t v4[64], frame[128];

    packet4(v4, TCP_ACK, NULL, 0, 3);
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        const int *row = rows[i / 2], v6 = i % 2;
        size_t n = (size_t)row[1];

        memset(frame, 0, sizeof frame);
        for (int k = 0; k < 2; k++)
            frame[row[2] + k] = (uint8_t)row[3 + 2 * v6 + k];
        n += v6 ? packet6(frame + n, 6, v4 + 20, 23) : packet4(frame + n, TCP_ACK, NULL, 0, 3);
        assert_int_equal(decode(w, row[0], frame, n, n), DECODE_SEGMENT);
        assert_int_equal(w->segment.len, 3);
        assert_int_equal(addr_is_v4(&w->segment.src), !v6);
        assert_int_equal(w->segment.via != 0, row[1] > 4);
    }
    memcpy(frame + 12, "\x08\x06", 2); /* ARP is not IP, and not worth a note */
    assert_int_equal(decode(w, ETHERNET, frame, 60, 60), DECODE_NOTHING);
    for (int kind = 0; kind < NOTE_KIND_COUNT; kind++)
        assert_int_equal(notes(w, (enum note_kind)kind), 0);
}

static void ipv6_authentication_offload_and_errors(void **state)
{
    struct world *w = *state;
    uint8_t v4[64], inner[64] = {6, 4}, quote[64] = {1, 4}, p[128]; /* port unreachable */
    size_t n;

    packet4(v4, TCP_ACK, NULL, 0, 4);
    memcpy(inner + 24, v4 + 20, 24); /* authentication header of (4 + 2) * 4 octets */
    n = packet6(p, 51, inner, 48);
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_SEGMENT);
    assert_int_equal(w->segment.len, 4);
    n = packet6(p, 6, v4 + 20, 24);
    p[5] = 0; /* length 0: the wire length counts */
    assert_int_equal(decode(w, RAW, p, n, 40 + 20 + 70000), DECODE_SEGMENT);
    assert_int_equal(w->segment.len, 70000);
    assert_true(w->segment.doubts & DOUBT_LENGTH_WIRE);
    packet6(quote + 8, 6, v4 + 20, 8);
    n = packet6(p, 58, quote, 56);
    assert_int_equal(decode(w, RAW, p, n, n), DECODE_ICMP_ERROR);
    assert_true(w->icmp.v6 && w->icmp.src_port == 40000 && w->icmp.seq == 100);
}

static void fragments_of_ipv6_and_time(void **state)
{
    struct world *w = *state;
    uint8_t v4[64], part[32] = {6, 0, 0, 1}, p[128];
    size_t n;

    packet4(v4, TCP_ACK, NULL, 0, 12); /* 32 octets of TCP, 24 and 8 */
    memcpy(part + 8, v4 + 20, 24);
    for (int late = 0; late < 2; late++) { /* 31 s late, the rest belongs to nothing */
        part[3] = 1;
        part[7] = (uint8_t)late;
        n = packet6(p, 44, part, 32);
        assert_int_equal(decode(w, RAW, p, n, n), DECODE_NOTHING);
        w->packets += late ? 31000000 : 0;
        part[3] = 24;
        n = packet6(p, 44, part, 16);
        assert_int_equal(decode(w, RAW, p, n, n), late ? DECODE_NOTHING : DECODE_SEGMENT);
        assert_int_equal(w->segment.len, 12);
        assert_int_equal(notes(w, NOTE_FRAGMENT_INCOMPLETE), late);
    }
    assert_int_equal(decoder_notes(w->d)->of[NOTE_FRAGMENT_INCOMPLETE].first[0].packet, 3);
}

static void every_cut_is_survived(void **state)
{
    struct world *w = *state;
    static const uint8_t options[] = {2, 4, 5, 0xb4, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2};
    static const int links[] = {0, 1, 12, 101, 108, 113, 228, 229, 276};
    uint8_t frame[160] = {0};

    memcpy(frame + 12, "\x81\x00\x00\x07\x08\x00", 6);
    size_t n = 18 + packet4(frame + 18, TCP_SYN, options, sizeof options, 20);
    for (size_t link = 0; link < sizeof links / sizeof *links; link++)
        for (size_t cut = 0; cut <= n; cut++)
            for (size_t start = 0; start <= 18; start += 2)
                if (start <= cut)
                    decode(w, links[link], frame + start, cut - start, n - start);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(fields_of_a_segment),
        TEST(lengths_come_from_the_ip_header),
        TEST(options_one_by_one),
        TEST(malformed_options_keep_those_before),
        TEST(snap_length_cuts_options),
        TEST(headers_that_make_no_sense),
        TEST(vlan_tags_become_the_path),
        TEST(fragments_in_any_order),
        TEST(fragments_that_overlap_or_never_end),
        TEST(icmp_errors_quote_their_segment),
        TEST(ipv6_extension_headers),
        TEST(fragments_that_contradict),
        TEST(every_link_type_leads_to_ip),
        TEST(ipv6_authentication_offload_and_errors),
        TEST(fragments_of_ipv6_and_time),
        TEST(every_cut_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
