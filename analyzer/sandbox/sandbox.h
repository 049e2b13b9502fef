/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the process gives up before it looks at the first octet of a capture: a flaw in the analyzer
 * must not become the power to do anything but misread that capture. Known to main.c alone.
 *
 * Afterwards the process can read the inputs (and random numbers) and write to what is open
 * already; with a browser also use the terminal, and create files below the current folder. There
 * is no network, no exec, no new process, no executable memory; root is given up. What is not here
 * (no seccomp, an old kernel, a container that forbids it) is left out and told, never an error:
 * the capture is analysed all the same. The capture's own content plays no part in any of this. */
#ifndef LASTACK_SANDBOX_SANDBOX_H
#define LASTACK_SANDBOX_SANDBOX_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

struct sandbox_plan {
    const char *const *inputs; /* files and folders; "-" and those that are not there do no harm */
    size_t n_inputs;
    bool interactive; /* a browser runs */
};

/* Give up all but what the plan needs, for good. Outputs must be open, names looked up, and no
 * thread may run. Adds what is on and what is not to *told: one line for a user. */
void sandbox_enter(const struct sandbox_plan *plan, struct strbuf *told);

#endif
