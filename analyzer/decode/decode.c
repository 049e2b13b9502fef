/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode.h"

#include "base/xalloc.h"
#include "decode/layer.h"
#include "decode/link.h"

#include <stdlib.h>

struct decoder *decoder_new(void)
{
    struct decoder *d = xcalloc(1, sizeof *d);

    d->fragments = fragments_new();
    return d;
}

void decoder_free(struct decoder *d)
{
    fragments_free(d->fragments);
    path_done(&d->paths);
    free(d);
}

enum decode_kind decode_packet(struct decoder *d, const struct packet *packet,
                               struct segment *segment, struct icmp_error *icmp)
{
    struct layer y = {
        .decoder = d,
        .packet = packet,
        .in = bytes_of(packet->data, packet->caplen),
        .wire = packet->wirelen,
        .segment = segment,
        .icmp = icmp,
    };

    return link_decode(&y);
}

void decoder_finish(struct decoder *d)
{
    fragments_finish(d->fragments, &d->notes);
}

const struct notes *decoder_notes(const struct decoder *d)
{
    return &d->notes;
}

const char *decoder_path(const struct decoder *d, uint16_t path)
{
    return path_text(&d->paths, path);
}
