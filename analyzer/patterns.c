/* SPDX-License-Identifier: BSD-2-Clause */
#include "patterns.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *const *patterns_match(struct patterns *p, const char *arg, size_t *n)
{
    struct stat st;
    glob_t found = {0};

    *n = 0;
    if (!strpbrk(arg, "*?[") || lstat(arg, &st) == 0)
        return NULL;
    if (glob(arg, 0, NULL, &found) != 0) {
        globfree(&found);
        return NULL;
    }
    p->at = xreallocarray(p->at, p->n + 1, sizeof *p->at);
    p->at[p->n++] = found;
    *n = found.gl_pathc;
    return found.gl_pathv;
}

void patterns_done(struct patterns *p)
{
    for (size_t i = 0; i < p->n; i++)
        globfree(&p->at[i]);
    free(p->at);
}
