/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What many connections of one host show together: P2 close-wait-leak, T8 tw-accumulation. */
#ifndef LASTACK_DETECT_HOST_FINDINGS_H
#define LASTACK_DETECT_HOST_FINDINGS_H

#include "detect/capture_wide.h"
#include "detect/host.h"

/* Findings about h into out[0..1]; returns how many. */
size_t host_findings(const struct host *h, const struct settings *settings, struct arena *arena,
                     struct cross_finding out[2]);

#endif
