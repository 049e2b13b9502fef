/* SPDX-License-Identifier: BSD-2-Clause
 *
 * IP fragments put together (RFC 791 3.2, RFC 8200 4.5). Bounded: so many datagrams at a time, so
 * many octets and fragments each; what is dropped is counted. Only the captured octets at the start
 * are kept (headers are all that is needed), lengths are those of the whole datagram. Overlapping
 * fragments drop the datagram (RFC 5722). Copies, before or just after it became whole, change
 * nothing. */
#ifndef LASTACK_DECODE_FRAGMENTS_H
#define LASTACK_DECODE_FRAGMENTS_H

#include "base/addr.h"
#include "base/ref.h"
#include "decode/note.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fragments;

struct fragment {
    struct addr src, dst;
    uint32_t id;
    uint8_t protocol;
    uint16_t tenant;     /* see path_tenant() */
    bool joins_only;     /* worth nothing unless it belongs to a datagram that has begun */
    bool more;           /* not the last */
    uint32_t offset;     /* of its first octet in the datagram */
    uint32_t len;        /* octets on the wire */
    const uint8_t *data; /* caplen of them, borrowed */
    uint32_t caplen;
    struct ref at;
};

/* A whole datagram. */
struct whole {
    const uint8_t *data; /* valid until the next fragments_add() */
    uint32_t caplen;     /* octets at data */
    uint32_t len;        /* octets of the datagram */
};

enum { FRAGMENT_RECORDS = 64 }; /* of one datagram whose records are remembered */

struct fragments *fragments_new(void);
/* Take a fragment; true when it completes a datagram. Trouble is counted in notes. */
bool fragments_add(struct fragments *f, const struct fragment *part, struct whole *whole,
                   struct notes *notes);
/* The records of the datagram that became whole in the last fragments_add(), the one that completed
 * it excluded: *n of them, in order of arrival. They stay until the next fragments_add(). */
const struct ref *fragments_records(const struct fragments *f, size_t *n);
/* No more fragments come: count the datagrams that stay incomplete. */
void fragments_finish(struct fragments *f, struct notes *notes);
void fragments_free(struct fragments *f);

#endif
