/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/xalloc.h"
#include "capture/input.h"

#include <stdlib.h>

struct span {
    uint32_t file, tap;
    int64_t first, last;
};

/* By capture point, then by time. */
static int by_time(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    if (x->tap != y->tap)
        return x->tap < y->tap ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->file < y->file ? -1 : x->file > y->file;
}

static bool overlap(const struct span *a, const struct span *b, struct input_overlap *o)
{
    int64_t together = (a->last < b->last ? a->last : b->last) - b->first;

    *o = (struct input_overlap){
        .before = a->file, .after = b->file, .from = b->first, .to = b->first + together};
    return a->tap == b->tap && together > 0 && together < (a->last - a->first) / 2 &&
           together < (b->last - b->first) / 2;
}

size_t input_overlaps(const struct input *in, const uint32_t *tap_of, struct input_overlap *out,
                      size_t max)
{
    struct span *span = xcalloc(input_n_files(in), sizeof *span);
    size_t n = 0, found = 0;

    for (uint32_t i = 0; i < input_n_files(in); i++) {
        const struct input_file *f = input_file(in, i);

        if (f->records)
            span[n++] = (struct span){i, tap_of[i], f->first_t, f->last_t};
    }
    if (n)
        qsort(span, n, sizeof *span, by_time);
    for (size_t i = 1; i < n; i++) {
        struct input_overlap o;

        if (overlap(&span[i - 1], &span[i], &o) && found++ < max)
            out[found - 1] = o;
    }
    free(span);
    return found;
}
