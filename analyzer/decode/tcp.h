/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The TCP header (RFC 9293 3.1) and its options. */
#ifndef LASTACK_DECODE_TCP_H
#define LASTACK_DECODE_TCP_H

#include "decode/ip.h"

enum decode_kind tcp_decode(struct layer *y, const struct datagram *d);

#endif
