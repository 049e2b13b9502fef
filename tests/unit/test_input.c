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
    char dir[] = "/tmp/lastack-test-XXXXXX";

    if (!mkdtemp(dir))
        return -1;
    strcpy(w->dir, dir);
    for (int i = 0; i < FILES; i++)
        snprintf(w->path[i], sizeof w->path[i], "%s/%d.pcap", dir, i);
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

static void gaps_and_overlaps_between_files(void **state)
{
    struct world *w = *state;
    const uint32_t tap_of[FILES] = {0, 0, 0};
    struct input_overlap overlap;
    char text[256];
    size_t n;
    uint64_t total;

    write_capture(w->path[0], (int[]){0, 2000, 4000, -1}, 0);
    write_capture(w->path[1], (int[]){20000, 21000, 30000, -1}, 0); /* 16 s after 2 s at most */
    write_capture(w->path[2], (int[]){29000, 39000, -1}, 0);        /* 1 s too early */
    struct input *in = open_n(w, 3, NULL);
    assert_string_equal(order(in, text), "0:1 0:2 0:3 1:1 1:2 2:1 1:3 2:2");
    const struct input_gap *gap = input_gaps(in, &n, &total);
    assert_int_equal(n, 1);
    assert_int_equal(total, 1);
    assert_int_equal(gap[0].before, 0);
    assert_int_equal(gap[0].after, 1);
    assert_int_equal(gap[0].to - gap[0].from, 16000000000);
    assert_int_equal(input_overlaps(in, tap_of, &overlap, 1), 1);
    assert_int_equal(overlap.before, 1);
    assert_int_equal(overlap.after, 2);
    assert_int_equal(overlap.to - overlap.from, 1000000000);
    assert_int_equal(input_overlaps(in, (uint32_t[]){0, 0, 1}, &overlap, 1), 0);
    input_close(in);
}

static void a_directory_is_read_in_order_of_time(void **state)
{
    struct world *w = *state;
    const char *path = w->dir;
    char text[256];

    write_capture(w->path[0], (int[]){30, 40, -1}, 0);
    write_capture(w->path[1], (int[]){10, 20, -1}, 0);
    FILE *f = fopen(w->path[2], "w");
    fputs("no capture\n", f);
    fclose(f);
    struct input *in = input_open(&path, 1, NULL, NULL);
    assert_int_equal(input_n_files(in), 2);
    assert_string_equal(input_file(in, 0)->path, w->path[1]);
    assert_string_equal(order(in, text), "0:1 0:2 1:1 1:2");
    assert_int_equal(input_n_skipped(in), 1);
    assert_non_null(strstr(input_skipped(in, 0), w->path[2]));
    input_close(in);
}

/* More files than are open at once: those of one file after the other are read all the same. */
static void a_hundred_files(void **state)
{
    enum { MANY = 100 };
    struct world *w = *state;
    char path[MANY][96];
    const char *paths[MANY];
    struct record r;
    int64_t t = 0;
    size_t n = 0;

    for (int i = 0; i < MANY; i++) {
        int ms[] = {(i * 37 % MANY) * 10, (i * 37 % MANY) * 10 + 15, -1};

        snprintf(path[i], sizeof path[i], "%s/many-%d", w->dir, i);
        paths[i] = path[i];
        write_capture(path[i], ms, 0);
    }
    struct input *in = input_open(paths, MANY, NULL, NULL);
    for (; input_next(in, &r); n++) {
        assert_true(r.t >= t);
        t = r.t;
    }
    assert_int_equal(n, 2 * MANY);
    input_close(in);
    for (int i = 0; i < MANY; i++)
        unlink(path[i]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(files_are_merged_by_time),
        TEST(a_step_back_keeps_its_place),
        TEST(damage_keeps_what_came_before),
        TEST(filtered_records_are_still_delivered),
        TEST(gaps_and_overlaps_between_files),
        TEST(a_directory_is_read_in_order_of_time),
        TEST(a_hundred_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
