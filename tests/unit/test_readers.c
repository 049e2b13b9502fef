/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Our readers against libpcap, which is the judge: every fixture through both, record by record.
 * Where libpcap gives up (interfaces of several link types) the records before must be equal. */
#include "capture/octets.h"
#include "capture/source.h"
#include "capture/source_libpcap.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { BATCH = 7 };

struct stream {
    struct source *source;
    struct record batch[BATCH];
    size_t at, n;
    enum source_status status;
};

static bool next(struct stream *s, struct record *r)
{
    struct error err;

    if (s->source && s->at == s->n) {
        s->at = 0;
        s->status = source_next(s->source, s->batch, BATCH, &s->n, &err);
    }
    if (!s->source || s->at == s->n)
        return false;
    *r = s->batch[s->at++];
    return true;
}

static void same_record(const char *path, const struct record *a, const struct record *b)
{
    bool same = a->t == b->t && a->number == b->number && a->caplen == b->caplen &&
                a->wirelen == b->wirelen && a->link_type == b->link_type &&
                (a->caplen == 0 || memcmp(a->data, b->data, a->caplen) == 0);

    if (!same)
        fail_msg("%s: record %llu: time %lld and %lld, caplen %u and %u, len %u and %u, link type "
                 "%d and %d",
                 path, (unsigned long long)b->number, (long long)a->t, (long long)b->t, a->caplen,
                 b->caplen, a->wirelen, b->wirelen, a->link_type, b->link_type);
}

/* Variants that libpcap takes for others. */
static bool libpcap_is_wrong(const char *path)
{
    static const char *const names[] = {"/format-nokia.", "/format-patched.",
                                        "/format-processors."};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(path, names[i]))
            return true;
    return false;
}

static void compare(const char *path)
{
    struct error err;
    struct stream ours = {.source = source_open(path, 0, &err)};
    struct octets *octets = octets_open(path, &err);
    struct stream judge = {.source = octets ? source_libpcap.open(octets, &err) : NULL};
    struct record a, b;

    if (judge.source)
        assert_non_null(ours.source);
    while (next(&judge, &b)) {
        if (!next(&ours, &a))
            fail_msg("%s: our reader ends after packet %llu", path,
                     (unsigned long long)b.number - 1);
        same_record(path, &a, &b);
    }
    if (judge.source && judge.status == SOURCE_END) {
        assert_false(next(&ours, &a));
        assert_int_equal(ours.status, SOURCE_END);
    }
    source_close(ours.source);
    source_close(judge.source);
}

static size_t compare_all(const char *folder, const char *pattern)
{
    char path[4096];
    glob_t found;

    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    if (glob(path, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!libpcap_is_wrong(found.gl_pathv[i]))
            compare(found.gl_pathv[i]);
    size_t n = found.gl_pathc;
    globfree(&found);
    return n;
}

static void every_fixture_is_read_as_libpcap_reads_it(void **state)
{
    const char *builddir = getenv("builddir"), *srcdir = getenv("srcdir");

    (void)state;
    assert_true(compare_all(builddir ? builddir : ".", "captures/*/*.pcap") > 100);
    assert_true(compare_all(srcdir ? srcdir : "..", "fixtures/real/*.pcap") > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fixture_is_read_as_libpcap_reads_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
