/* SPDX-License-Identifier: BSD-2-Clause
 *
 * landlock(7): which files the process can open. Without it (an old kernel, a build without its
 * header) nothing is done, and told. */
#ifndef LASTACK_SANDBOX_LANDLOCK_H
#define LASTACK_SANDBOX_LANDLOCK_H

#include "base/strbuf.h"

enum landlock_use {
    LANDLOCK_READ,     /* a file, or a folder and all below it */
    LANDLOCK_TERMINAL, /* a device: read, write and control */
    LANDLOCK_CREATE,   /* a folder: make, replace and write files below it */
};

struct landlock {
    int rules; /* file descriptor; -1: not here */
    int version;
    unsigned long long handled; /* the rights that are taken away where no rule gives them */
    const char *why_not;
};

/* Nothing is restricted before landlock_end(). */
void landlock_begin(struct landlock *l);
/* A path that is not there gives no rule. */
void landlock_allow(struct landlock *l, const char *path, enum landlock_use use);
/* Restrict this thread, and those that it will start, for good. */
void landlock_end(struct landlock *l, struct strbuf *told);

#endif
