/* SPDX-License-Identifier: BSD-2-Clause */
#define _DEFAULT_SOURCE /* madvise() */
#include "base/xalloc.h"

#ifdef HAVE_MALLOC_TRIM
#include <malloc.h>
#endif
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void (*failure_cleanup)(void);

void xalloc_on_failure(void (*cleanup)(void))
{
    failure_cleanup = cleanup;
}

static void __attribute__((noreturn)) out_of_memory(void)
{
    if (failure_cleanup)
        failure_cleanup();
    fputs("lastack: out of memory\n", stderr);
    exit(2);
}

void *xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *xmalloc_huge(size_t size)
{
    void *p;

    if (posix_memalign(&p, HUGE_PAGE, size) != 0)
        out_of_memory();
#if defined HAVE_MADVISE && defined MADV_HUGEPAGE
    (void)madvise(p, size, MADV_HUGEPAGE); /* it does without, too */
#endif
    return p;
}

void *xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *xreallocarray(void *p, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        out_of_memory();
    p = realloc(p, n && size ? n * size : 1);
    if (!p)
        out_of_memory();
    return p;
}

char *xstrdup(const char *s)
{
    size_t size = strlen(s) + 1;

    return memcpy(xmalloc(size), s, size);
}

void xalloc_trim(void)
{
#ifdef HAVE_MALLOC_TRIM
    malloc_trim(0);
#endif
}
