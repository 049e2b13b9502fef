/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What many connections of one host show together: P2 close-wait-leak, T8 tw-accumulation. */
#ifndef LASTACK_DETECT_HOST_FINDINGS_H
#define LASTACK_DETECT_HOST_FINDINGS_H

#include "detect/findings_across.h"
#include "detect/host.h"

void hosts_finish(const struct host_table *t, const struct settings *settings,
                  struct cross_list *out);

#endif
