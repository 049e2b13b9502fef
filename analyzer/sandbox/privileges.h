/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Root, given up. The process becomes the user whom the work is for: with a browser the owner of
 * the current folder, else the owner of an input, else who called sudo, else nobody. It keeps the
 * one or two capabilities without which it could not open the inputs (or, with a browser, create
 * files) any more, and only when that is so. */
#ifndef LASTACK_SANDBOX_PRIVILEGES_H
#define LASTACK_SANDBOX_PRIVILEGES_H

#include "sandbox/sandbox.h"

/* Nothing happens, and nothing is told, when the process is not root's. confined: Landlock will say
 * which files can be opened, whatever the capabilities allow. */
void privileges_drop(const struct sandbox_plan *plan, bool confined, struct strbuf *told);

#endif
