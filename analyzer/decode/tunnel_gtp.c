/* SPDX-License-Identifier: BSD-2-Clause
 *
 * GTP-U, the user plane of mobile networks (3GPP TS 29.281 5). A tunnel's number (TEID) belongs to
 * one direction, changes with a handover and is not shown: it separates nothing. */
#include "decode/tunnel.h"

#include "decode/ethertype.h"

enum {
    VERSION_1 = 0x20,
    PROTOCOL_GTP = 0x10, /* not GTP' of charging */
    RESERVED = 0x08,
    EXTENSION = 0x04,
    OPTIONAL = 0x07, /* any of extension, sequence, N-PDU: four octets follow for all of them */
    USER_DATA = 255,
    EXTENSIONS = 16,
};

/* Extension headers, each with its length in units of four octets and the type of the next at its
 * end; false when they don't end. */
static bool extensions(struct layer *y, uint8_t next)
{
    for (int n = 0; next && n < EXTENSIONS; n++) {
        uint32_t len = y->in.len ? y->in.p[0] * 4u : 0;
        const uint8_t *h = len ? layer_take(y, len) : NULL;

        if (!h)
            return false;
        next = h[len - 1];
    }
    return !next;
}

enum decode_kind gtp_decode(struct layer *y)
{
    const uint8_t *h = layer_take(y, 8);

    if (!h || (h[0] & ~OPTIONAL) != (VERSION_1 | PROTOCOL_GTP) || h[1] != USER_DATA ||
        layer_be16(h + 2) != (uint16_t)y->wire)
        return DECODE_NOTHING;
    if (!layer_enter(y, PATH_GTP, 0))
        return DECODE_NOTHING;
    if (h[0] & OPTIONAL) {
        const uint8_t *more = layer_take(y, 4);

        if (!more)
            return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
        if ((h[0] & EXTENSION) && !extensions(y, more[3]))
            return layer_cut(y, NOTE_TUNNEL_TRUNCATED);
    }
    return ip_decode(y);
}
