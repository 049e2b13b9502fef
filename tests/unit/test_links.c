/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Link headers that are not plain, and every record of the decoder's captures cut at every octet.
 * That each link type is decoded tests/check-same-close shows. */
#include "decode_world.h"

#include "capture/source.h"

#include <glob.h>
#include <stdio.h>

enum { WLAN = 105, RADIOTAP = 127, PPI = 192, NFLOG = 239, FRAME_RELAY = 107, PKTAP = 258 };

static const uint8_t snap[8] = {0xaa, 0xaa, 3, 0, 0, 0, 8, 0};

static enum decode_kind decode_frame(struct world *w, int link, const struct frame *f)
{
    return decode(w, link, f->p, f->n, f->n);
}

/* A data frame of IEEE 802.11; `more`: what follows the three addresses and the sequence. */
static struct frame wlan_frame(uint8_t type, uint8_t flags, const void *more, size_t n)
{
    struct frame f = segment4(TCP_ACK);
    uint8_t h[24] = {type, flags, [4] = 2, [10] = 2, [15] = 1, [16] = 2, [21] = 2};

    wrap(&f, snap, sizeof snap);
    wrap(&f, more, n);
    wrap(&f, h, 24);
    return f;
}

static void frames_of_a_wireless_network(void **state)
{
    struct world *w = *state;
    struct frame f = wlan_frame(0x08, 1, "", 0);

    assert_int_equal(decode_frame(w, WLAN, &f), DECODE_SEGMENT);
    f = wlan_frame(0x88, 0x83, "\2\0\0\0\0\3\0\0\0\0\0\0", 12); /* four addresses, QoS, HT */
    assert_int_equal(decode_frame(w, WLAN, &f), DECODE_SEGMENT);
    f = wlan_frame(0x80, 0, "", 0); /* a beacon */
    assert_int_equal(decode_frame(w, WLAN, &f), DECODE_NOTHING);
    f = wlan_frame(0x48, 1, "", 0); /* no data */
    assert_int_equal(decode_frame(w, WLAN, &f), DECODE_NOTHING);
    f = wlan_frame(0x08, 0x41, "\1\2\3\x20\0\0\0\0", 8);
    assert_int_equal(decode_frame(w, WLAN, &f), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_WLAN_ENCRYPTED), 1);
    f = wlan_frame(0x08, 0x41, "", 0); /* decrypted, the mark is still there */
    assert_int_equal(decode_frame(w, WLAN, &f), DECODE_SEGMENT);
    f.p[22] = 1; /* the second fragment of a frame */
    assert_int_equal(decode_frame(w, WLAN, &f), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_WLAN_FRAGMENT), 1);
}

static void aggregates_say_that_they_are(void **state)
{
    struct world *w = *state;
    struct frame f = segment4(TCP_ACK);
    uint8_t subframe[14] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}, h[26] = {0x88, 1, [24] = 0x80};

    wrap(&f, snap, sizeof snap);
    set_be16(subframe + 12, f.n);
    wrap(&f, subframe, 14);
    wrap(&f, h, 26);
    assert_int_equal(decode_frame(w, WLAN, &f), DECODE_SEGMENT);
    assert_int_equal(notes(w, NOTE_WLAN_AGGREGATE), 0);
    f.n += 60; /* another one behind it */
    assert_int_equal(decode_frame(w, WLAN, &f), DECODE_SEGMENT);
    assert_int_equal(notes(w, NOTE_WLAN_AGGREGATE), 1);
}

static void radiotap_headers(void **state)
{
    struct world *w = *state;
    struct frame f = wlan_frame(0x08, 1, "", 0), plain = f, endless = f;

    wrap(&plain, "\0\0\x9\0\2\0\0\0\0", 9);
    assert_int_equal(decode_frame(w, RADIOTAP, &plain), DECODE_SEGMENT);
    plain.p[8] = 0x40; /* received with a bad checksum */
    assert_int_equal(decode_frame(w, RADIOTAP, &plain), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_WLAN_BAD_FCS), 1);
    wrap(&endless, "\0\0\x10\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16);
    assert_int_equal(decode_frame(w, RADIOTAP, &endless), DECODE_SEGMENT); /* no flags are found */
    plain.p[2] = 4;                                                        /* shorter than itself */
    assert_int_equal(decode_frame(w, RADIOTAP, &plain), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_LINK_MALFORMED), 1);
}

/* Big-endian machines write their own order into the log of netfilter; no value is empty. */
static void values_of_netfilter(void **state)
{
    struct world *w = *state;
    struct frame f = segment4(TCP_ACK), bad = {.n = 64};
    uint8_t big[12] = {2, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0, 9};

    set_be16(big + 8, f.n + 4);
    wrap(&f, big, 12);
    assert_int_equal(decode_frame(w, NFLOG, &f), DECODE_SEGMENT);
    bad.p[6] = 1;
    for (uint8_t len = 0; len < 4; len++) {
        bad.p[4] = len;
        assert_int_equal(decode_frame(w, NFLOG, &bad), DECODE_NOTHING);
        assert_int_equal(notes(w, NOTE_LINK_MALFORMED), len + 1u);
    }
}

static void headers_in_headers_end(void **state)
{
    struct world *w = *state;
    struct frame f = segment4(TCP_ACK);

    wrap(&f, "\0\0\x8\0\x65\0\0\0", 8); /* PPI: raw IP */
    assert_int_equal(decode_frame(w, PPI, &f), DECODE_SEGMENT);
    for (int i = 0; i < 100; i++)
        wrap(&f, "\0\0\x8\0\xc0\0\0\0", 8);
    assert_int_equal(decode_frame(w, PPI, &f), DECODE_NOTHING);
    assert_int_equal(notes(w, NOTE_LINK_UNSUPPORTED), 1);
    assert_int_equal(decoder_notes(w->d)->of[NOTE_LINK_UNSUPPORTED].detail, PPI);
}

static void addresses_of_frame_relay(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *address;
        size_t n;
        const char *path;
    } rows[] = {
        {"\x18\x41", 2, "dlci 100"}, {"\0\0\xc9", 3, "dlci 100"}, {"\0\0\2\x91", 4, "dlci 100"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct frame f = segment4(TCP_ACK);

        wrap(&f, "\x03\xcc", 2);
        wrap(&f, rows[i].address, rows[i].n);
        assert_int_equal(decode_frame(w, FRAME_RELAY, &f), DECODE_SEGMENT);
        assert_string_equal(decoder_path(w->d, w->segment.path), rows[i].path);
    }
}

/* What a system writes under another's number. */
static void numbers_with_two_meanings(void **state)
{
    struct world *w = *state;
    struct frame f = segment4(TCP_ACK), loop = f;

    assert_int_equal(decode_frame(w, 12, &f), DECODE_SEGMENT);
    wrap(&loop, "\0\0\0\2", 4); /* OpenBSD's LOOP is the others' RAW */
    assert_int_equal(decode_frame(w, 12, &loop), DECODE_SEGMENT);
    assert_int_equal(decode_frame(w, 108, &loop), DECODE_SEGMENT);
    assert_int_equal(decode_frame(w, 201, &f), DECODE_NOTHING); /* Bluetooth */
    assert_int_equal(decode_frame(w, 189, &f), DECODE_NOTHING); /* USB */
    assert_int_equal(notes(w, NOTE_LINK_UNSUPPORTED), 2);
}

/* Decode a record as it is and cut at every octet: a cut one never yields another segment. */
static void cut_everywhere(const struct record *r)
{
    struct world whole = {.d = decoder_new()};
    enum decode_kind kind = decode(&whole, r->link_type, r->data, r->caplen, r->wirelen);

    for (size_t n = 0; n < r->caplen && n < 400; n++) {
        struct world part = {.d = decoder_new()};
        enum decode_kind got = decode(&part, r->link_type, r->data, n, r->wirelen);

        assert_true(got == kind || got == DECODE_NOTHING);
        if (got == DECODE_SEGMENT) {
            assert_int_equal(part.segment.seq, whole.segment.seq);
            assert_int_equal(part.segment.len, whole.segment.len);
            assert_int_equal(part.segment.dst_port, whole.segment.dst_port);
        }
        decoder_free(part.d);
    }
    decoder_free(whole.d);
}

static void every_capture_cut_everywhere(void **state)
{
    const char *build = getenv("builddir");
    char pattern[4096];
    glob_t found;

    (void)state;
    snprintf(pattern, sizeof pattern, "%s/captures/decode/*.pcap", build ? build : ".");
    if (glob(pattern, 0, NULL, &found) != 0)
        skip();
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct source *source = source_open(found.gl_pathv[i], 0, NULL);
        struct record r;
        size_t n;

        for (int k = 0; k < 12 && source; k++)
            if (source_next(source, &r, 1, &n, NULL) == SOURCE_RECORD)
                cut_everywhere(&r);
        source_close(source);
    }
    globfree(&found);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(frames_of_a_wireless_network),
        TEST(aggregates_say_that_they_are),
        TEST(radiotap_headers),
        TEST(values_of_netfilter),
        TEST(headers_in_headers_end),
        TEST(addresses_of_frame_relay),
        TEST(numbers_with_two_meanings),
        TEST(every_capture_cut_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
