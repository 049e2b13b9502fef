/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the decoders of the layers share: the packet on its way down, and where the result goes. */
#ifndef LASTACK_DECODE_LAYER_H
#define LASTACK_DECODE_LAYER_H

#include "base/bytes.h"
#include "decode/decode.h"
#include "decode/fragments.h"
#include "decode/path.h"

struct decoder {
    struct notes notes;
    struct fragments *fragments;
    struct path_table paths;
};

/* One packet while it is decoded. */
struct layer {
    struct decoder *decoder;
    const struct packet *packet;
    struct bytes in; /* captured octets from the current header on */
    uint32_t wire;   /* octets on the wire from the current header on; never less than in.len */
    uint32_t via;    /* see struct segment */
    uint16_t path;
    struct segment *segment; /* the results */
    struct icmp_error *icmp;
};

/* Count a note about the packet. */
static inline enum decode_kind layer_note(const struct layer *y, enum note_kind kind)
{
    notes_add(&y->decoder->notes, kind, &y->packet->at, 0);
    return DECODE_NOTHING;
}

/* n octets of header are done. */
static inline void layer_skip(struct layer *y, uint32_t n)
{
    bytes_skip(&y->in, n);
    y->wire -= n < y->wire ? n : y->wire;
}

#endif
