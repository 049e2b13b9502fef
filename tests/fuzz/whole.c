/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The reader opens paths, so the octets pass through a file, which all runs of the process share.
 */
#include "whole.h"

#include "options.h"
#include "pipeline.h"
#include "report/exit_status.h"
#include "report/report.h"

#include <stdlib.h>
#include <unistd.h>

static char path[64];
static int fd = -1;

static void remove_file(void)
{
    unlink(path);
}

static void open_file(void)
{
    const char *folder = getenv("TMPDIR");

    snprintf(path, sizeof path, "%.40s/lastack-XXXXXX", folder ? folder : "/tmp");
    fd = mkstemp(path);
    if (fd < 0) {
        perror(path);
        abort();
    }
    atexit(remove_file);
}

const char *whole_file(const uint8_t *data, size_t size)
{
    size_t done = 0;

    if (fd < 0)
        open_file();
    while (done < size) {
        ssize_t n = pwrite(fd, data + done, size - done, (off_t)done);
        if (n <= 0)
            abort();
        done += (size_t)n;
    }
    if (ftruncate(fd, (off_t)size) != 0)
        abort();
    return path;
}

static void analyse(struct whole *w, struct pipeline *p, const struct options *o, FILE *out)
{
    const struct report_setup setup = {
        .writer = o->writer,
        .write = {.verbose = true, .all_steps = true},
        .settings = &o->settings,
        .echo = options_echo(o),
        .input = p->intake.input,
        .tap_of = p->tap_of,
        .decoder = p->intake.decoder,
        .shard = o->shard,
        .tracker = &p->tracker,
        .out = out,
    };
    struct report *report = report_open(&setup);

    pipeline_connect(p, o, report_take, report, report_summary(report));
    p->tracker.dropped = report_dropped;
    while (pipeline_read(p))
        ;
    pipeline_end(p, SIZE_MAX);
    report_finish(report);
    w->status = summary_exit_status(report_summary(report));
    w->records = report_summary(report)->records;
    report_free(report);
}

struct whole whole_analyse(const uint8_t *data, size_t size, const struct writer_ops *writer,
                           FILE *out)
{
    const char *files[] = {whole_file(data, size)};
    struct whole w = {.status = EXIT_USAGE};
    struct pipeline p;
    struct options o = {.files = files,
                        .n_files = 1,
                        .writer = writer,
                        .time_wait_text = "auto",
                        .shard = {.index = 1, .of = 1}};
    struct error err;

    o.settings = settings_default();
    if (!pipeline_open(&p, &o, NULL, NULL, &err))
        abort();
    const struct input_file *file = input_file(p.intake.input, 0);
    if (file->status != INPUT_UNREADABLE)
        analyse(&w, &p, &o, out);
    snprintf(w.message, sizeof w.message, "%s", file->message);
    pipeline_close(&p);
    return w;
}
