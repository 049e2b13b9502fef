/* SPDX-License-Identifier: BSD-2-Clause */
#include "browse.h"

#include "base/xalloc.h"
#include "report/exit_status.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64 }; /* records, or connections at the end, between two looks at the clock */

/* --- packets ---------------------------------------------------------------------------------- */

/* The packets are written, or nobody waits for them any more. */
static void save_end(struct browse *b)
{
    extract_free(b->extract);
    b->extract = NULL;
    free(b->saved_to);
    b->saved_to = NULL;
}

static bool save_begin(void *context, const char *path, tui_wanted *wanted, const void *of,
                       struct error *err)
{
    struct browse *b = context;
    FILE *out;

    for (size_t i = 0; i < input_n_files(b->pipeline.intake.input); i++) {
        if (!input_can_reread(b->pipeline.intake.input, (uint32_t)i)) {
            error_set(err, "the input can be read only once: -Y and -w on the command line do it");
            return false;
        }
    }
    out = fopen(path, "wx"); /* a browser never overwrites anything */
    if (!out) {
        error_set(err, "%s: %s", path, strerror(errno));
        return false;
    }
    b->extract = extract_new();
    for (size_t i = 0; i < store_n_rows(b->store); i++)
        if (store_row(b->store, i)->state != ROW_UNUSED)
            extract_choose(b->extract, i, wanted(of, i));
    b->saved_to = xstrdup(path);
    if (extract_open(b->extract, &b->pipeline, b->o, out, err))
        return true;
    unlink(path);
    save_end(b);
    return false;
}

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static bool save_work(void *context, int64_t ns, uint64_t *packets, struct error *err)
{
    struct browse *b = context;
    int64_t start = now();

    err->text[0] = '\0';
    while (extract_read(b->extract))
        if (now() - start >= ns)
            return true;
    *packets = extract_packets(b->extract);
    extract_close(b->extract, err);
    save_end(b);
    return false;
}

/* --- the capture ------------------------------------------------------------------------------ */

/* What the browser is told of the command line. */
static struct tui_options look_of(const struct options *o)
{
    const char *colour = getenv("NO_COLOR"); /* no-color.org: set and not empty */

    return (struct tui_options){.name = o->files[0],
                                .more_files = o->n_files - 1,
                                .filter = o->display ? o->display_text : NULL,
                                .stamp = o->stamp,
                                .strays = o->verbose,
                                .colour = !colour || !*colour};
}

bool browse_await(struct pipeline *p, const struct options *o, struct bpf *filter, bool *ended,
                  int *status, struct error *err)
{
    const struct tui_options look = look_of(o);
    struct tui_await await = {.options = &look};

    input_on_wait(tui_await, &await);
    bool opened = pipeline_open(p, o, filter, NULL, err);
    input_on_wait(NULL, NULL);
    *ended = await.ended;
    if (await.ended)
        *status = await.interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
    if (await.ended || !opened || !pipeline_readable(p))
        tui_leave();
    return opened;
}

void browse_open(struct browse *b, const struct pipeline *p, const struct options *o)
{
    *b = (struct browse){.pipeline = *p, .o = o, .reading = true, .ending = true};
    b->saver = (struct tui_saver){.context = b, .begin = save_begin, .work = save_work};
    input_keep(b->pipeline.intake.input); /* packets are looked at again */
    const struct store_setup setup = {
        .tracker = &b->pipeline.tracker,
        .settings = &o->settings,
        .input = b->pipeline.intake.input,
        .decoder = b->pipeline.intake.decoder,
        .what_if = &o->what_if,
        .tap_of = b->pipeline.tap_of,
        .echo = options_echo(o),
        .write = {.verbose = o->verbose, .stamp = o->stamp},
    };
    b->store = store_open(&setup);
    pipeline_connect(&b->pipeline, o, store_take, b->store, store_summary(b->store));
    b->pipeline.tracker.began = store_began;
    b->pipeline.tracker.dropped = store_dropped;
    b->options = look_of(o);
    b->options.saver = &b->saver;
}

static bool batch(struct browse *b)
{
    for (int i = 0; i < BATCH && b->reading; i++)
        b->reading = pipeline_read(&b->pipeline);
    if (!b->reading)
        b->ending = pipeline_end(&b->pipeline, BATCH);
    if (!b->reading && !b->ending)
        pipeline_shrink(&b->pipeline); /* the store has it all, and sorting takes room */
    return b->reading || b->ending;
}

static bool work(void *context, int64_t ns)
{
    struct browse *b = context;
    int64_t start = now(), t = start;
    bool more = true;

    while (more && t - start < ns) {
        more = batch(b);
        t = now();
    }
    b->worked += t - start;
    return more;
}

static void progress(void *context, struct tui_progress *p)
{
    const struct browse *b = context;

    *p = (struct tui_progress){.packets = b->pipeline.summary->records,
                               .ending = !b->reading,
                               .seconds = (double)b->worked / 1e9};
    input_progress(b->pipeline.intake.input, &p->octets, &p->total);
}

struct tui_loader browse_loader(struct browse *b)
{
    return (struct tui_loader){
        .context = b, .work = work, .progress = progress, .on_wait = input_on_wait};
}

int browse_status(struct browse *b)
{
    store_add_up(b->store);
    return summary_exit_status(store_summary(b->store));
}

void browse_close(struct browse *b)
{
    struct error err;

    if (b->extract) { /* half a capture is worse than none */
        extract_close(b->extract, &err);
        unlink(b->saved_to);
        save_end(b);
    }
    store_close(b->store);
    pipeline_close(&b->pipeline);
}
