/* SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"

#include "base/xalloc.h"
#include "report/report.h"
#include "report/wrap.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_ONLY = 256, HELP_INDENT = 24 };

/* --- what the options do ---------------------------------------------------------------------- */

static bool set_file(struct options *o, const char *arg, struct error *err)
{
    size_t n;
    char *const *names = patterns_match(&o->patterns, arg, &n);

    (void)err;
    o->files = xreallocarray(o->files, o->n_files + n + 1, sizeof *o->files);
    if (!n)
        o->files[o->n_files++] = arg;
    for (size_t i = 0; i < n; i++)
        o->files[o->n_files++] = names[i];
    return true;
}

static bool set_filter(struct options *o, const char *arg, struct error *err)
{
    (void)err;
    o->filter = arg;
    return true;
}

static bool set_display(struct options *o, const char *arg, struct error *err)
{
    struct filter *display = filter_compile(arg, &o->display_error);

    o->display_text = arg;
    if (!display) {
        error_set(err, "-Y: %s", o->display_error.text);
        return false;
    }
    filter_free(o->display);
    o->display = display;
    return true;
}

static bool set_packets(struct options *o, const char *arg, struct error *err)
{
    (void)err;
    o->packets = arg;
    return true;
}

static bool set_format(struct options *o, const char *arg, struct error *err)
{
    o->writer = writer_by_name(arg);
    if (!o->writer)
        error_set(err, "-T: unknown format '%s' (text, json, ndjson or wireshark)", arg);
    return o->writer != NULL;
}

static bool set_ladder(struct options *o, const char *arg, struct error *err)
{
    char *end;

    errno = 0;
    o->ladder = true;
    o->stream = strtoull(arg, &end, 10);
    if (arg[0] < '0' || arg[0] > '9' || *end || errno) {
        error_set(err, "--ladder: '%s' is not the number of a connection", arg);
        return false;
    }
    return true;
}

static bool set_time_wait(struct options *o, const char *arg, struct error *err)
{
    if (!settings_time_wait(&o->settings, arg, err))
        return false;
    if (!strchr(arg, '@'))
        o->time_wait_text = arg;
    return true;
}

static bool set_msl(struct options *o, const char *arg, struct error *err)
{
    struct time_wait one;

    if (!time_wait_parse(arg, &one) || one.name || one.ns > 43200 * NS_PER_S) {
        error_set(err, "--msl: '%s' is not a number of seconds up to 43200", arg);
        return false;
    }
    o->settings.time_wait = (struct time_wait){.ns = 2 * one.ns};
    o->settings.guess = false;
    o->time_wait_text = "2 MSL";
    return true;
}

static bool set_threshold(struct options *o, const char *arg, struct error *err)
{
    return settings_threshold(&o->settings, arg, err);
}

static bool set_limit(struct options *o, const char *arg, struct error *err)
{
    return limits_parse(&o->settings.limits, arg, err);
}

static bool set_threads(struct options *o, const char *arg, struct error *err)
{
    char *end;
    unsigned long n = strtoul(arg, &end, 10);

    if (arg[0] < '0' || arg[0] > '9' || *end || n < 1 || n > THREADS_MOST) {
        error_set(err, "--threads: '%s' is not a number from 1 to %d", arg, THREADS_MOST);
        return false;
    }
    o->threads = (unsigned)n;
    return true;
}

static bool set_what_if(struct options *o, const char *arg, struct error *err)
{
    if (what_if_parse(&o->what_if, arg)) {
        o->settings.what_if_longest = 0;
        for (size_t i = 0; i < o->what_if.n; i++)
            if (o->what_if.length[i] > o->settings.what_if_longest)
                o->settings.what_if_longest = o->what_if.length[i];
        return true;
    }
    error_set(err, "--what-if-time-wait: '%s' is not a list of up to %d lengths in seconds", arg,
              WHAT_IF_LENGTHS);
    return false;
}

static bool set_shard(struct options *o, const char *arg, struct error *err)
{
    int end = -1;

    if (sscanf(arg, "%5u/%5u%n", &o->shard.index, &o->shard.of, &end) == 2 && !arg[end] &&
        arg[0] >= '0' && arg[0] <= '9' && o->shard.index >= 1 && o->shard.index <= o->shard.of)
        return true;
    error_set(err, "--shard: '%s' is not I/N with I from 1 to N", arg);
    return false;
}

static bool set_fail_on(struct options *o, const char *arg, struct error *err)
{
    enum severity severity;

    if (!severity_parse(arg, &severity)) {
        error_set(err, "--fail-on: unknown severity '%s' (error, warning, notice or info)", arg);
        return false;
    }
    o->fail_on = severity_name(severity);
    return true;
}

static bool set_explain(struct options *o, const char *arg, struct error *err)
{
    o->command = COMMAND_EXPLAIN;
    return !arg || set_file(o, arg, err);
}

static bool set_output(struct options *o, const char *arg, struct error *err)
{
    (void)err;
    o->output = arg;
    return true;
}

static bool set_interactive(struct options *o, const char *arg, struct error *err)
{
    (void)arg;
#ifdef HAVE_TUI
    (void)err;
    o->interactive = true;
    return true;
#else
    (void)o;
    error_set(err, "-i: this lastack was built without the browser");
    return false;
#endif
}

static bool set_stamp(struct options *o, const char *arg, struct error *err)
{
    if (stamp_parse(arg, &o->stamp))
        return true;
    error_set(err, "-t: unknown time format '%s' (r, a, ad, adoy, d, dd, e, u, ud or udoy)", arg);
    return false;
}

static bool set_no_names(struct options *o, const char *arg, struct error *err)
{
    (void)o;
    (void)arg;
    (void)err;
    return true;
}

/* What needs no argument. */
#define SWITCH(name, member, value)                                                                \
    static bool name(struct options *o, const char *arg, struct error *err)                        \
    {                                                                                              \
        (void)arg;                                                                                 \
        (void)err;                                                                                 \
        o->member = value;                                                                         \
        return true;                                                                               \
    }

SWITCH(set_steps, all_steps, true)
SWITCH(set_quiet, quiet, true)
SWITCH(set_verbose, verbose, true)
SWITCH(set_no_sandbox, no_sandbox, true)
SWITCH(set_help, command, COMMAND_HELP)
SWITCH(set_version, command, COMMAND_VERSION)
SWITCH(set_help_filter, command, COMMAND_HELP_FILTER)
SWITCH(set_help_thresholds, command, COMMAND_HELP_THRESHOLDS)

/* --- the table -------------------------------------------------------------------------------- */

struct row {
    int key;          /* the letter, or 0 */
    const char *name; /* long name, or NULL */
    const char *arg;  /* name of the argument; "[X]": optional; NULL: none */
    bool (*set)(struct options *o, const char *arg, struct error *err);
    const char *help;
};

static const struct row rows[] = {
    {'r', "read", "FILE", set_file, "the same as a bare FILE"},
    {'f', "filter", "BPF", set_filter, "only packets that match a pcap-filter(7) expression"},
    {'Y', "display-filter", "FILTER", set_display,
     "only connections that match a display filter: 'close.kind == reset && ip.addr == 10.0.0.1'"},
    {0, "help-filter", NULL, set_help_filter, "the fields that a display filter can ask for"},
    {'w', "write", "FILE", set_packets,
     "write the packets of the connections that -f and -Y leave to a capture; '-': to standard "
     "output, and no report there"},
    {'T', "format", "FORMAT", set_format,
     "text (default), json (one document), ndjson (one object a line, streamed) or wireshark "
     "(display filters for the connections)"},
    {'i', "interactive", NULL, set_interactive,
     "browse in the terminal: connections, ladders, findings, hosts; F1 there lists the keys"},
    {0, "ladder", "N", set_ladder, "the ladder of connection N (its stream) as text"},
    {0, "steps", NULL, set_steps,
     "JSON: the steps of every connection, not only of those with a finding of notice or worse"},
    {0, "time-wait", "P", set_time_wait,
     "how long TIME_WAIT lasts: auto (default: guessed for each end from its SYN, else linux), a "
     "profile or seconds; P@PREFIX for some addresses only, may be repeated"},
    {0, "msl", "S", set_msl, "the same as --time-wait with 2 S seconds"},
    {0, "set", "NAME=VALUE", set_threshold, "change a threshold of the rules; may be repeated"},
    {0, "help-thresholds", NULL, set_help_thresholds, "the thresholds and what they are"},
    {0, "limit", "NAME=N", set_limit,
     "change a limit on what the capture may cost (below); may be repeated"},
    {0, "threads", "N", set_threads,
     "threads that share the work, beside one that reads (default: by processors, one for small "
     "inputs); the output is the same for any number"},
    {0, "what-if-time-wait", "LIST", set_what_if,
     "what other lengths of TIME_WAIT would change: sockets, ports, reuses (30,60,120,240)"},
    {0, "fail-on", "SEVERITY", set_fail_on,
     "exit with status 1 when a finding is of that severity (error, warning, notice, info) or "
     "worse"},
    {0, "explain", "[ID]", set_explain,
     "what a finding means, how it is decided, what to do; all findings without ID; or time-wait"},
    {0, "shard", "I/N", set_shard,
     "only part I of N of the five-tuples; `lastack merge` joins the parts' results"},
    {'o', "output", "FILE", set_output, "write the report to FILE"},
    {'q', "quiet", NULL, set_quiet, "no notices and no progress on standard error"},
    {'v', "verbose", NULL, set_verbose,
     "text: findings of severity info and a line for each connection; strays too"},
    {'t', "time", "FORMAT", set_stamp,
     "times in text as in tshark: r (default), a, ad, adoy, d, dd, e, u, ud, udoy; always UTC"},
    {'n', NULL, NULL, set_no_names, "accepted: names are never looked up"},
    {0, "no-sandbox", NULL, set_no_sandbox,
     "keep every right of the process (normally it can read the inputs, write the output, and "
     "nothing else; -v says what is on)"},
    {'h', "help", NULL, set_help, "this text"},
    {'V', "version", NULL, set_version, "the version"},
};

enum { ROWS = sizeof rows / sizeof *rows };

/* What getopt_long() returns for the row: its letter, or a number of its own. */
static int key_of(size_t i)
{
    return rows[i].key ? rows[i].key : LONG_ONLY + (int)i;
}

/* --- parsing ---------------------------------------------------------------------------------- */

static void getopt_tables(char *letters, struct option *longs)
{
    *letters++ = ':';
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *r = &rows[i];

        if (r->key) {
            *letters++ = (char)r->key;
            if (r->arg)
                *letters++ = ':';
        }
        if (r->name)
            *longs++ = (struct option){.name = r->name,
                                       .has_arg = !r->arg            ? no_argument
                                                  : r->arg[0] == '[' ? optional_argument
                                                                     : required_argument,
                                       .val = key_of(i)};
    }
    *letters = 0;
    *longs = (struct option){0};
}

static bool parse_error(int key, char **argv, struct error *err)
{
    if (optopt > 0 && optopt < LONG_ONLY)
        error_set(err, key == ':' ? "-%c needs an argument" : "unknown option -%c", optopt);
    else
        error_set(err, key == ':' ? "%s needs an argument" : "unknown option %s", argv[optind - 1]);
    return false;
}

static bool check(const struct options *o, struct error *err)
{
    if (o->command == COMMAND_ANALYZE && !o->n_files)
        error_set(err, "no capture given; '-' reads standard input");
    else if (o->interactive && (o->ladder || o->writer != &writer_text || o->output || o->packets))
        error_set(err, "-i shows its own screens: it does not go with -T, --ladder, -o or -w");
    else if (o->command == COMMAND_MERGE && !o->n_files)
        error_set(err, "merge: no result given; '-' reads standard input");
    else if (o->ladder && o->writer != &writer_text)
        error_set(err, "--ladder is text: it does not go with -T %s", o->writer->name);
    else if (o->packets && strcmp(o->packets, "-") == 0 &&
             (o->output ? strcmp(o->output, "-") == 0 : o->ladder || o->writer != &writer_text))
        error_set(err, "-w -: packets and report can't both go to standard output; -o FILE takes "
                       "the report");
    else
        return true;
    return false;
}

/* What has a meaning for results that are merged; the rest belongs to the analysis. */
static const char *const merging[] = {
    "read",    "format", "what-if-time-wait", "fail-on", "output", "quiet",
    "verbose", "time",   "no-sandbox",        "help",    "version"};

static bool goes_with_merge(const struct row *r)
{
    for (size_t i = 0; r->name && i < sizeof merging / sizeof *merging; i++)
        if (strcmp(r->name, merging[i]) == 0)
            return true;
    return !r->name;
}

static bool set(struct options *o, const struct row *r, const char *arg, struct error *err)
{
    if (o->command == COMMAND_MERGE && !goes_with_merge(r)) {
        error_set(err, "merge: --%s belongs to the analysis of captures", r->name);
        return false;
    }
    return r->set(o, arg, err);
}

bool options_parse(struct options *o, int argc, char **argv, struct error *err)
{
    char letters[2 * ROWS + 2];
    struct option longs[ROWS + 1];
    int key;

    *o = (struct options){.writer = &writer_text, .time_wait_text = "auto"};
    o->settings = settings_default();
    o->shard = (struct model_shard){.index = 1, .of = 1};
    if (argc > 1 && strcmp(argv[1], "merge") == 0) {
        o->command = COMMAND_MERGE;
        argc--;
        argv++;
    }
    getopt_tables(letters, longs);
    opterr = 0;
    while ((key = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        if (key == '?' || key == ':')
            return parse_error(key, argv, err);
        for (size_t i = 0; i < ROWS; i++)
            if (key_of(i) == key && !set(o, &rows[i], optarg, err))
                return false;
    }
    for (; optind < argc; optind++)
        set_file(o, argv[optind], err);
    return check(o, err);
}

struct model_options options_echo(const struct options *o)
{
    return (struct model_options){.bpf = o->filter,
                                  .display = o->display ? o->display_text : NULL,
                                  .time_wait = o->time_wait_text,
                                  .time_wait_ns = o->settings.time_wait.ns,
                                  .settings = &o->settings,
                                  .fail_on = o->fail_on};
}

void options_done(struct options *o)
{
    filter_free(o->display);
    free(o->files);
    patterns_done(&o->patterns);
}

/* --- help ------------------------------------------------------------------------------------- */

static void help_row(FILE *out, const struct row *r)
{
    char label[64];
    int n = 0;

    if (r->key)
        n += snprintf(label, sizeof label, "  -%c%s", r->key, r->name ? ", " : "");
    else
        n += snprintf(label, sizeof label, "      ");
    if (r->name)
        n += snprintf(label + n, sizeof label - (size_t)n, "--%s", r->name);
    if (r->arg)
        n += snprintf(label + n, sizeof label - (size_t)n, " %s", r->arg);
    if (n >= HELP_INDENT) {
        fprintf(out, "%s\n", label);
        label[0] = 0;
    }
    wrap(out, label, HELP_INDENT, r->help);
}

void options_help(FILE *out)
{
    size_t n;
    const struct time_wait_profile *profiles = time_wait_profiles(&n);

    fputs("usage: lastack [options] FILE...\n"
          "       lastack merge [options] RESULT...\n"
          "\n"
          "Tell how the TCP connections in a capture ended, and when they ended badly, why.\n"
          "FILE is a capture of tcpdump, Wireshark and the like, or '-' for standard input;\n"
          "several files are one capture, in order of time. RESULT is what -T json or\n"
          "-T ndjson wrote: merge joins those of shards, or of captures that follow each\n"
          "other.\n"
          "\n",
          out);
    for (size_t i = 0; i < ROWS; i++)
        help_row(out, &rows[i]);
    fputs("\nProfiles of --time-wait, in seconds:\n", out);
    for (size_t i = 0, column = 0; i < n; i++) {
        char text[64];
        int len = snprintf(text, sizeof text, "%s %g", profiles[i].name, profiles[i].seconds);

        if (column && column + 2 + (size_t)len > PAGE_WIDTH - 2) {
            fputs(",\n", out);
            column = 0;
        }
        column += (size_t)fprintf(out, "%s%s", column ? ", " : "  ", text);
    }
    fputs("\n\nLimits and their defaults; what they take is counted and shown:\n", out);
    for (int i = 0; i < LIMIT_COUNT; i++) {
        const struct limit_info *l = limit_info((enum limit)i);
        char label[64];

        snprintf(label, sizeof label, "  %s=%" PRIu64, l->name, l->value);
        wrap(out, label, HELP_INDENT, l->text);
    }
    fputs("\n"
          "Exit status: 0 done; 1 findings at or above --fail-on; 2 usage error, or no\n"
          "input could be read; 3 done, but some input was unreadable, cut short or\n"
          "damaged; 130 interrupted (what had been read is reported).\n",
          out);
}

void options_help_thresholds(FILE *out)
{
    fputs("Thresholds, with their defaults; change them with --set NAME=VALUE\n\n", out);
    for (int i = 0; i < THRESHOLD_COUNT; i++) {
        const struct threshold_info *t = threshold_info((enum threshold)i);
        char label[64];

        snprintf(label, sizeof label, "  %s=%g%s%s", t->name, t->value, t->unit[0] ? " " : "",
                 t->unit);
        wrap(out, label, 32, t->text);
    }
}
