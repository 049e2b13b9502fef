/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The command: records go from the input through the decoder to the tracker, finished connections
 * from there to the report. */
#include "base/strbuf.h"
#include "base/timetext.h"
#include "base/xalloc.h"
#include "capture/bpf.h"
#include "extract.h"
#include "options.h"
#include "outputs.h"
#include "pipeline.h"
#include "progress.h"
#ifdef HAVE_TUI
#include "browse.h"
#endif
#include "report/exit_status.h"
#include "report/explain.h"
#include "report/merge.h"
#include "report/report.h"
#include "sandbox/sandbox.h"

#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    interrupted = number;
    input_interrupt();
}

/* The first interrupt ends the reading, the second one the process. No SA_RESTART: a read from a
 * pipe must return. */
static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void complain(const char *text)
{
    struct strbuf b = {0};

    strbuf_put_untrusted(&b, text, strlen(text));
    fprintf(stderr, "lastack: %s\n", b.text ? b.text : "");
    strbuf_done(&b);
}

/* Show where a display filter is wrong. */
static void point_at(const char *filter, const struct filter_error *err)
{
    char *lines = filter_caret(filter, err, 78);

    fprintf(stderr, "%s\n", lines);
    free(lines);
}

/* --- the pipeline ----------------------------------------------------------------------------- */

static void read_all(struct pipeline *p, const struct options *o)
{
    struct progress progress;

    progress_start(&progress, o->quiet);
    while (pipeline_read(p))
        progress_show(&progress, &p->counts);
    progress_end(&progress);
    p->summary->interrupted = interrupted != 0;
    pipeline_end(p, SIZE_MAX);
}

static void complain_about_input(const struct input *in)
{
    for (size_t i = 0; i < input_n_files(in); i++)
        if (input_file(in, i)->status == INPUT_UNREADABLE ||
            (input_file(in, i)->status == INPUT_CUT_SHORT && !interrupted))
            complain(input_file(in, i)->message);
}

static void tell_skipped(const struct input *in)
{
    size_t n = 0;

    for (; input_skipped(in, n); n++)
        complain(input_skipped(in, n));
    if (n)
        fprintf(stderr, "lastack: skipped %zu file%s that %s no capture%s\n", input_n_skipped(in),
                input_n_skipped(in) == 1 ? "" : "s", input_n_skipped(in) == 1 ? "is" : "are",
                input_n_skipped(in) == 1 ? "" : "s");
}

/* What a connection must pass to be told of, and who hears of it. */
struct gate {
    const struct filter *display; /* NULL: all pass */
    struct extract *extract;      /* NULL: nobody wants packets */
};

/* A report_gate. */
static bool passes(void *context, const struct model_connection *c, int64_t origin)
{
    const struct gate *gate = context;
    bool passed = !gate->display || filter_matches(gate->display, c, origin);

    if (gate->extract)
        extract_choose(gate->extract, c->stream, passed);
    return passed;
}

/* How many threads are worth it. -w notes each packet while it is read, and each connection when it
 * is judged: one thread. */
static unsigned threads_for(const struct options *o, const struct input *in)
{
    const uint64_t small = 16 << 20; /* octets: done before a thread has begun */
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t done, total;

    if (o->packets || o->ladder)
        return 1;
    if (o->threads)
        return o->threads;
    input_progress(in, &done, &total);
    if ((total && total < small) || processors < 2)
        return 1;
    return processors > THREADS_USUAL ? THREADS_USUAL : (unsigned)processors;
}

/* Whether packets go where the report would. */
static bool is_stdout_taken(const struct options *o)
{
    return o->packets && strcmp(o->packets, "-") == 0 && !o->output;
}

static struct report *open_report(struct pipeline *p, const struct options *o, struct gate *gate,
                                  unsigned threads, FILE *out)
{
    struct report_setup setup = {
        .writer = is_stdout_taken(o) ? &writer_none
                  : o->ladder        ? &writer_ladder
                                     : o->writer,
        .write = {.verbose = o->verbose,
                  .all_steps = o->all_steps,
                  .stamp = o->stamp,
                  .stream = o->stream},
        .settings = &o->settings,
        .what_if = o->what_if,
        .echo = options_echo(o),
        .input = p->intake.input,
        .tap_of = p->tap_of,
        .decoder = p->intake.decoder,
        .shard = o->shard,
        .tracker = &p->tracker,
        .threads = threads,
        .gate = gate->display || gate->extract ? passes : NULL,
        .gate_context = gate,
        .out = out,
    };

    return report_open(&setup);
}

/* -w: false when the packets could not all be written. */
static bool write_packets(const struct pipeline *p, struct extract *e, const struct options *o,
                          struct outputs *outputs)
{
    struct progress progress;
    struct error err;
    FILE *packets = outputs->packets;

    outputs->packets = NULL; /* it is closed here */
    if (!extract_open(e, p, o, packets, &err)) {
        complain(err.text);
        return false;
    }
    progress_start(&progress, o->quiet);
    while (extract_read(e))
        progress_show(&progress, extract_counts(e));
    progress_end(&progress);
    bool good = extract_close(e, &err);
    if (!good)
        complain(err.text);
    else if (!o->quiet && !outputs->packets_on_stdout)
        fprintf(stderr, "lastack: %s: %" PRIu64 " packets written\n", o->packets,
                extract_packets(e));
    return good;
}

static void notice_taps(const struct pipeline *p, const struct options *o)
{
    if (p->n_taps > 1 && !o->quiet)
        fprintf(stderr,
                "lastack: some files show the same traffic: capture points are analysed apart%s\n",
                o->packets && !o->display
                    ? ", and -w writes the packets of all; -Y 'tap == 0' takes one"
                    : "");
}

static void notice_over_many(const struct options *o)
{
    enum finding_id id;

    if (o->display && !o->quiet && filter_asks_over_many(o->display, &id))
        fprintf(stderr,
                "lastack: %s is told of many connections at once: the report has it without -Y, "
                "which shows those that have it alone\n",
                finding_info(id)->id);
}

static int run(struct pipeline *p, const struct options *o, struct outputs *outputs)
{
    struct gate gate = {.display = o->display, .extract = outputs->packets ? extract_new() : NULL};
    const unsigned threads = threads_for(o, p->intake.input);
    struct report *report = open_report(p, o, &gate, threads, outputs->report);

    notice_taps(p, o);
    notice_over_many(o);
    if (!o->quiet)
        tell_skipped(p->intake.input);
    pipeline_connect(p, o, report_take, report, report_summary(report));
    p->tracker.rested = report_take_rested;
    p->tracker.dropped = report_dropped;
    if (gate.extract)
        extract_watch(gate.extract, p);
    if (threads > 1)
        pipeline_read_ahead(p);
    read_all(p, o);
    uint64_t written = report_finish(report);
    int status = summary_exit_status(report_summary(report));
    complain_about_input(p->intake.input);
    if (o->ladder && !written) {
        fprintf(stderr, "lastack: no connection%s has the number %" PRIu64 "\n",
                o->display ? " that matches the display filter" : "", o->stream);
        status = status == EXIT_INTERRUPTED ? status : EXIT_USAGE;
    }
    if (gate.extract && !write_packets(p, gate.extract, o, outputs))
        status = EXIT_USAGE;
    extract_free(gate.extract);
    report_free(report);
    return status;
}

/* --- the browser ------------------------------------------------------------------------------ */

#ifdef HAVE_TUI
/* Whether there is a terminal for -i; otherwise the text report has to do. */
static bool can_browse(void)
{
    const char *why;

    if (tui_possible(&why))
        return true;
    fprintf(stderr, "lastack: no browser, but the report: %s\n", why);
    return false;
}

static int browse(struct pipeline *p, const struct options *o)
{
    struct browse b;
    struct error err;
    int status = EXIT_USAGE;

    browse_open(&b, p, o);
    *p = (struct pipeline){0};
    const struct tui_loader loader = browse_loader(&b);
    if (!tui_run(b.store, &loader, &b.options, &err))
        complain(err.text);
    else
        status = browse_status(&b);
    complain_about_input(b.pipeline.intake.input);
    browse_close(&b);
    return status;
}
#else
static bool can_browse(void)
{
    return false;
}

static bool browse_await(struct pipeline *p, const struct options *o, struct bpf *filter,
                         bool *ended, int *status, struct error *err)
{
    (void)ended;
    (void)status;
    return pipeline_open(p, o, filter, NULL, err);
}

static int browse(struct pipeline *p, const struct options *o)
{
    (void)p;
    (void)o;
    return EXIT_USAGE;
}
#endif

/* --- the commands ----------------------------------------------------------------------------- */

/* Standard output of a command that only says something. */
static int said(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_DONE;
    complain("the output could not be written");
    return EXIT_USAGE;
}

static void enter_sandbox(const struct options *o, bool browser)
{
    struct sandbox_plan plan = {.inputs = o->files, .n_inputs = o->n_files, .interactive = browser};
    struct strbuf told = {0};

    if (o->no_sandbox)
        strbuf_puts(&told, "off (--no-sandbox)");
    else
        sandbox_enter(&plan, &told);
    if (o->verbose && !o->quiet)
        fprintf(stderr, "lastack: sandbox: %s\n", told.text);
    strbuf_done(&told);
}

/* The input is open: browse it or report on it. */
static int tell(struct pipeline *p, const struct options *o, struct outputs *outputs, bool browser)
{
    struct error err;

    if (!pipeline_readable(p)) {
        complain_about_input(p->intake.input);
        return EXIT_USAGE;
    }
    if (browser)
        return browse(p, o);
    if (!outputs_start(outputs, p->intake.input, &err)) {
        complain(err.text);
        return EXIT_USAGE;
    }
    return run(p, o, outputs);
}

/* Files that overlap in time are open together, and may be more than a process usually has. */
static void allow_many_files(void)
{
    const rlim_t enough = 65536;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= enough)
        return;
    limit.rlim_cur = limit.rlim_max < enough ? limit.rlim_max : enough;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int analyze(const struct options *o)
{
    struct bpf *filter = o->filter ? bpf_new(o->filter) : NULL; /* names are looked up here */
    struct outputs outputs;
    struct pipeline p = {0};
    struct error err;
    int status = EXIT_USAGE;

    catch_interrupts();
    allow_many_files();
    if (!outputs_open(&outputs, o, &err)) {
        complain(err.text);
        bpf_free(filter);
        outputs_close(&outputs, &err);
        return EXIT_USAGE;
    }
    bool browser = o->interactive && can_browse(), ended = false;
    enter_sandbox(o, browser);
    bool opened = browser ? browse_await(&p, o, filter, &ended, &status, &err)
                          : pipeline_open(&p, o, filter, outputs.spool, &err);
    if (opened && !ended)
        status = tell(&p, o, &outputs, browser);
    else if (!opened)
        complain(err.text);
    pipeline_close(&p);
    if (!outputs_close(&outputs, &err)) {
        complain(err.text);
        status = EXIT_USAGE;
    }
    return status;
}

/* Results are read more than once, which a pipe can't: what it brings goes into a file without a
 * name. */
static FILE *keep_standard_input(void)
{
    char block[65536];
    FILE *kept = tmpfile();
    size_t n;

    while (kept && (n = fread(block, 1, sizeof block, stdin)) > 0)
        if (fwrite(block, 1, n, kept) != n)
            break;
    if (kept && !ferror(stdin) && !ferror(kept) && fflush(kept) == 0)
        return kept;
    complain("-: standard input could not be kept");
    if (kept)
        fclose(kept);
    return NULL;
}

static int merge_results(const struct options *o)
{
    struct outputs outputs;
    struct error err;
    int status = EXIT_USAGE;

    if (outputs_open(&outputs, o, &err)) {
        struct merge_setup setup = {
            .files = o->files,
            .n_files = o->n_files,
            .writer = o->writer,
            .write = {.verbose = o->verbose, .all_steps = true, .stamp = o->stamp},
            .what_if = o->what_if,
            .fail_on = o->fail_on,
            .complain = complain,
            .out = outputs.report,
        };

        for (size_t i = 0; i < o->n_files && !setup.standard_input; i++)
            if (strcmp(o->files[i], "-") == 0)
                setup.standard_input = keep_standard_input();
        enter_sandbox(o, false);
        if (outputs_start(&outputs, NULL, &err))
            status = merge(&setup);
        else
            complain(err.text);
    } else {
        complain(err.text);
    }
    if (!outputs_close(&outputs, &err)) {
        complain(err.text);
        status = EXIT_USAGE;
    }
    return status;
}

static int explain_ids(const struct options *o)
{
    if (!o->n_files)
        explain_all(stdout);
    for (size_t i = 0; i < o->n_files; i++) {
        if (i)
            fputc('\n', stdout);
        if (!explain(stdout, o->files[i])) {
            struct error err;
            error_set(&err, "unknown finding '%s'; --explain lists them", o->files[i]);
            complain(err.text);
            return EXIT_USAGE;
        }
    }
    return said();
}

int main(int argc, char **argv)
{
    struct options o;
    struct error err;
    int status = EXIT_USAGE;

    setlocale(LC_ALL, "C");
    if (!options_parse(&o, argc, argv, &err)) {
        complain(err.text);
        if (o.display_error.text[0])
            point_at(o.display_text, &o.display_error);
        fputs("usage: lastack [options] FILE...   (lastack --help says more)\n", stderr);
    } else if (o.command == COMMAND_HELP) {
        options_help(stdout);
        status = said();
    } else if (o.command == COMMAND_HELP_FILTER) {
        filter_help(stdout);
        status = said();
    } else if (o.command == COMMAND_HELP_THRESHOLDS) {
        options_help_thresholds(stdout);
        status = said();
    } else if (o.command == COMMAND_VERSION) {
        puts("lastack " PACKAGE_VERSION);
        status = said();
    } else if (o.command == COMMAND_EXPLAIN) {
        status = explain_ids(&o);
    } else if (o.command == COMMAND_MERGE) {
        status = merge_results(&o);
    } else {
        status = analyze(&o);
    }
    options_done(&o);
    return status;
}
