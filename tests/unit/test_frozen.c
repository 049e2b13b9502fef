/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What freeze() packs comes back in every field: connections of numbers drawn at random, and those
 * of every capture that the tests have. */
#include "base/xalloc.h"
#include "capture/input.h"
#include "decode/decode.h"
#include "track/frozen.h"
#include "track/steplog.h"
#include "track/tail.h"
#include "track/tracker.h"
#include "random64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <cmocka.h>

/* --- comparing -------------------------------------------------------------------------------- */

static void same_connection(const struct connection *a, const struct connection *b, bool recent)
{
    struct flow x = a->flow, y = b->flow;
    size_t n = steplog_kept(&a->steps);

    for (struct flow *f = &x; f; f = f == &x ? &y : NULL) {
        memset(&f->entry, 0, sizeof f->entry);
        f->whole_prev = f->whole_next = NULL;
        f->whole_since = 0;
        f->whole_list = 0;
        f->most_holes = 0;
        f->extra = NULL;
        for (int dir = 0; dir < 2 && !recent; dir++)
            memset(&f->side[dir].recent, 0, sizeof f->side[dir].recent);
    }
    assert_memory_equal(&x, &y, sizeof x);
    assert_int_equal(a->clock_steps, b->clock_steps);
    assert_int_equal(a->losses, b->losses);
    assert_int_equal(a->steps.total, b->steps.total);
    assert_memory_equal(a->steps.open_fold, b->steps.open_fold, sizeof a->steps.open_fold);
    if (n)
        assert_memory_equal(a->steps.at, b->steps.at, n * sizeof *a->steps.at);
    assert_int_equal(!a->flow.extra, !b->flow.extra);
    if (a->flow.extra)
        assert_memory_equal(a->flow.extra, b->flow.extra, sizeof *a->flow.extra);
    assert_int_equal(!a->before, !b->before);
    if (a->before)
        assert_memory_equal(a->before, b->before, sizeof *a->before);
}

static size_t round_trip(const struct connection *c, bool recent)
{
    static uint8_t packed[FROZEN_MAX];
    struct arena arena = {0};
    struct slabs slabs = {0};
    struct pool chunks;
    struct connection alive;
    size_t size = freeze(c, recent, packed);
    struct flow_key key = frozen_key(packed);

    assert_true(size <= FROZEN_MAX);
    assert_memory_equal(&key, &c->flow.key, sizeof key);
    same_connection(c, thaw(packed, &arena), recent);
    pool_init(&chunks, STEPS_CHUNK * sizeof(struct step), &slabs);
    thaw_alive(packed, &alive, &chunks);
    same_connection(c, &alive, recent);
    steplog_done(&alive.steps, &chunks);
    free(alive.flow.extra);
    free(alive.before);
    slabs_done(&slabs);
    arena_done(&arena);
    return size;
}

/* --- numbers at random ------------------------------------------------------------------------ */

/* Small numbers, edges and anything, in equal shares. */
static uint64_t number(void)
{
    static const uint64_t edges[] = {0, 1, 127, 128, 0x7fffffff, 0x80000000, 0xffffffff};

    switch (random64() % 3) {
    case 0:
        return random64() % 100;
    case 1:
        return edges[random64() % 7];
    default:
        return random64();
    }
}

static void random_octets(void *to, size_t n)
{
    uint8_t *p = to;

    for (size_t i = 0; i < n; i++)
        p[i] = random64() % 2 ? (uint8_t)random64() : 0;
}

static void random_side(struct side *s, const struct flow *f)
{
    *s = (struct side){.isn = (uint32_t)number(),
                       .base = (uint32_t)number(),
                       .nxt = (uint32_t)number(),
                       .una = (uint32_t)number(),
                       .fin_seq = (uint32_t)number(),
                       .window = (uint32_t)number() & 0xffff,
                       .ts_last = (uint32_t)number(),
                       .syn_print = (uint32_t)number(),
                       .bits = (uint16_t)number(),
                       .wscale = (uint8_t)number(),
                       .ttl = (uint8_t)number(),
                       .syn_ttl = (uint8_t)number(),
                       .system = (uint8_t)number(),
                       .packets = (uint32_t)number(),
                       .retransmissions = (uint32_t)number(),
                       .probes = (uint32_t)number(),
                       .unanswered = (uint16_t)number(),
                       .rexmit_run = (uint16_t)number(),
                       .rexmit_gap_us = (uint32_t)number(),
                       .bytes = number()};
    s->max_window = s->window + ((uint32_t)number() & 0xffffff);
    s->last_t = f->last_t - (int64_t)(number() % 100000000000);
    s->last_data_t = random64() % 2 ? s->last_t - (int64_t)(number() % 100000000000) : 0;
    if (random64() % 2)
        s->recent = (struct recent){.print = (uint32_t)number(),
                                    .t_us = (uint32_t)number(),
                                    .via = (uint32_t)number(),
                                    .ip_id = (uint16_t)number(),
                                    .ttl = (uint8_t)number(),
                                    .valid = true};
}

static void random_step(struct steps *log, struct pool *chunks, int64_t t)
{
    struct segment s = {
        .at = {.t = t, .packet = number() & 0xffffffffff, .file = number() & 0xffff},
        .seq = (uint32_t)number(),
        .ack = (uint32_t)number(),
        .len = number() & 0xffffff,
        .flags = number() & 0x1ff,
        .window = (uint16_t)number(),
        .ip_id = (uint16_t)number(),
        .ttl = (uint8_t)number(),
        .ts_val = (uint32_t)number(),
        .options = random64() % 2 ? OPT_TIMESTAMPS : 0};
    struct icmp_error e = {.at = s.at, .seq = s.seq, .type = s.ttl, .code = s.ttl};
    int dir = (int)(random64() % 2);

    switch (random64() % 4) {
    case 0:
        steplog_icmp(log, chunks, &e, dir);
        break;
    case 1:
        steplog_fold(log, chunks, &s, dir, s.len / 2, true);
        break;
    default:
        steplog_add(log, chunks, &s, dir, (uint32_t)number() & 0x3fffff)->of_other =
            random64() % 8 == 0;
    }
}

/* Into zeros: padding is compared, too. */
static void random_ref(struct ref *r, int64_t t, int64_t unit)
{
    r->t = t - (int64_t)(number() % 1000000) * unit;
    r->packet = number() | 1;
    r->file = (uint32_t)number();
}

static struct tail *random_tail(int64_t t, int64_t unit)
{
    struct tail *tail = xcalloc(1, sizeof *tail);

    tail->stream = number();
    random_ref(&tail->first, t, unit);
    random_ref(&tail->last, t, unit);
    tail->both_acked = random64() % 2;
    tail->by_reset = random64() % 2;
    tail->whole = random64() % 2;
    for (int dir = 0; dir < 2; dir++) {
        tail->state[dir] = (enum tcp_state)(random64() % ST_COUNT);
        tail->proven[dir] = (enum tcp_state)(random64() % ST_COUNT);
        tail->held[dir] = random64() % 2;
        tail->time_wait_since[dir] = random64() % 2 ? tail->last.t + unit : 0;
        if (random64() % 2)
            random_ref(&tail->killed[dir], t, unit);
        tail->numbered[dir] = random64() % 2;
        tail->isn[dir] = (uint32_t)number();
        tail->last_seq[dir] = (uint32_t)number();
        tail->max_window[dir] = (uint32_t)number();
        tail->ts[dir] = random64() % 2;
        tail->ts_last[dir] = (uint32_t)number();
        tail->syn_print[dir] = (uint32_t)number();
        tail->syn_ttl[dir] = (uint8_t)number();
    }
    return tail;
}

static void test_random(void **state)
{
    struct slabs slabs = {0};
    struct pool chunks;

    (void)state;
    pool_init(&chunks, STEPS_CHUNK * sizeof(struct step), &slabs);
    for (int round = 0; round < 2000; round++) {
        struct connection c = {.steps.most = round % 7 ? STEPS_USUAL : 64};
        struct flow *f = &c.flow;
        int64_t unit = random64() % 2 ? 1000 : 1, t = (int64_t)(number() % 8000000000) * NS_PER_S;

        for (int dir = 0; dir < 2; dir++) {
            uint8_t octets[16];

            random_octets(octets, sizeof octets);
            f->key.addr[dir] = round % 3 ? addr_v4(octets) : addr_v6(octets);
            f->key.port[dir] = (uint16_t)number();
        }
        f->key.tap = number() & 0xff;
        f->stream = number();
        f->last_packet = number();
        f->last_t = t;
        f->incarnation = (uint32_t)number();
        f->duplicates = (uint32_t)number();
        f->plain = (uint32_t)number();
        f->rtt_us = (uint32_t)number();
        f->last_file = (uint32_t)number();
        f->path = (uint16_t)number();
        f->translated = round % 2;
        f->key.tenant = number() & 0xf;
        f->tenant[round % 2] = (uint16_t)number();
        f->client = random64() % 2;
        f->bits = (uint8_t)number();
        c.clock_steps = (uint16_t)number();
        c.losses = (uint16_t)number();
        for (int n = (int)(round % 50 ? random64() % 12 : random64() % 600); n > 0; n--)
            random_step(&c.steps, &chunks,
                        t += (int64_t)(number() % 1000000000) / unit * unit - 1000000);
        for (int dir = 0; dir < 2; dir++)
            random_side(&f->side[dir], f);
        if (round % 4 == 0) {
            f->extra = xcalloc(1, sizeof *f->extra);
            random_octets(f->extra, sizeof *f->extra);
        }
        if (round % 5 == 0)
            c.before = random_tail(t, unit);
        round_trip(&c, true);
        round_trip(&c, false);
        steplog_done(&c.steps, &chunks);
        free(f->extra);
        free(c.before);
    }
    slabs_done(&slabs);
}

/* --- captures --------------------------------------------------------------------------------- */

struct world {
    struct tracker tracker;
    size_t n, octets;
    uint64_t digest; /* of what was handed on, in order */
};

static void finished(void *context, struct connection *c, int64_t judged_at)
{
    struct world *w = context;

    (void)judged_at;
    round_trip(c, true);
    w->octets += round_trip(c, false);
    w->n++;
    tracker_release(&w->tracker, c);
}

static void digested(void *context, struct connection *c, int64_t judged_at)
{
    struct world *w = context;
    uint8_t packed[FROZEN_MAX];

    w->digest =
        XXH3_64bits_withSeed(packed, freeze(c, false, packed), w->digest ^ (uint64_t)judged_at);
    w->n++;
    tracker_release(&w->tracker, c);
}

/* whole_least: so many connections are left whole while others rest packed. */
static void read_capture(const char *path, struct world *w, tracker_finished *take,
                         size_t whole_least)
{
    const struct settings settings = settings_default();
    const uint32_t tap_of[1] = {0};
    struct input *in = input_open(&path, 1, NULL, NULL);
    struct decoder *decoder = decoder_new();
    struct record r;

    tracker_init(&w->tracker, &settings, tap_of, 1, take, w);
    w->tracker.whole_least = whole_least;
    while (input_next(in, &r)) {
        const struct packet packet = {.at = {.t = r.t, .packet = r.number},
                                      .data = r.data,
                                      .caplen = r.caplen,
                                      .wirelen = r.wirelen,
                                      .link_type = r.link_type};
        struct tracker_record to = {.t = r.t, .clock_steps = r.clock_steps};

        to.kind = decode_packet(decoder, &packet, &to.segment, &to.icmp);
        if (to.kind == DECODE_SEGMENT)
            flow_lookup(&w->tracker.flows.keying, &to.segment, &to.lookup);
        tracker_take(&w->tracker, &to, 1);
    }
    tracker_end(&w->tracker);
    tracker_done(&w->tracker);
    decoder_free(decoder);
    input_close(in);
}

static glob_t captures(void)
{
    const char *builddir = getenv("builddir"), *srcdir = getenv("srcdir");
    char pattern[2][4096];
    glob_t found;

    snprintf(pattern[0], sizeof pattern[0], "%s/captures/*/*.pcap", builddir ? builddir : ".");
    snprintf(pattern[1], sizeof pattern[1], "%s/fixtures/real/*.pcap", srcdir ? srcdir : ".");
    glob(pattern[0], 0, NULL, &found);
    glob(pattern[1], GLOB_APPEND, NULL, &found);
    assert_true(found.gl_pathc > 100);
    return found;
}

static void test_captures(void **state)
{
    struct world w = {.n = 0};
    glob_t found = captures();

    (void)state;
    for (size_t i = 0; i < found.gl_pathc; i++)
        read_capture(found.gl_pathv[i], &w, finished, SIZE_MAX);
    globfree(&found);
    assert_true(w.n > 1000);
    assert_true(w.octets < w.n * 400); /* a few hundred octets each, or there is no point in it */
    print_message("# %zu connections, %zu octets each\n", w.n, w.octets / w.n);
}

/* Connections that rest packed between any two packets end like those that never did. */
static void test_rest(void **state)
{
    glob_t found = captures();

    (void)state;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct world whole = {.n = 0}, packed = {.n = 0};

        read_capture(found.gl_pathv[i], &whole, digested, SIZE_MAX);
        read_capture(found.gl_pathv[i], &packed, digested, 0);
        if (whole.n != packed.n || whole.digest != packed.digest)
            fail_msg("%s: %zu and %zu connections", found.gl_pathv[i], whole.n, packed.n);
    }
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_captures),
        cmocka_unit_test(test_rest),
    };

    return cmocka_run_group_tests_name("frozen", tests, NULL, NULL);
}
