/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/taps.h"

#include "base/xalloc.h"
#include "capture/source.h"
#include "decode/decode.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

enum {
    RECORDS = 4096,    /* so many of each file are compared */
    BATCH = 32,        /* of them read at once */
    FILES = 1024,      /* more files than that are a rotated set: one tap */
    SEGMENTS_ALIKE = 3 /* and half of the smaller file: the same traffic */
};

/* A segment of a file, by everything that is the same wherever it is seen. */
struct print {
    uint64_t hash;
    uint32_t file;
};

struct comparison {
    size_t n_files;
    struct print *print;
    size_t n, cap;
    uint32_t *count;  /* different segments of each file */
    uint32_t *common; /* n_files x n_files */
};

static uint64_t hash_segment(const struct segment *s)
{
    struct {
        struct addr src, dst;
        uint16_t src_port, dst_port, flags, window;
        uint32_t seq, ack, len, ts_val;
    } key;

    memset(&key, 0, sizeof key);
    key.src = s->src;
    key.dst = s->dst;
    key.src_port = s->src_port;
    key.dst_port = s->dst_port;
    key.flags = s->flags;
    key.window = s->window;
    key.seq = s->seq;
    key.ack = s->ack;
    key.len = s->len;
    key.ts_val = s->options & OPT_TIMESTAMPS ? s->ts_val : 0;
    return XXH3_64bits(&key, sizeof key);
}

static void add_print(struct comparison *c, uint64_t hash, size_t file)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : RECORDS;
        c->print = xreallocarray(c->print, c->cap, sizeof *c->print);
    }
    c->print[c->n++] = (struct print){.hash = hash, .file = (uint32_t)file};
}

static void read_start(struct comparison *c, const char *path, size_t file)
{
    struct stat st;
    struct source *source = NULL;
    struct decoder *decoder = decoder_new();
    struct record r[BATCH];
    struct segment segment;
    struct icmp_error icmp;
    size_t n, seen = 0;

    if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
        source = source_open(path, (uint32_t)file, NULL);
    while (source && seen < RECORDS && source_next(source, r, BATCH, &n, NULL) == SOURCE_RECORD) {
        for (size_t i = 0; i < n; i++) {
            struct packet packet = {.at = {.t = r[i].t, .packet = r[i].number},
                                    .data = r[i].data,
                                    .caplen = r[i].caplen,
                                    .wirelen = r[i].wirelen,
                                    .link_type = r[i].link_type};

            if (decode_packet(decoder, &packet, &segment, &icmp) == DECODE_SEGMENT)
                add_print(c, hash_segment(&segment), file);
        }
        seen += n;
    }
    source_close(source);
    decoder_free(decoder);
}

static int by_hash(const void *a, const void *b)
{
    const struct print *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->file < y->file ? -1 : x->file > y->file;
}

/* Count what each two files have in common. */
static void compare(struct comparison *c)
{
    size_t kept = 0;

    if (c->n)
        qsort(c->print, c->n, sizeof *c->print, by_hash);
    for (size_t i = 0; i < c->n; i++) /* a segment counts once for each file */
        if (i == 0 || by_hash(&c->print[i], &c->print[i - 1]) != 0)
            c->print[kept++] = c->print[i];
    c->n = kept;
    for (size_t i = 0; i < c->n; i++) {
        c->count[c->print[i].file]++;
        for (size_t j = i + 1; j < c->n && c->print[j].hash == c->print[i].hash; j++)
            c->common[c->print[i].file * c->n_files + c->print[j].file]++;
    }
}

static int alike(const struct comparison *c, size_t a, size_t b)
{
    uint32_t common = c->common[a * c->n_files + b];
    uint32_t smaller = c->count[a] < c->count[b] ? c->count[a] : c->count[b];

    return common >= SEGMENTS_ALIKE && 2 * common >= smaller;
}

/* The first tap that has no file with the same traffic. */
static uint32_t place(const struct comparison *c, const uint32_t *tap_of, size_t file)
{
    uint32_t tap = 0;

    for (size_t other = 0; other < file;) {
        if (tap_of[other] == tap && alike(c, other, file)) {
            tap++;
            other = 0;
        } else {
            other++;
        }
    }
    return tap;
}

uint32_t taps_find(const char *const *paths, size_t n, uint32_t *tap_of)
{
    struct comparison c = {.n_files = n};
    uint32_t taps = 1;

    memset(tap_of, 0, n * sizeof *tap_of);
    if (n < 2 || n > FILES)
        return taps;
    c.count = xcalloc(n, sizeof *c.count);
    c.common = xcalloc(n * n, sizeof *c.common);
    for (size_t i = 0; i < n; i++)
        read_start(&c, paths[i], i);
    compare(&c);
    for (size_t i = 0; i < n; i++) {
        tap_of[i] = place(&c, tap_of, i);
        if (tap_of[i] >= taps)
            taps = tap_of[i] + 1;
    }
    free(c.print);
    free(c.count);
    free(c.common);
    return taps;
}
