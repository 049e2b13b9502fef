/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Which connections a finding over many of them is about, as conditions of the list: those of its
 * host or service, in its time, with one of the findings that it explains. */
#ifndef LASTACK_TUI_ABOUT_H
#define LASTACK_TUI_ABOUT_H

#include "tui/list.h"

enum { ABOUT_MOST = 4 };

/* origin: the start of the capture, ns. Returns how many conditions there are; 0: it is about the
 * whole capture. */
size_t about(const struct model_cross_finding *x, int64_t origin,
             struct narrowing out[static ABOUT_MOST]);

#endif
