/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The reader for every format that libpcap opens and no other reader knows: the variants of pcap
 * and its older versions. Also the judge of the other readers: a test compares them record by
 * record. */
#ifndef LASTACK_CAPTURE_SOURCE_LIBPCAP_H
#define LASTACK_CAPTURE_SOURCE_LIBPCAP_H

#include "capture/source.h"

extern const struct source_ops source_libpcap;

#endif
