/* SPDX-License-Identifier: BSD-2-Clause
 *
 * PPP (RFC 1661) with or without the address and control octets of its HDLC framing (RFC 1662), and
 * PPPoE sessions (RFC 2516). */
#ifndef LASTACK_DECODE_PPP_H
#define LASTACK_DECODE_PPP_H

#include "decode/layer.h"

enum decode_kind ppp_decode(struct layer *y);
enum decode_kind pppoe_decode(struct layer *y);

#endif
