/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the decoders of the layers share: the packet on its way down, and where the result goes.
 *
 * A layer takes its header, says what it is (layer_enter(), which bounds the depth) and calls the
 * next one. Where only a port number or a first nibble speaks for a header the layers below are
 * `guessed`: until an IP header confirms them nothing that is wrong with them is worth a note. */
#ifndef LASTACK_DECODE_LAYER_H
#define LASTACK_DECODE_LAYER_H

#include "base/bytes.h"
#include "decode/decode.h"
#include "decode/fragments.h"
#include "decode/path.h"

#include <string.h>

struct link_row;

struct decoder {
    struct notes notes;
    struct fragments *fragments;
    struct path_table *paths;
    const struct link_row *link; /* of the packet before */
    bool joined;                 /* the packet at hand completed a datagram of several fragments */
    const uint8_t *tcp;          /* the header of the segment that was decoded last */
};

/* One packet while it is decoded. */
struct layer {
    struct decoder *decoder;
    const struct packet *packet;
    struct bytes in;  /* captured octets from the current header on */
    uint32_t wire;    /* octets on the wire from the current header on; never less than in.len */
    uint32_t via;     /* see struct segment */
    bool guessed;     /* no header has confirmed yet that this is what it is taken for */
    uint8_t wrappers; /* link headers inside link headers so far */
    struct segment *segment; /* the results */
    struct icmp_error *icmp;
    struct path_key path;
};

typedef enum decode_kind layer_decode(struct layer *y);

/* Count a note about the packet. */
static inline enum decode_kind layer_note(const struct layer *y, enum note_kind kind)
{
    if (!y->guessed)
        notes_add(&y->decoder->notes, kind, &y->packet->at, 0);
    return DECODE_NOTHING;
}

/* Count that the packet ends inside a header. One that a snap length cut is counted even where the
 * header is only a guess: nothing can be said against it. */
static inline enum decode_kind layer_cut(const struct layer *y, enum note_kind kind)
{
    if (!y->guessed || y->packet->caplen < y->packet->wirelen)
        notes_add(&y->decoder->notes, kind, &y->packet->at, 0);
    return DECODE_NOTHING;
}

/* The next n octets, a header, which is done; NULL when fewer were captured. */
static inline const uint8_t *layer_take(struct layer *y, uint32_t n)
{
    y->wire -= n < y->wire ? n : y->wire;
    return bytes_take(&y->in, n);
}

/* n octets of header are done. */
static inline void layer_skip(struct layer *y, uint32_t n)
{
    (void)layer_take(y, n);
}

/* No more than n octets belong to the current layer: behind them is padding. */
static inline void layer_limit(struct layer *y, uint32_t n)
{
    bytes_limit(&y->in, n);
    if (n < y->wire)
        y->wire = n;
}

/* Mixes up to 8 octets into a hash. */
static inline uint64_t layer_mix(uint64_t h, const uint8_t *p, size_t n)
{
    uint64_t word = 0;

    memcpy(&word, p, n);
    h = (h ^ word ^ n) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

/* What a layer adds to `via`, which tells copies of a packet in two places apart; nothing depends
 * on the quality of the hash. */
static inline void layer_via(struct layer *y, const void *octets, size_t n)
{
    const uint8_t *p = octets;
    uint64_t h = y->via;

    for (; n > 8; p += 8, n -= 8)
        h = layer_mix(h, p, 8);
    h = layer_mix(h, p, n);
    y->via = (uint32_t)h ? (uint32_t)h : 1;
}

/* An encapsulation begins. False, and counted, when there are too many around it already. */
static inline bool layer_enter(struct layer *y, enum path_kind kind, uint32_t id)
{
    if (y->path.n == PATH_LAYERS) {
        layer_note(y, NOTE_TUNNEL_DEEP);
        return false;
    }
    y->path.layer[y->path.n++] = (uint64_t)kind << 32 | id;
    layer_via(y, &y->path.layer[y->path.n - 1], sizeof *y->path.layer);
    return true;
}

/* The number of the encapsulation so far, see path_number(). */
static inline uint16_t layer_path(const struct layer *y)
{
    bool full = false;
    uint16_t number = y->path.n ? path_number(y->decoder->paths, &y->path, &full) : 0;

    if (full)
        notes_add(&y->decoder->notes, NOTE_PATH_LIMIT, &y->packet->at, 0);
    return number;
}

static inline uint16_t layer_be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t layer_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

#endif
