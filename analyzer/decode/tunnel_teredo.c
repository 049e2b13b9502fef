/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Teredo: IPv6 over UDP through NAT, after indications that a server adds (RFC 4380 5.1.1). */
#include "decode/tunnel.h"

enum { INDICATIONS = 2 }; /* authentication and origin, once each */

/* Identifier and authentication value of given lengths, nonce, confirmation. */
static bool authentication(struct layer *y)
{
    const uint8_t *h = layer_take(y, 4);

    return h && layer_take(y, h[2] + h[3] + 9u);
}

static bool is_teredo(const uint8_t *address)
{
    return layer_be32(address) == 0x20010000;
}

/* A client's or a server's packet has a Teredo address at one end, or link-local ones; all of those
 * with TCP have the former. */
enum decode_kind teredo_decode(struct layer *y)
{
    for (int n = 0; n < INDICATIONS && y->in.len >= 2 && y->in.p[0] == 0; n++) {
        bool done = y->in.p[1] == 1   ? authentication(y)
                    : y->in.p[1] == 0 ? layer_take(y, 8) != NULL /* origin: port, address */
                                      : false;

        if (!done)
            return DECODE_NOTHING;
    }
    const uint8_t *h = y->in.p;
    if (y->in.len < 40 || h[0] >> 4 != 6 || (!is_teredo(h + 8) && !is_teredo(h + 24)))
        return DECODE_NOTHING;
    if (!layer_enter(y, PATH_TEREDO, 0))
        return DECODE_NOTHING;
    return ipv6_decode(y);
}
