/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Compressed octets that break off: all that can be unpacked of them comes, and it is said. */
#include "capture/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { PLAIN = 3 << 20, PIECE = 5000 };

/* Octets that can be packed to about a half of their size. */
static uint8_t *make_plain(void)
{
    uint8_t *plain = malloc(PLAIN);
    uint32_t random = 1;

    for (size_t i = 0; i < PLAIN; i++) {
        random = random * 1664525 + 1013904223;
        plain[i] = (uint8_t)(random >> 28);
    }
    return plain;
}

static size_t pack(int (*filter)(struct archive *), const uint8_t *plain, uint8_t *to)
{
    struct archive *a = archive_write_new();
    struct archive_entry *e = archive_entry_new();
    size_t used = 0;

    archive_write_set_format_raw(a);
    assert_int_equal(filter(a), ARCHIVE_OK);
    archive_write_set_bytes_in_last_block(a, 1);
    assert_int_equal(archive_write_open_memory(a, to, 2 * (size_t)PLAIN, &used), ARCHIVE_OK);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_pathname(e, "plain");
    assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
    assert_int_equal(archive_write_data(a, plain, PLAIN), PLAIN);
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
    archive_entry_free(e);
    return used;
}

struct packed_rest {
    const uint8_t *at;
    size_t n;
};

/* An unpack_source. */
static size_t give(void *context, uint8_t *to, size_t room)
{
    struct packed_rest *r = context;
    size_t n = r->n < PIECE ? r->n : PIECE;

    n = n < room ? n : room;
    memcpy(to, r->at, n);
    r->at += n;
    r->n -= n;
    return n;
}

/* How much comes of the first `size` octets; it must be `plain`, over and over. */
static size_t unpack(const uint8_t *packed, size_t size, const uint8_t *plain, bool *cut)
{
    struct packed_rest rest = {packed + UNPACK_MAGIC, size - UNPACK_MAGIC};
    struct unpack *u = unpack_open(packed, UNPACK_MAGIC, give, &rest);
    static uint8_t room[100000];
    size_t all = 0, n;

    while ((n = unpack_read(u, room, sizeof room)) > 0) {
        for (size_t i = 0; i < n; i++, all++)
            if (room[i] != plain[all % PLAIN])
                fail_msg("octet %zu is another", all);
    }
    const char *failure = unpack_failure(u);
    *cut = failure && strstr(failure, "cut off");
    assert_true(*cut || !failure);
    unpack_close(u);
    return all;
}

/* lost: so much of the plain octets may be lost with what is cut off. */
static void check(int (*filter)(struct archive *), size_t lost)
{
    uint8_t *plain = make_plain(), *packed = malloc(3 * (size_t)PLAIN);
    size_t size = pack(filter, plain, packed);
    bool cut;

    assert_int_equal(unpack(packed, size, plain, &cut), PLAIN);
    assert_false(cut);
    for (size_t at = size / 4; at < size - size / 8; at += size / 4) {
        size_t got = unpack(packed, at, plain, &cut);
        assert_true((got + lost) / (double)PLAIN >= at / (double)size);
        assert_true(cut);
    }
    memcpy(packed + size, packed, size); /* two after each other, the second one cut */
    assert_true(unpack(packed, size + 100, plain, &cut) >= PLAIN);
    assert_true(cut);
    free(packed);
    free(plain);
}

static void nothing_is_lost(void **state)
{
    (void)state;
    check(archive_write_add_filter_gzip, 8 << 10);
    check(archive_write_add_filter_xz, 8 << 10);
    check(archive_write_add_filter_zstd, 128 << 10); /* its block */
}

static void a_block_may_be_lost(void **state)
{
    (void)state;
    check(archive_write_add_filter_lz4, 4 << 20);
    check(archive_write_add_filter_bzip2, 1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(a_block_may_be_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
