/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The reader for everything that libpcap opens: pcap of both byte orders with microseconds or
 * nanoseconds and its variants, pcapng whose interfaces have one link type. */
#ifndef LASTACK_CAPTURE_SOURCE_PCAP_H
#define LASTACK_CAPTURE_SOURCE_PCAP_H

#include "capture/source.h"

extern const struct source_ops source_pcap;

#endif
