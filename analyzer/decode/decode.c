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
    d->paths = path_table_new();
    return d;
}

void decoder_free(struct decoder *d)
{
    fragments_free(d->fragments);
    path_table_free(d->paths);
    free(d);
}

enum decode_kind decode_packet(struct decoder *d, const struct packet *packet,
                               struct segment *segment, struct icmp_error *icmp)
{
    struct layer y; /* the path is long: only what counts is set */

    y.decoder = d;
    y.packet = packet;
    y.in.p = packet->data;
    y.in.len = packet->caplen;
    y.in.short_read = false;
    y.wire = packet->wirelen;
    y.via = packet->interface * 0x9e3779b1u;
    y.guessed = false;
    y.wrappers = 0;
    y.segment = segment;
    y.icmp = icmp;
    y.path.n = 0;
    d->joined = false;
    return link_decode(&y);
}

const struct ref *decoder_earlier(const struct decoder *d, size_t *n)
{
    *n = 0;
    return d->joined ? fragments_records(d->fragments, n) : NULL;
}

bool decoder_payload(const struct decoder *d, const struct packet *packet, uint32_t *from)
{
    if (d->joined)
        return false;
    *from = (uint32_t)(d->tcp - packet->data) + (uint32_t)(d->tcp[12] >> 4) * 4;
    return true;
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
    return path_text(d->paths, path);
}
