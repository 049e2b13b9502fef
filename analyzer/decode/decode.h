/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Octets of one record -> the TCP segment or ICMP error in it. Layers call each other downwards:
 * link.c -> ethertype.c, ppp.c, ... -> ip.c -> tcp.c or icmp.c, or through tunnel.c to another IP
 * header; the innermost TCP counts. fragments.c puts datagrams together in bounded memory.
 * Whatever can't be decoded becomes a counted note; nothing here fails, and no octet is read before
 * its length was checked. */
#ifndef LASTACK_DECODE_DECODE_H
#define LASTACK_DECODE_DECODE_H

#include "capture/source.h"
#include "decode/note.h"
#include "decode/segment.h"

#include <stdbool.h>
#include <stddef.h>

/* A record to decode: the octets are borrowed for the call. */
struct packet {
    struct ref at;
    const uint8_t *data;
    uint32_t caplen, wirelen; /* octets in the file, octets on the wire */
    int link_type;            /* LINKTYPE_ value */
    uint16_t interface;       /* of the file; 0 where there is one only */
};

static inline struct packet packet_of(const struct record *r)
{
    return (struct packet){.at = {.t = r->t, .packet = r->number, .file = r->file},
                           .data = r->data,
                           .caplen = r->caplen,
                           .wirelen = r->wirelen,
                           .link_type = r->link_type,
                           .interface = r->interface};
}

enum decode_kind {
    DECODE_NOTHING, /* no TCP in it (another protocol, a fragment that waits, or a note was counted)
                     */
    DECODE_SEGMENT,
    DECODE_ICMP_ERROR,
};

struct decoder;

struct decoder *decoder_new(void);
void decoder_free(struct decoder *d);
/* Decode one record. Fills *segment or *icmp as the result says; the other is left alone. */
enum decode_kind decode_packet(struct decoder *d, const struct packet *packet,
                               struct segment *segment, struct icmp_error *icmp);
/* The earlier records that the packet just decoded was put together from, when it was the last of
 * several fragments: *n of them, in order; until the next decode_packet(). */
const struct ref *decoder_earlier(const struct decoder *d, size_t *n);
/* Where in the packet just decoded, a segment, the payload begins, in octets from its start; it may
 * lie behind what was captured. False when the packet does not hold all of it: it is the last of
 * several fragments. */
bool decoder_payload(const struct decoder *d, const struct packet *packet, uint32_t *from);
/* No more packets come: fragments that still wait are counted as incomplete. */
void decoder_finish(struct decoder *d);
/* What could not be decoded so far. */
const struct notes *decoder_notes(const struct decoder *d);
/* Encapsulation number `path` (segment.path) as text, outermost first, "vlan 12, vxlan 7"; "" for
 * none (path 0). The text belongs to the decoder. */
const char *decoder_path(const struct decoder *d, uint16_t path);

#endif
