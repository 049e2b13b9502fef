/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Classic pcap, version 2.4, both byte orders, microseconds and nanoseconds: records are handed out
 * where they lie in the window. Variants and older versions are libpcap's (source_libpcap.h). */
#ifndef LASTACK_CAPTURE_SOURCE_PCAP_H
#define LASTACK_CAPTURE_SOURCE_PCAP_H

#include "capture/source.h"

extern const struct source_ops source_pcap;

#endif
