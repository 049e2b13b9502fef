/* SPDX-License-Identifier: BSD-2-Clause
 *
 * ICMP (RFC 792) and ICMPv6 (RFC 4443) errors that quote a TCP segment. */
#ifndef LASTACK_DECODE_ICMP_H
#define LASTACK_DECODE_ICMP_H

#include "decode/ip.h"

enum decode_kind icmp_decode(struct layer *y, const struct datagram *d);

#endif
