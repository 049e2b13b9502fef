/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Link layers: what stands before the IP header. */
#ifndef LASTACK_DECODE_LINK_H
#define LASTACK_DECODE_LINK_H

#include "decode/layer.h"

/* Decode the packet from its link header on. */
enum decode_kind link_decode(struct layer *y);

#endif
