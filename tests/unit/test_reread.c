/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Every record of every fixture once more, in an order that jumps to and fro: it must be the one
 * that was read. And what is kept of a pipe. */
#include "capture/reread.h"
#include "capture/recall.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct seen {
    struct record record;
    uint32_t sum;
};

static uint32_t sum_of(const struct record *r)
{
    uint32_t sum = r->caplen;

    for (uint32_t i = 0; i < r->caplen; i++)
        sum = sum * 31 + r->data[i];
    return sum;
}

static void look_again(struct reread *again, const char *path, const struct seen *seen)
{
    struct record r;
    struct error err = {""};

    if (reread_record(again, 0, seen->record.number, &r, &err) != REREAD_RECORD)
        fail_msg("%s: packet %llu: %s", path, (unsigned long long)seen->record.number, err.text);
    if (r.number != seen->record.number || r.t != seen->record.t ||
        r.link_type != seen->record.link_type || r.interface != seen->record.interface ||
        sum_of(&r) != seen->sum)
        fail_msg("%s: packet %llu is another one", path, (unsigned long long)r.number);
}

static size_t check(const char *path)
{
    struct input *in = input_open(&path, 1, NULL, NULL);
    struct seen *seen = NULL;
    struct record r;
    size_t n = 0;

    while (input_next(in, &r)) {
        if ((n & (n - 1)) == 0)
            seen = realloc(seen, (n ? 2 * n : 1) * sizeof *seen);
        seen[n++] = (struct seen){.record = r, .sum = sum_of(&r)};
    }
    struct reread *again = reread_new(in);
    for (size_t i = 0; i < n; i++)
        look_again(again, path, &seen[i * 7919 % n]);
    reread_free(again);
    free(seen);
    input_close(in);
    return n;
}

static size_t check_all(const char *folder, const char *pattern)
{
    char path[4096];
    size_t n = 0;
    glob_t found;

    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    if (glob(path, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++)
        n += check(found.gl_pathv[i]);
    globfree(&found);
    return n;
}

static void every_record_is_found_again(void **state)
{
    const char *builddir = getenv("builddir"), *srcdir = getenv("srcdir");

    (void)state;
    assert_true(check_all(builddir ? builddir : ".", "captures/*/*.pcap") > 1000);
    assert_true(check_all(srcdir ? srcdir : "..", "fixtures/real/*.pcap") > 1000);
}

static void a_pipe_is_kept_in_part(void **state)
{
    enum { RECORDS = 2000, LENGTH = 9000 };
    static uint8_t data[LENGTH];
    struct recall *kept = recall_new();
    struct record r = {.data = data};
    uint64_t oldest = RECORDS;

    (void)state;
    for (r.number = 1; r.number <= RECORDS; r.number++) {
        r.caplen = r.number % 3 == 0 ? 0 : LENGTH - (uint32_t)(r.number % 100);
        memset(data, (int)(r.number & 0xff), LENGTH);
        recall_put(kept, &r);
    }
    while (recall_find(kept, 0, oldest - 1))
        oldest--;
    assert_true(oldest > 1 && oldest < RECORDS - 500);
    assert_null(recall_find(kept, 0, 1));
    assert_null(recall_find(kept, 1, RECORDS));
    for (uint64_t number = oldest; number <= RECORDS; number++) {
        const struct record *found = recall_find(kept, 0, number);
        assert_int_equal(found->number, number);
        for (uint32_t i = 0; i < found->caplen; i++)
            assert_int_equal(found->data[i], number & 0xff);
    }
    recall_free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_is_found_again),
        cmocka_unit_test(a_pipe_is_kept_in_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
