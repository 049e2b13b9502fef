/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Allocation that never returns NULL: when memory is out, the registered clean-up (restore the
 * terminal) runs, a message is printed and the process ends with status 2. Limits on what a capture
 * may cost are kept elsewhere; this is for the machine being out of memory. Free with free(). */
#ifndef LASTACK_BASE_XALLOC_H
#define LASTACK_BASE_XALLOC_H

#include <stddef.h>

enum { HUGE_PAGE = 2 * 1024 * 1024 }; /* octets */

void *xmalloc(size_t size) __attribute__((malloc, alloc_size(1), returns_nonnull));
/* Zeroed; checks n * size for overflow. */
/* The same for much memory that is touched in no order: on huge pages where the system has them, so
 * that it is soon there and few addresses must be translated. For multiples of HUGE_PAGE. */
void *xmalloc_huge(size_t size) __attribute__((malloc, alloc_size(1), returns_nonnull));
void *xcalloc(size_t n, size_t size) __attribute__((malloc, alloc_size(1, 2), returns_nonnull));
/* Grow or shrink to n * size octets, overflow checked. */
void *xreallocarray(void *p, size_t n, size_t size)
    __attribute__((alloc_size(2, 3), returns_nonnull));
char *xstrdup(const char *s) __attribute__((malloc, returns_nonnull, nonnull));

/* Much was freed for good: give it back to the system, where that can be done. */
void xalloc_trim(void);

/* What to run before the process dies of lack of memory; NULL for nothing. */
void xalloc_on_failure(void (*cleanup)(void));

#endif
