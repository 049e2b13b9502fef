/* SPDX-License-Identifier: BSD-2-Clause
 *
 * seccomp(2), through libseccomp: which system calls the process can make. */
#ifndef LASTACK_SANDBOX_SECCOMP_H
#define LASTACK_SANDBOX_SECCOMP_H

#include "base/strbuf.h"

#include <stdbool.h>

/* Restrict all threads, for good: what is not listed fails with EPERM. create: files may be made
 * and written. */
void seccomp_enter(bool create, struct strbuf *told);

#endif
