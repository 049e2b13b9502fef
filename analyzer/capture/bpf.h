/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A pcap-filter(7) expression, compiled for each link type. The names in it (hosts, services) are
 * looked up when it is made, for the usual link types: later the process may have given up the
 * network. For another link type it is compiled when a record of it comes. */
#ifndef LASTACK_CAPTURE_BPF_H
#define LASTACK_CAPTURE_BPF_H

#include "base/error.h"
#include "capture/source.h"

#include <stdbool.h>

struct bpf;

/* Never fails: an expression can be wrong for one link type and right for another; bpf_prepare()
 * tells. */
struct bpf *bpf_new(const char *expression);
/* Whether the expression is right for a link type; *err says what is wrong. */
bool bpf_prepare(struct bpf *b, int link_type, struct error *err);
/* Whether the record passes. A link type for which the expression is wrong lets nothing pass. */
bool bpf_matches(struct bpf *b, const struct record *r);
void bpf_free(struct bpf *b);

#endif
