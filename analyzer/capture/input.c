/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A heap holds the next record of every file, keyed by the latest time that the file has reached: a
 * file whose clock steps back keeps its place among the others instead of running ahead. */
#include "capture/input.h"

#include "base/ref.h"
#include "base/xalloc.h"
#include "capture/bpf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t clock_tolerance = 1000000; /* ns */

struct reader {
    struct source *source; /* NULL: closed */
    struct record head;    /* the next record */
    int64_t reached;       /* latest time so far, ns */
    uint64_t size;         /* octets, of a reader that is done */
    struct input_file file;
};

struct input {
    size_t n_files;
    struct reader *reader;
    struct bpf *bpf; /* NULL: everything passes */
    uint32_t *heap;  /* indexes of readers with a head, the earliest first */
    size_t n_heap;
    bool started; /* the head of heap[0] was handed out */
    struct input_clock_step *steps;
    size_t n_steps;
    uint64_t total_steps;
};

static bool earlier(const struct input *in, uint32_t a, uint32_t b)
{
    int64_t ta = in->reader[a].reached, tb = in->reader[b].reached;

    return ta != tb ? ta < tb : a < b;
}

/* The reader at place i got a later key: sink it. */
static void heap_sink(struct input *in, size_t i)
{
    for (;;) {
        size_t least = i, left = 2 * i + 1;

        for (size_t child = left; child < left + 2 && child < in->n_heap; child++)
            if (earlier(in, in->heap[child], in->heap[least]))
                least = child;
        if (least == i)
            return;
        uint32_t swap = in->heap[i];
        in->heap[i] = in->heap[least];
        in->heap[least] = swap;
        i = least;
    }
}

static void reader_done(struct reader *r)
{
    uint64_t done;

    source_progress(r->source, &done, &r->size);
    source_close(r->source);
    r->source = NULL;
}

/* Fetch the next record of a reader; false at its end. */
static bool advance(struct reader *r)
{
    struct error err;

    switch (source_next(r->source, &r->head, &err)) {
    case SOURCE_RECORD:
        if (!r->file.records++) {
            r->file.first_t = r->reached = r->head.t;
            r->file.link_type = r->head.link_type;
            r->file.link_name = bpf_link_name(r->head.link_type);
        }
        if (r->head.t > r->reached)
            r->reached = r->head.t;
        r->file.octets += r->head.caplen;
        return true;
    case SOURCE_DAMAGED:
        r->file.status = INPUT_CUT_SHORT;
        snprintf(r->file.message, sizeof r->file.message, "%s", err.text);
        break;
    case SOURCE_END:
        break;
    }
    reader_done(r);
    return false;
}

static void open_reader(struct input *in, size_t i, const char *path)
{
    struct reader *r = &in->reader[i];
    struct error err = {""};

    r->file = (struct input_file){.path = path, .link_type = -1};
    for (size_t j = 0; j < i && strcmp(path, "-") == 0; j++)
        if (strcmp(in->reader[j].file.path, "-") == 0)
            error_set(&err, "-: standard input can be read only once");
    if (!err.text[0])
        r->source = source_open(path, &err);
    if (!r->source) {
        r->file.status = INPUT_UNREADABLE;
        snprintf(r->file.message, sizeof r->file.message, "%s", err.text);
        return;
    }
    if (advance(r))
        in->heap[in->n_heap++] = (uint32_t)i;
}

struct input *input_open(const char *const *paths, size_t n_paths, struct bpf *filter,
                         struct error *err)
{
    struct input *in = xcalloc(1, sizeof *in);

    in->n_files = n_paths;
    in->reader = xcalloc(n_paths, sizeof *in->reader);
    in->heap = xcalloc(n_paths, sizeof *in->heap);
    for (size_t i = 0; i < n_paths; i++)
        open_reader(in, i, paths[i]);
    for (size_t i = in->n_heap / 2; i-- > 0;)
        heap_sink(in, i);
    in->bpf = filter;
    for (size_t i = 0; in->bpf && i < in->n_heap; i++) {
        if (!bpf_prepare(in->bpf, in->reader[in->heap[i]].head.link_type, err)) {
            input_close(in);
            return NULL;
        }
    }
    return in;
}

static void clock_check(struct input *in, uint32_t file, int64_t before, const struct record *now)
{
    if (now->t >= before - clock_tolerance)
        return;
    in->total_steps++;
    if (in->n_steps == INPUT_CLOCK_STEPS)
        return;
    if (!in->steps)
        in->steps = xcalloc(INPUT_CLOCK_STEPS, sizeof *in->steps);
    in->steps[in->n_steps++] = (struct input_clock_step){
        .file = file, .packet = now->number, .from = before, .to = now->t};
}

/* Bring the next record to the top of the heap. */
static void step_on(struct input *in)
{
    uint32_t file = in->heap[0];
    struct reader *r = &in->reader[file];

    if (!advance(r))
        in->heap[0] = in->heap[--in->n_heap];
    else if (r->head.t < r->file.last_t)
        clock_check(in, file, r->file.last_t, &r->head);
    if (in->n_heap > 1)
        heap_sink(in, 0);
}

bool input_next(struct input *in, struct record *record, uint32_t *file, bool *filtered)
{
    if (in->started && in->n_heap)
        step_on(in);
    in->started = true;
    if (!in->n_heap)
        return false;
    struct reader *r = &in->reader[in->heap[0]];
    *record = r->head;
    *file = in->heap[0];
    r->file.last_t = r->head.t;
    *filtered = in->bpf && !bpf_matches(in->bpf, record);
    r->file.filtered += *filtered;
    return true;
}

size_t input_n_files(const struct input *in)
{
    return in->n_files;
}

const struct input_file *input_file(const struct input *in, size_t index)
{
    return &in->reader[index].file;
}

const struct input_clock_step *input_clock_steps(const struct input *in, size_t *n, uint64_t *total)
{
    *n = in->n_steps;
    *total = in->total_steps;
    return in->steps;
}

void input_progress(const struct input *in, uint64_t *done, uint64_t *total)
{
    bool known = true;

    *done = *total = 0;
    for (size_t i = 0; i < in->n_files; i++) {
        const struct reader *r = &in->reader[i];
        uint64_t at = r->size, size = r->size;

        if (r->source)
            source_progress(r->source, &at, &size);
        known &= r->file.status == INPUT_UNREADABLE || size > 0;
        *done += at;
        *total += size;
    }
    if (!known)
        *total = 0;
}

void input_close(struct input *in)
{
    for (size_t i = 0; i < in->n_files; i++)
        source_close(in->reader[i].source);
    bpf_free(in->bpf);
    free(in->steps);
    free(in->heap);
    free(in->reader);
    free(in);
}
