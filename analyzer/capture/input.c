/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A heap holds every file that has records left, keyed by the latest time that the file has
 * reached: a file whose clock steps back keeps its place among the others instead of running ahead.
 * A batch ends where a file must be read on, since that takes the data of its records before. */
#include "capture/input.h"

#include "base/ref.h"
#include "base/xalloc.h"
#include "capture/bpf.h"
#include "capture/doubts.h"
#include "capture/folder.h"
#include "capture/octets.h"
#include "capture/reader.h"
#include "capture/recall.h"
#include "capture/spool.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPEN_AT_ONCE = 32 }; /* files beyond are opened when their time has come */

static const int64_t gap_least = NS_PER_S; /* less is no gap */

struct input {
    size_t n_files;
    struct reader *reader;
    struct bpf *bpf; /* NULL: everything passes */
    uint32_t *heap;  /* indexes of readers with records left, the earliest first */
    size_t n_heap;
    struct record batch[INPUT_BATCH]; /* of several files */
    const struct record *ahead;       /* what input_next() has left of a batch */
    size_t n_ahead;
    struct recall *recall; /* NULL: nothing is kept */
    size_t n_open;         /* files, at the start */
    char *skipped[INPUT_SKIPPED];
    size_t n_skipped;
    struct spool *spool;    /* to which all records go, or NULL */
    bool again;             /* a second reading: bpf and spool are the first one's */
    struct spool_room room; /* of the record at hand, from the spool */
    struct doubts doubts;
    int64_t latest;       /* time of all records handed out, ns; -1: none yet */
    uint32_t latest_file; /* where it was */
    int64_t silence;      /* the longest one so far, between any two records */
};

static bool earlier(const struct input *in, uint32_t a, uint32_t b)
{
    int64_t ta = in->reader[a].key, tb = in->reader[b].key;

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

static bool only_once(const struct input *in, const char *path, struct error *err)
{
    for (size_t i = 0; i < in->n_files && strcmp(path, "-") == 0; i++) {
        if (strcmp(in->reader[i].file.path, "-") == 0) {
            error_set(err, "-: standard input can be read only once");
            return false;
        }
    }
    return true;
}

static struct reader *new_reader(struct input *in, const char *path)
{
    if ((in->n_files & (in->n_files - 1)) == 0)
        in->reader =
            xreallocarray(in->reader, in->n_files ? 2 * in->n_files : 1, sizeof *in->reader);
    struct reader *r = &in->reader[in->n_files];
    reader_init(r, path, (uint32_t)in->n_files);
    return r;
}

/* Open it, and close it for now when enough files are open. */
static void open_file(struct input *in, struct reader *r)
{
    reader_open(r);
    if (r->source && ++in->n_open > OPEN_AT_ONCE)
        in->n_open -= reader_put_aside(r);
}

/* A file that is no capture does not hurt in a folder; one that can't be read does. */
static void skip(struct input *in, struct reader *r)
{
    if (in->n_skipped++ < INPUT_SKIPPED)
        in->skipped[in->n_skipped - 1] = xstrdup(r->file.message);
    reader_done(r);
}

/* In order of time; files without records last, and otherwise by name. */
static int by_time(const void *a, const void *b)
{
    const struct reader *x = a, *y = b;
    bool has_x = x->file.link_type >= 0, has_y = y->file.link_type >= 0;

    if (has_x != has_y)
        return has_x ? -1 : 1;
    if (has_x && x->file.first_t != y->file.first_t)
        return x->file.first_t < y->file.first_t ? -1 : 1;
    return strcmp(x->file.path, y->file.path);
}

static void add_folder(struct input *in, const char *folder)
{
    struct error reason;
    char **paths;
    size_t n, before = in->n_files;

    if (!folder_list(folder, &paths, &n, &reason)) {
        reader_refuse(new_reader(in, folder), reason.text);
        in->n_files++;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct reader *r = new_reader(in, paths[i]);

        r->own_path = paths[i];
        open_file(in, r);
        if (r->file.status == INPUT_UNREADABLE && access(paths[i], R_OK) == 0)
            skip(in, r);
        else
            in->n_files++;
    }
    if (in->n_files == before) {
        error_set(&reason, "%s: there is no capture in this directory", folder);
        reader_refuse(new_reader(in, folder), reason.text);
        in->n_files++;
    }
    qsort(in->reader + before, in->n_files - before, sizeof *in->reader, by_time);
    for (size_t i = before; i < in->n_files; i++)
        reader_renumber(&in->reader[i], (uint32_t)i);
    free(paths);
}

static void add_path(struct input *in, const char *path)
{
    struct error reason;

    if (folder_is(path)) {
        add_folder(in, path);
        return;
    }
    bool once = only_once(in, path, &reason);
    struct reader *r = new_reader(in, path);
    if (once)
        open_file(in, r);
    else
        reader_refuse(r, reason.text);
    in->n_files++;
}

/* Whether the filter is right for every file, as far as their first records tell. */
static bool prepare_filter(struct input *in, struct error *err)
{
    for (size_t i = 0; in->bpf && i < in->n_heap; i++)
        if (!bpf_prepare(in->bpf, in->reader[in->heap[i]].file.link_type, err))
            return false;
    return true;
}

static struct input *open_input(const char *const *paths, size_t n_paths, struct bpf *filter)
{
    struct input *in = xcalloc(1, sizeof *in);

    in->bpf = filter;
    in->latest = -1;
    doubts_init(&in->doubts);
    for (size_t i = 0; i < n_paths; i++)
        add_path(in, paths[i]);
    in->heap = xcalloc(in->n_files + 1, sizeof *in->heap);
    for (size_t i = 0; i < in->n_files; i++)
        if (in->reader[i].file.link_type >= 0) /* it has a record */
            in->heap[in->n_heap++] = (uint32_t)i;
    for (size_t i = in->n_heap / 2; i-- > 0;)
        heap_sink(in, i);
    return in;
}

struct input *input_open_kept(const char *const *paths, size_t n_paths, struct bpf *filter,
                              struct spool *spool, struct error *err)
{
    struct input *in = open_input(paths, n_paths, filter);

    in->spool = spool;
    if (prepare_filter(in, err))
        return in;
    input_close(in);
    return NULL;
}

struct input *input_read_elsewhere(const struct input_file *files, size_t n_files,
                                   const struct input_clock_step *steps, size_t n_steps,
                                   uint64_t total_steps)
{
    struct input *in = xcalloc(1, sizeof *in);

    in->n_files = n_files;
    in->reader = xcalloc(n_files + 1, sizeof *in->reader);
    doubts_init(&in->doubts);
    for (size_t i = 0; i < n_files; i++)
        in->reader[i].file = files[i];
    for (size_t i = 0; i < n_steps; i++)
        doubts_step(&in->doubts, &steps[i]);
    in->doubts.total_steps = total_steps;
    return in;
}

struct input *input_open(const char *const *paths, size_t n_paths, struct bpf *filter,
                         struct error *err)
{
    return input_open_kept(paths, n_paths, filter, NULL, err);
}

struct input *input_again(struct input *first, struct error *err)
{
    const char **paths = xcalloc(first->n_files, sizeof *paths);
    struct input *in;

    octets_resume(); /* an interrupt ended the first reading alone */
    if (first->spool && !spool_rewind(first->spool, err)) {
        free(paths);
        return NULL;
    }
    for (size_t i = 0; i < first->n_files; i++)
        paths[i] = first->reader[i].file.path;
    in = open_input(paths, first->spool ? 0 : first->n_files, first->bpf);
    in->again = true;
    in->spool = first->spool;
    free(paths);
    return in;
}

void input_add_gap(struct input *in, const struct input_gap *gap)
{
    doubts_gap(&in->doubts, gap);
}

/* Whether the file that was read last tells what is no gap, and has nothing left that fills it. */
static bool is_over(const struct reader *r)
{
    return !r->source && !r->aside && r->file.records > 1;
}

/* Time goes on to a record; the first one of a file may come after a gap. */
static inline void advance(struct input *in, const struct record *now, bool begins)
{
    int64_t silence = now->t - in->latest;

    if (silence <= 0)
        return;
    if (in->latest < 0)
        silence = 0;
    if (begins && silence > gap_least && silence / 2 > in->silence &&
        is_over(&in->reader[in->latest_file]))
        input_add_gap(in, &(struct input_gap){.before = in->latest_file,
                                              .after = now->file,
                                              .from = in->latest,
                                              .to = now->t});
    else if (silence > in->silence)
        in->silence = silence;
    in->latest = now->t;
    in->latest_file = now->file;
}

/* The file has told of n losses. */
static void take_losses(struct input *in, struct reader *r, size_t n)
{
    for (; r->n_losses < n; r->n_losses++)
        doubts_loss(&in->doubts, r->index, &r->file.about->losses[r->n_losses]);
}

/* Count records that are handed out. */
static void account(struct input *in, struct record *records, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct record *r = &records[i];
        struct reader *reader = &in->reader[r->file];
        int64_t before;

        if (reader_account(reader, r, &before))
            doubts_step(&in->doubts,
                        &(struct input_clock_step){
                            .file = r->file, .packet = r->number, .from = before, .to = r->t});
        r->clock_steps = (uint16_t)in->doubts.n_steps;
        take_losses(in, reader, r->losses);
        r->losses = (uint16_t)in->doubts.n_losses;
        advance(in, r, reader->file.records == 1);
        if (in->recall && !reader->seekable)
            recall_put(in->recall, r);
        if (in->bpf) {
            r->filtered = !bpf_matches(in->bpf, r);
            reader->file.filtered += r->filtered;
        }
        if (in->spool)
            spool_put(in->spool, r);
    }
}

/* Give the earliest reader its next records, when it has none left. */
static void refill(struct input *in)
{
    while (in->n_heap && reader_is_empty(&in->reader[in->heap[0]])) {
        struct reader *r = &in->reader[in->heap[0]];

        if (!reader_refill(r)) {
            take_losses(in, r, r->file.about->n_losses);
            in->heap[0] = in->heap[--in->n_heap];
        }
        heap_sink(in, 0);
    }
}

/* The next records of several files, until the first of them must be read on. */
static size_t merge(struct input *in)
{
    size_t n = 0;

    do {
        struct reader *r = &in->reader[in->heap[0]];

        in->batch[n++] = r->batch[r->at++];
        if (reader_is_empty(r))
            break;
        reader_key(r);
        heap_sink(in, 0);
    } while (n < INPUT_BATCH && !reader_is_empty(&in->reader[in->heap[0]]));
    return n;
}

const struct record *input_next_batch(struct input *in, size_t *n)
{
    struct record *batch = in->batch;

    if (octets_interrupted())
        return NULL;
    if (in->again && in->spool) {
        *n = spool_get(in->spool, batch, &in->room);
        return *n ? batch : NULL;
    }
    refill(in);
    if (in->n_heap > 1) {
        *n = merge(in);
    } else if (in->n_heap == 1) {
        struct reader *r = &in->reader[in->heap[0]];

        batch = r->batch + r->at;
        *n = r->n - r->at;
        r->at = r->n;
    } else {
        *n = 0;
        return NULL;
    }
    account(in, batch, *n);
    return batch;
}

bool input_next(struct input *in, struct record *record)
{
    if (!in->n_ahead)
        in->ahead = input_next_batch(in, &in->n_ahead);
    if (!in->ahead)
        return false;
    *record = *in->ahead++;
    in->n_ahead--;
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

const struct input_clock_step *input_clock_step(const struct input *in, size_t i)
{
    return &in->doubts.steps[i];
}

const struct input_loss *input_losses(const struct input *in, size_t *n)
{
    *n = in->doubts.n_losses;
    return in->doubts.losses;
}

uint64_t input_dropped(const struct input *in)
{
    uint64_t dropped = 0;

    for (size_t i = 0; i < in->n_files; i++)
        dropped += in->reader[i].file.about->dropped;
    return dropped;
}

const struct input_clock_step *input_clock_steps(const struct input *in, size_t *n, uint64_t *total)
{
    *n = in->doubts.n_steps;
    *total = in->doubts.total_steps;
    return in->doubts.steps;
}

const struct input_gap *input_gaps(const struct input *in, size_t *n, uint64_t *total)
{
    *n = in->doubts.n_gaps;
    *total = in->doubts.total_gaps;
    return in->doubts.gaps;
}

const char *input_skipped(const struct input *in, size_t index)
{
    return index < in->n_skipped && index < INPUT_SKIPPED ? in->skipped[index] : NULL;
}

size_t input_n_skipped(const struct input *in)
{
    return in->n_skipped;
}

void input_keep(struct input *in)
{
    if (!in->recall)
        in->recall = recall_new();
}

bool input_can_reread(const struct input *in, uint32_t file)
{
    return in->reader[file].seekable;
}

const struct record *input_kept(const struct input *in, uint32_t file, uint64_t number)
{
    return in->recall ? recall_find(in->recall, file, number) : NULL;
}

void input_progress(const struct input *in, uint64_t *done, uint64_t *total)
{
    bool known = true;

    *done = *total = 0;
    for (size_t i = 0; i < in->n_files; i++) {
        uint64_t at, size;

        reader_progress(&in->reader[i], &at, &size);
        known &= in->reader[i].file.status == INPUT_UNREADABLE || size > 0;
        *done += at;
        *total += size;
    }
    if (!known)
        *total = 0;
}

void input_close(struct input *in)
{
    for (size_t i = 0; i < in->n_files; i++)
        reader_done(&in->reader[i]);
    if (!in->again)
        bpf_free(in->bpf);
    free(in->room.octets);
    recall_free(in->recall);
    for (size_t i = 0; i < in->n_skipped && i < INPUT_SKIPPED; i++)
        free(in->skipped[i]);
    doubts_done(&in->doubts);
    free(in->heap);
    free(in->reader);
    free(in);
}

void input_on_wait(bool (*wait)(void *context, int fd), void *context)
{
    octets_on_wait(wait, context);
}

void input_interrupt(void)
{
    octets_interrupt();
}
