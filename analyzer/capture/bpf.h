/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A pcap-filter(7) expression, compiled for each link type when a record of it comes. */
#ifndef LASTACK_CAPTURE_BPF_H
#define LASTACK_CAPTURE_BPF_H

#include "base/error.h"
#include "capture/source.h"

#include <stdbool.h>

struct bpf;

/* Never fails: what is wrong with the expression shows when it is compiled for a link type. */
struct bpf *bpf_new(const char *expression);
/* Compile for a link type now; false with *err set when the expression is wrong for it. */
bool bpf_prepare(struct bpf *b, int link_type, struct error *err);
/* Whether the record passes. A link type for which the expression is wrong lets nothing pass. */
bool bpf_matches(struct bpf *b, const struct record *r);
void bpf_free(struct bpf *b);
/* libpcap's name of a link type, "EN10MB"; NULL when it has none. */
const char *bpf_link_name(int link_type);

#endif
