/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Several files as one capture: order of time, numbers, clocks that step, damage. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "capture/bpf.h"
#include "capture/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { FILES = 3 };

struct world {
    char dir[64], path[FILES][96];
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    strcpy(w->dir, "/tmp/lastack-test-XXXXXX");
    if (!mkdtemp(w->dir))
        return -1;
    for (int i = 0; i < FILES; i++)
        snprintf(w->path[i], sizeof w->path[i], "%s/%d.pcap", w->dir, i);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < FILES; i++)
        unlink(w->path[i]);
    rmdir(w->dir);
    free(w);
    return 0;
}

static void le32(FILE *f, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        fputc((int)(v >> (8 * i) & 0xff), f);
}

/* A raw-IP capture with one-octet records at these milliseconds; ends with -1. cut: octets taken
 * off its end. */
static void write_capture(const char *path, const int *ms, long cut)
{
    FILE *f = fopen(path, "wb");

    le32(f, 0xa1b2c3d4);
    le32(f, 2 | 4 << 16);
    le32(f, 0);
    le32(f, 0);
    le32(f, 65535);
    le32(f, 101);
    for (; *ms >= 0; ms++) {
        le32(f, 1000 + (uint32_t)*ms / 1000);
        le32(f, (uint32_t)*ms % 1000 * 1000);
        le32(f, 1);
        le32(f, 1);
        fputc(0x45, f);
    }
    long size = ftell(f);
    fclose(f);
    if (cut)
        assert_int_equal(truncate(path, size - cut), 0);
}

static struct input *open_n(const struct world *w, size_t n, const char *filter)
{
    const char *paths[FILES];
    struct error err = {""};

    for (size_t i = 0; i < n; i++)
        paths[i] = w->path[i];
    return input_open(paths, n, filter ? bpf_new(filter) : NULL, &err);
}

/* "file:number" of all records in the order in which they come. */
static const char *order(struct input *in, char *text)
{
    struct record r;

    for (*text = 0; input_next(in, &r);)
        sprintf(text + strlen(text), "%s%u:%llu", *text ? " " : "", r.file,
                (unsigned long long)r.number);
    return text;
}

static void files_are_merged_by_time(void **state)
{
    struct world *w = *state;
    char text[256];

    write_capture(w->path[0], (int[]){0, 30, 30, 90, -1}, 0);
    write_capture(w->path[1], (int[]){10, 30, 80, -1}, 0);
    write_capture(w->path[2], (int[]){-1}, 0);
    struct input *in = open_n(w, 3, NULL);
    assert_string_equal(order(in, text), "0:1 1:1 0:2 0:3 1:2 1:3 0:4");
    assert_int_equal(input_file(in, 0)->records, 4);
    assert_int_equal(input_file(in, 2)->records, 0);
    assert_int_equal(input_file(in, 2)->status, INPUT_OK);
    assert_int_equal(input_file(in, 1)->link_type, 101);
    input_close(in);
}

static void a_step_back_keeps_its_place(void **state)
{
    struct world *w = *state;
    char text[256];
    size_t n;
    uint64_t total;

    write_capture(w->path[0], (int[]){1000, 10, 2000, 1999, -1},
                  0); /* 990 ms back; 1 ms is no step */
    write_capture(w->path[1], (int[]){500, 1500, -1}, 0);
    struct input *in = open_n(w, 2, NULL);
    assert_string_equal(order(in, text), "1:1 0:1 0:2 1:2 0:3 0:4");
    const struct input_clock_step *step = input_clock_steps(in, &n, &total);
    assert_int_equal(total, 1);
    assert_int_equal(n, 1);
    assert_int_equal(step[0].packet, 2);
    assert_int_equal(step[0].from - step[0].to, 990000000);
    input_close(in);
}

static void damage_keeps_what_came_before(void **state)
{
    struct world *w = *state;
    char text[256];

    write_capture(w->path[0], (int[]){0, 10, 20, -1}, 5);
    write_capture(w->path[1], (int[]){15, 25, -1}, 0);
    struct input *in = open_n(w, 3, NULL); /* the third does not exist */
    assert_string_equal(order(in, text), "0:1 0:2 1:1 1:2");
    assert_int_equal(input_file(in, 0)->status, INPUT_CUT_SHORT);
    assert_non_null(strstr(input_file(in, 0)->message, "after packet 2"));
    assert_int_equal(input_file(in, 2)->status, INPUT_UNREADABLE);
    assert_non_null(strstr(input_file(in, 2)->message, w->path[2]));
    input_close(in);
}

static void filtered_records_are_still_delivered(void **state)
{
    struct world *w = *state;
    struct record r;

    write_capture(w->path[0], (int[]){0, 10, -1}, 0);
    struct input *in = open_n(w, 1, "tcp");
    assert_true(input_next(in, &r));
    assert_true(r.filtered);
    assert_true(input_next(in, &r));
    assert_int_equal(r.number, 2);
    assert_false(input_next(in, &r));
    assert_int_equal(input_file(in, 0)->filtered, 2);
    input_close(in);
    assert_null(open_n(w, 1, "no such thing"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(files_are_merged_by_time),
        TEST(a_step_back_keeps_its_place),
        TEST(damage_keeps_what_came_before),
        TEST(filtered_records_are_still_delivered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
