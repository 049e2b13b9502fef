/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/command.h"

#include "base/xalloc.h"
#include "report/wireshark.h"
#include "tui/json_text.h"
#include "tui/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OFFERS = 128 }; /* completions of a word */

/* --- texts ------------------------------------------------------------------------------------ */

/* The connection at hand in one of the outputs; freed by the caller, NULL when there is none. */
static char *written(struct browser *b, const struct writer_ops *ops)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        return NULL;
    bool there = store_write(b->store, b->subject.stream, ops, out);
    if (fclose(out) != 0 || !there) {
        free(text);
        return NULL;
    }
    return text;
}

static void no_connection(struct browser *b)
{
    browser_say(b, STYLE_ALERT, "no connection is chosen");
}

static void show_json(struct browser *b)
{
    char title[80], *json = written(b, &writer_ndjson);
    struct strbuf text = {0};

    if (!json) {
        no_connection(b);
        return;
    }
    json_indent(json, &text);
    free(json);
    snprintf(title, sizeof title, "JSON of stream %zu", b->subject.stream);
    browser_show_text(b, title, text);
}

static void show_wireshark(struct browser *b)
{
    struct arena arena = {0};
    const struct model_connection *m = store_connection(b->store, b->subject.stream, &arena);
    struct strbuf text = {0};

    if (m) {
        strbuf_puts(&text, "All packets of the connection:\n\n");
        wireshark_connection(m, b->options.more_files + 1, &text);
        for (size_t i = 0; i < m->n_findings; i++) {
            strbuf_printf(&text, "\n\nThe evidence of %s:\n\n",
                          finding_info(m->findings[i].id)->id);
            wireshark_evidence(&m->findings[i], &text);
        }
        strbuf_puts(&text, "\n\nY copies this to the clipboard of a terminal that has OSC 52.\n");
        browser_show_text(b, "Display filters for Wireshark", text);
    } else {
        no_connection(b);
    }
    arena_done(&arena);
}

void browser_explain(struct browser *b, enum finding_id id)
{
    const struct finding_info *f = finding_info(id);
    struct strbuf text = {0};
    char title[80];

    strbuf_printf(&text, "%s\n\nAt worst %s, layer %s.\n\nMeaning\n%s\n\nHow it is decided\n%s\n\n",
                  f->title, severity_name(f->severity), layer_name(f->layer), f->meaning,
                  f->decided);
    strbuf_printf(&text, "What to do\n%s\n\n", f->remedy);
    if (f->avoid)
        strbuf_printf(&text, "What not to do\n%s\n\n", f->avoid);
    strbuf_printf(&text, "Reference\n%s\n", f->reference);
    snprintf(title, sizeof title, "%s (%s)", f->id, f->rule);
    browser_show_text(b, title, text);
}

static void explain_worst(struct browser *b)
{
    bool there = b->subject.stream < store_n_rows(b->store);
    const struct store_row *r = there ? store_row(b->store, b->subject.stream) : NULL;

    if (r && r->worst < FINDING_COUNT)
        browser_explain(b, (enum finding_id)r->worst);
    else
        browser_say(b, STYLE_TEXT, "this connection has no finding");
}

/* --- files ------------------------------------------------------------------------------------ */

/* Write text to a file that must not exist yet: a browser never overwrites anything. */
static void save(struct browser *b, const char *path, const char *text)
{
    FILE *out = fopen(path, "wx");

    if (!out) {
        browser_say(b, STYLE_ALERT, "%s: %s", path, strerror(errno));
        return;
    }
    bool good = fputs(text, out) >= 0;
    good &= fclose(out) == 0;
    if (good)
        browser_say(b, STYLE_GOOD, "written: %s", path);
    else
        browser_say(b, STYLE_ALERT, "%s: could not be written whole", path);
}

static void save_screen(struct browser *b, const char *path)
{
    struct canvas c = canvas_new(b->width, b->height, b->utf8);
    struct strbuf text = {0};

    browser_draw(b, &c);
    canvas_print(&c, &text);
    save(b, path, text.text);
    strbuf_done(&text);
    canvas_free(&c);
}

static void save_ladder(struct browser *b, const char *path)
{
    char *text = written(b, &writer_ladder);

    if (text)
        save(b, path, text);
    else
        no_connection(b);
    free(text);
}

/* Which packets are saved. */
struct saved {
    const struct list *list;
    size_t only;    /* with its number; SIZE_MAX: see the next */
    uint8_t *shown; /* a bit for each stream of the list; NULL: the marked ones */
};

static struct saved what_to_save(const struct browser *b)
{
    const struct list *l = &b->list;
    struct saved s = {.list = l, .only = SIZE_MAX};

    if (browser_shows_ladder(b)) {
        s.only = b->subject.stream;
    } else if (!l->n_marked) {
        s.shown = xcalloc(store_n_rows(b->store) / 8 + 1, 1);
        for (size_t i = 0; i < l->n; i++)
            s.shown[l->stream[i] / 8] |= (uint8_t)(1u << l->stream[i] % 8);
    }
    return s;
}

/* A tui_wanted. */
static bool is_saved(const void *of, size_t stream)
{
    const struct saved *s = of;

    if (s->only != SIZE_MAX)
        return stream == s->only;
    return s->shown ? s->shown[stream / 8] >> stream % 8 & 1 : list_marked(s->list, stream);
}

static void save_packets(struct browser *b, const char *path)
{
    const struct tui_saver *saver = b->options.saver;
    struct error err;

    if (!saver || b->saving || b->loading) {
        browser_say(b, STYLE_ALERT, "%s",
                    !saver      ? "packets can't be saved here"
                    : b->saving ? "packets are being written already"
                                : "wait until all of the capture has been read");
        return;
    }
    snprintf(b->saved_to, sizeof b->saved_to, "%s", path);
    struct saved s = what_to_save(b);
    b->saving = saver->begin(saver->context, b->saved_to, is_saved, &s, &err);
    if (!b->saving)
        browser_say(b, STYLE_ALERT, "%s", err.text);
    free(s.shown);
}

/* Ask for the file's name, with one to begin with. */
static void ask(struct browser *b, enum request r, const char *suffix)
{
    char line[96], name[48];

    snprintf(name, sizeof name, "stream-%zu", b->subject.stream);
    if (r == REQUEST_SAVE_PACKETS && !browser_shows_ladder(b))
        snprintf(name, sizeof name, "%s", b->list.n_marked ? "marked" : "listed");
    snprintf(line, sizeof line, "%s %s%s", request_info(r)->name, name, suffix);
    prompt_open(&b->prompt, PROMPT_COMMAND, ":", line, NULL);
}

/* --- the line --------------------------------------------------------------------------------- */

/* Names of requests that begin as the line does. */
static const char *complete(const char *text, size_t len, size_t n, size_t *start,
                            const char **help)
{
    *start = 0;
    for (int r = REQUEST_NONE + 1; r < REQUEST_COUNT; r++) {
        const struct request_info *info = request_info((enum request)r);

        if (strncmp(info->name, text, len) == 0 && n-- == 0) {
            *help = info->help;
            return info->name;
        }
    }
    return NULL;
}

static const char *complete_filter(const char *text, size_t len, size_t n, size_t *start,
                                   const char **help)
{
    struct filter_candidate candidates[OFFERS];

    if (n >= filter_complete(text, len, start, candidates, OFFERS))
        return NULL;
    *help = candidates[n].help;
    return candidates[n].text;
}

bool command_filter(struct browser *b, const char *text)
{
    struct filter_error err;
    struct filter *f = filter_compile(text, &err);

    if (!f) {
        prompt_refuse(&b->prompt, err.text, err.column, err.length);
        return false;
    }
    if (!*filter_text(f)) {
        filter_free(f);
        f = NULL;
        if (!*list_filter(&b->list))
            return true;
    }
    browser_narrow(b, &(struct narrowing){.kind = NARROW_FILTER, .filter = f}, 1);
    return true;
}

void command_hint(struct browser *b, const struct filter *f)
{
    enum finding_id id;

    if (f && filter_asks_over_many(f, &id))
        browser_say(b, STYLE_TEXT,
                    "%s is told of many at once: u, then F finds it, f its connections",
                    finding_info(id)->id);
}

static void next_stamp(struct browser *b)
{
    static const char *const said[] = {
        [STAMP_RELATIVE] = "since the first packet of the capture",
        [STAMP_ABSOLUTE] = "of day, UTC",
        [STAMP_DATE] = "with the date, UTC",
        [STAMP_DAY_OF_YEAR] = "with the day of the year, UTC",
        [STAMP_DELTA] = "since the line before",
        [STAMP_EPOCH] = "in seconds since 1970",
    };

    b->options.stamp = b->options.stamp == STAMP_EPOCH ? STAMP_RELATIVE
                                                       : (enum stamp_format)(b->options.stamp + 1);
    browser_say(b, STYLE_TEXT, "times: %s", said[b->options.stamp]);
}

bool command_request(struct browser *b, enum request r)
{
    switch (r) {
    case REQUEST_COMMAND:
        prompt_open(&b->prompt, PROMPT_COMMAND, ":", "", complete);
        return true;
    case REQUEST_FILTER:
        prompt_open(&b->prompt, PROMPT_FILTER, "/", list_filter(&b->list), complete_filter);
        return true;
    case REQUEST_TIME:
        next_stamp(b);
        return true;
    case REQUEST_JSON:
        show_json(b);
        return true;
    case REQUEST_WIRESHARK:
        show_wireshark(b);
        return true;
    case REQUEST_EXPLAIN:
        explain_worst(b);
        return true;
    case REQUEST_COPY:
        b->copy = b->text.text != NULL;
        browser_say(b, STYLE_TEXT,
                    b->copy ? "sent to the terminal's clipboard" : "no text to copy");
        return true;
    case REQUEST_SAVE_PACKETS:
        ask(b, r, ".pcap");
        return true;
    case REQUEST_SAVE_SCREEN:
        ask(b, r, ".screen");
        return true;
    case REQUEST_SAVE_LADDER:
        ask(b, r, ".txt");
        return true;
    case REQUEST_SAVE_TEXT:
        ask(b, r, ".txt");
        return true;
    default:
        return false;
    }
}

static void with_word(struct browser *b, enum request r, const char *word)
{
    switch (r) {
    case REQUEST_SAVE_PACKETS:
        save_packets(b, word);
        break;
    case REQUEST_SAVE_SCREEN:
        save_screen(b, word);
        break;
    case REQUEST_SAVE_LADDER:
        save_ladder(b, word);
        break;
    case REQUEST_SAVE_TEXT:
        save(b, word, b->text.text ? b->text.text : "");
        break;
    case REQUEST_VIEW_LADDER:
        browser_show_ladder(b, (size_t)strtoull(word, NULL, 10), NULL);
        break;
    case REQUEST_FILTER:
        prompt_open(&b->prompt, PROMPT_FILTER, "/", word, complete_filter);
        if (command_filter(b, b->prompt.text)) /* else it goes on where the mistake is */
            prompt_close(&b->prompt);
        break;
    default:
        browser_say(b, STYLE_ALERT, "%s takes no word", request_info(r)->name);
    }
}

void command_run(struct browser *b, const char *line)
{
    while (*line == ' ')
        line++;
    size_t len = strcspn(line, " ");
    enum request r = request_by_name(line, len);
    const char *word = line + len + strspn(line + len, " ");

    if (!len)
        return;
    if (!r)
        browser_say(b, STYLE_ALERT, "no command %.*s: F1 lists them", (int)len, line);
    else if (*word)
        with_word(b, r, word);
    else
        browser_request(b, r, 0);
}
