/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Patterns of file names that no shell has expanded: they were quoted, or come from a service or a
 * script without one. */
#ifndef LASTACK_PATTERNS_H
#define LASTACK_PATTERNS_H

#include <glob.h>
#include <stddef.h>

struct patterns {
    glob_t *at; /* one for each pattern; owned */
    size_t n;
};

/* The names that match arg, by name; they live until patterns_done(). *n is 0 when arg stands for
 * itself: it is no pattern (glob(3)), there is a file of that very name, or nothing matches. */
char *const *patterns_match(struct patterns *p, const char *arg, size_t *n);
void patterns_done(struct patterns *p);

#endif
