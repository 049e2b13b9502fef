/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the tests of the decoder share: a decoder, the results of its latest packet, and packets to
 * give it. */
#ifndef TEST_DECODE_WORLD_H
#define TEST_DECODE_WORLD_H

#include "decode/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { ETHERNET = 1, RAW = 101 };

struct world {
    struct decoder *d;
    struct segment segment;
    struct icmp_error icmp;
    uint64_t packets;
};

/* The octets in memory of exactly their size: a sanitizer sees the first one read beyond. */
static inline enum decode_kind decode(struct world *w, int link, const uint8_t *data, size_t caplen,
                                      size_t wirelen)
{
    uint8_t *copy = malloc(caplen ? caplen : 1);

    memcpy(copy, data, caplen);
    struct packet packet = {.at = {.t = (int64_t)++w->packets * 1000, .packet = w->packets},
                            .data = copy,
                            .caplen = (uint32_t)caplen,
                            .wirelen = (uint32_t)wirelen,
                            .link_type = link};
    enum decode_kind kind = decode_packet(w->d, &packet, &w->segment, &w->icmp);
    free(copy);
    return kind;
}

static inline uint64_t notes(const struct world *w, enum note_kind kind)
{
    return decoder_notes(w->d)->of[kind].count;
}

static inline int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    w->d = decoder_new();
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;

    decoder_free(w->d);
    free(w);
    return 0;
}

/* An IPv4 packet with TCP: `options` octets of options (a multiple of 4), `payload` octets. */
static inline size_t packet4(uint8_t *p, uint8_t flags, const uint8_t *options, size_t n_options,
                             size_t payload)
{
    size_t total = 40 + n_options + payload;

    memset(p, 0, total);
    p[0] = 0x45;
    p[2] = (uint8_t)(total >> 8);
    p[3] = (uint8_t)total;
    p[5] = 9;
    p[8] = 64;
    p[9] = 6;
    memcpy(p + 12, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
    uint8_t *t = p + 20;
    t[0] = 0x9c; /* 40000 -> 80 */
    t[1] = 0x40;
    t[3] = 80;
    t[7] = 100;
    t[11] = 200;
    t[12] = (uint8_t)((20 + n_options) / 4 << 4);
    t[13] = flags;
    t[14] = 0xfa;
    if (n_options)
        memcpy(t + 20, options, n_options);
    return total;
}

/* An IPv6 packet: next header, n octets of payload. */
static inline size_t packet6(uint8_t *p, uint8_t next, const uint8_t *payload, size_t n)
{
    memset(p, 0, 40);
    p[0] = 0x60;
    p[5] = (uint8_t)n;
    p[6] = next;
    p[7] = 63;
    p[23] = 1;
    p[39] = 2;
    memcpy(p + 40, payload, n);
    return 40 + n;
}

static inline void set_be16(uint8_t *p, size_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

/* A packet that is built from the inside out. */
struct frame {
    uint8_t p[2048];
    size_t n;
};

/* Put n octets before it. */
static inline void wrap(struct frame *f, const void *octets, size_t n)
{
    memmove(f->p + n, f->p, f->n);
    memcpy(f->p, octets, n);
    f->n += n;
}

/* The checksum of the IPv4 header at p. */
static inline void sum_ip4(uint8_t *p)
{
    uint32_t sum = 0;

    set_be16(p + 10, 0);
    for (int i = 0; i < 20; i += 2)
        sum += (uint32_t)(p[i] << 8 | p[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    set_be16(p + 10, ~sum & 0xffff);
}

static inline void wrap_ip4(struct frame *f, uint8_t protocol)
{
    uint8_t h[20] = {0x45, [8] = 64, [9] = protocol, [12] = 192, 0, 2, 1, 192, 0, 2, 2};

    set_be16(h + 2, f->n + 20);
    sum_ip4(h);
    wrap(f, h, 20);
}

static inline void wrap_udp(struct frame *f, uint16_t src, uint16_t dst)
{
    uint8_t h[8] = {0};

    set_be16(h, src);
    set_be16(h + 2, dst);
    set_be16(h + 4, f->n + 8);
    wrap(f, h, 8);
    wrap_ip4(f, 17);
}

/* A TCP segment in IPv4 with a good header checksum. */
static inline struct frame segment4(uint8_t flags)
{
    struct frame f = {.n = 0};

    f.n = packet4(f.p, flags, NULL, 0, 4);
    sum_ip4(f.p);
    return f;
}

#endif
