/* SPDX-License-Identifier: BSD-2-Clause
 *
 * pcapng (draft-ietf-opsawg-pcapng): any number of sections, each in its byte order, with any
 * number of interfaces, each with its link type and clock. Blocks: section header, interface
 * description, enhanced, simple and old packet, interface statistics; all others are skipped (names
 * are never looked up, secrets never read). A simple packet has no time and gets that of the record
 * before it. */
#ifndef LASTACK_CAPTURE_SOURCE_PCAPNG_H
#define LASTACK_CAPTURE_SOURCE_PCAPNG_H

#include "capture/source.h"

extern const struct source_ops source_pcapng;

#endif
