/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Records written as a capture: classic pcap with nanoseconds, which everybody reads; pcapng where
 * records of several link types or interfaces meet, which pcap can't tell apart, or of a link type
 * that libpcap does not know. */
#ifndef LASTACK_CAPTURE_DUMP_H
#define LASTACK_CAPTURE_DUMP_H

#include "capture/source.h"

#include <stdbool.h>
#include <stdio.h>

enum { DUMP_MIXED = -1 };

struct dump;

/* Begin a capture on out, which belongs to the dump from now on. link_type: LINKTYPE_ value of all
 * records to come, or DUMP_MIXED: they are of several, or of several interfaces. */
struct dump *dump_open(FILE *out, int link_type);
/* Write a record with its own time, lengths and octets. */
void dump_record(struct dump *d, const struct record *r);
/* False when not all of it could be written. */
bool dump_close(struct dump *d);

#endif
