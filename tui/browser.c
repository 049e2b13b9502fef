/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/browser.h"

#include "base/xalloc.h"
#include "tui/command.h"
#include "tui/frame.h"
#include "tui/view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* To add a view: a row here; see view.h for the rest. */
static const struct {
    const struct view_ops *ops;
    enum request opened_by; /* REQUEST_NONE: only other views open it */
} table[] = {
    {&view_connections, REQUEST_VIEW_CONNECTIONS},
    {&view_ladder, REQUEST_VIEW_LADDER},
    {&view_findings, REQUEST_VIEW_FINDINGS},
    {&view_hosts, REQUEST_VIEW_HOSTS},
    {&view_groups, REQUEST_VIEW_GROUPS},
    {&view_timeline, REQUEST_VIEW_TIMELINE},
    {&view_help, REQUEST_HELP},
    {&view_text, REQUEST_NONE},
};

enum { VIEWS = sizeof table / sizeof *table };

static struct view *top(const struct browser *b)
{
    return b->stack[b->depth - 1];
}

/* Lines of the screen that are not the view's: the top line and the filter, the message and the
 * keys. */
static int lines_above(const struct browser *b)
{
    return 1 + list_is_narrowed(&b->list);
}

static void fit(struct browser *b)
{
    struct view *v = top(b);
    int height = b->height - lines_above(b) - 2;

    v->width = b->width;
    v->height = height > 0 ? height : 0;
    if (v->ops->update)
        v->ops->update(v);
}

struct browser *browser_new(struct store *store, const struct tui_options *options, int width,
                            int height, bool utf8)
{
    struct browser *b = xcalloc(1, sizeof *b);

    b->store = store;
    b->options = *options;
    b->width = width;
    b->height = height;
    b->utf8 = utf8;
    b->loading = true;
    b->views = xcalloc(VIEWS, sizeof(struct view *));
    list_init(&b->list, store, options->strays);
    if (options->filter) {
        struct filter_error err;
        struct filter *f = filter_compile(options->filter, &err);

        list_narrow(&b->list, &(struct narrowing){.kind = NARROW_FILTER, .filter = f}, 1);
        command_hint(b, f);
    }
    browser_show(b, &view_connections);
    return b;
}

void browser_free(struct browser *b)
{
    for (size_t i = 0; i < VIEWS; i++) {
        if (!b->views[i])
            continue;
        if (b->views[i]->ops->close)
            b->views[i]->ops->close(b->views[i]);
        free(b->views[i]);
    }
    free(b->views);
    list_done(&b->list);
    prompt_done(&b->prompt);
    strbuf_done(&b->text);
    free(b);
}

void browser_resize(struct browser *b, int width, int height)
{
    b->width = width;
    b->height = height;
    fit(b);
}

void browser_say(struct browser *b, enum style style, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(b->message, sizeof b->message, format, args);
    va_end(args);
    b->message_style = style;
}

const char *browser_stamp(const struct browser *b, int64_t t, int64_t before,
                          char text[static TIME_TEXT])
{
    return stamp(b->options.stamp, t, store_summary(b->store)->first_t, before, text);
}

/* --- views ------------------------------------------------------------------------------------ */

static void add_up(struct browser *b)
{
    store_add_up(b->store);
    b->added_up = b->progress.seconds;
}

static size_t index_of(const struct view_ops *ops)
{
    size_t i = 0;

    while (table[i].ops != ops)
        i++;
    return i;
}

void browser_show(struct browser *b, const struct view_ops *ops)
{
    struct view **v = &b->views[index_of(ops)];
    size_t kept = 0;

    if (!*v) {
        *v = xcalloc(1, ops->size);
        **v = (struct view){.ops = ops, .browser = b};
    }
    for (size_t i = 0; i < b->depth; i++) /* a view is in the stack once: no circles to go back */
        if (b->stack[i] != *v)
            b->stack[kept++] = b->stack[i];
    b->depth = kept;
    b->stack[b->depth++] = *v;
    if (ops->sums && b->loading)
        add_up(b);
    if (ops->open)
        ops->open(*v);
    fit(b);
}

bool browser_shows_ladder(const struct browser *b)
{
    return top(b)->ops == &view_ladder;
}

void browser_show_ladder(struct browser *b, size_t stream, const struct ref *packet)
{
    b->subject = (struct subject){.stream = stream};
    if (packet)
        b->subject.packet = *packet;
    browser_show(b, &view_ladder);
}

/* The list changes: the summary of what it has is of no use any more. */
static void drop_part(struct browser *b)
{
    b->part = NULL;
    b->part_of = 0;
    store_part_end(b->store);
}

void browser_narrow(struct browser *b, const struct narrowing *n, size_t count)
{
    if (!list_narrow(&b->list, n, count)) {
        for (size_t i = 0; i < count; i++)
            filter_free(n[i].filter);
        browser_say(b, STYLE_ALERT, "that is enough conditions: u takes the last one back");
        return;
    }
    drop_part(b);
    browser_show(b, &view_connections);
    command_hint(b, n->filter);
}

void browser_show_text(struct browser *b, const char *title, struct strbuf text)
{
    strbuf_done(&b->text);
    b->text = text;
    snprintf(b->text_title, sizeof b->text_title, "%s", title);
    browser_show(b, &view_text);
}

static void back(struct browser *b)
{
    if (b->depth == 1 && b->saving) {
        browser_say(b, STYLE_ALERT, "%s is still being written: Q ends without it", b->saved_to);
        return;
    }
    if (b->depth == 1) {
        b->quit = true;
        return;
    }
    b->depth--;
    fit(b);
}

/* --- requests --------------------------------------------------------------------------------- */

static void widen(struct browser *b, bool all)
{
    drop_part(b);
    list_widen(&b->list, all);
    fit(b);
}

static void undo(struct browser *b)
{
    if (!b->list.n_narrow) {
        browser_say(b, STYLE_TEXT, "all connections are shown");
        return;
    }
    widen(b, false);
}

static void clear(struct browser *b)
{
    list_unmark(&b->list);
    widen(b, true);
}

static void pause_reading(struct browser *b)
{
    if (!b->loading) {
        browser_say(b, STYLE_TEXT, "all of the capture has been read");
        return;
    }
    b->paused = !b->paused;
    browser_say(b, STYLE_TEXT, b->paused ? "paused: p goes on reading" : "");
}

/* The connection that a letter is set for, or gone to, is that of the view on top. */
static void take_letter(struct browser *b, int key)
{
    enum request r = b->wants_letter;

    b->wants_letter = REQUEST_NONE;
    if (key < 'a' || key > 'z') {
        browser_say(b, STYLE_ALERT, "a mark is a letter from a to z");
        return;
    }
    size_t *mark = &b->mark[key - 'a'];
    if (r == REQUEST_SET_MARK) {
        *mark = b->subject.stream + 1;
        browser_say(b, STYLE_TEXT, "mark %c: stream %zu", key, b->subject.stream);
    } else if (!*mark) {
        browser_say(b, STYLE_ALERT, "no mark %c", key);
    } else if (browser_shows_ladder(b)) {
        browser_show_ladder(b, *mark - 1, NULL);
    } else {
        b->subject = (struct subject){.stream = *mark - 1};
        browser_show(b, &view_connections);
    }
}

static bool general_request(struct browser *b, enum request r)
{
    for (size_t i = 0; i < VIEWS; i++)
        if (table[i].opened_by == r) {
            browser_show(b, table[i].ops);
            return true;
        }
    switch (r) {
    case REQUEST_BACK:
        back(b);
        return true;
    case REQUEST_QUIT:
        b->quit = true;
        return true;
    case REQUEST_SUSPEND:
        b->suspend = true;
        return true;
    case REQUEST_REDRAW:
        b->redraw = true;
        return true;
    case REQUEST_UNDO:
        undo(b);
        return true;
    case REQUEST_CLEAR:
        clear(b);
        return true;
    case REQUEST_PAUSE:
        pause_reading(b);
        return true;
    case REQUEST_SET_MARK:
    case REQUEST_GO_MARK:
        b->wants_letter = r;
        return true;
    default:
        return command_request(b, r);
    }
}

void browser_request(struct browser *b, enum request r, size_t count)
{
    struct view *v = top(b);

    if ((!v->ops->request || !v->ops->request(v, r, count)) && !general_request(b, r))
        browser_say(b, STYLE_TEXT, "%s does nothing here", request_info(r)->name);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void prompt_answer(struct browser *b, int key)
{
    switch (prompt_key(&b->prompt, key)) {
    case PROMPT_GOES_ON:
        break;
    case PROMPT_GIVEN_UP:
        prompt_close(&b->prompt);
        break;
    case PROMPT_DONE:
        if (b->prompt.kind == PROMPT_FILTER && !command_filter(b, b->prompt.text))
            break; /* it says what is wrong */
        bool command = b->prompt.kind == PROMPT_COMMAND;
        prompt_close(&b->prompt);
        if (command)
            command_run(b, b->prompt.text);
        break;
    }
}

void browser_key(struct browser *b, int key)
{
    bool more;

    if (b->prompt.kind != PROMPT_NONE) {
        prompt_answer(b, key);
        return;
    }
    b->message[0] = '\0';
    if (b->wants_letter) {
        take_letter(b, key);
        return;
    }
    if (!b->first_key && key >= (b->count ? '0' : '1') && key <= '9') {
        if (b->count < 100000000)
            b->count = b->count * 10 + (size_t)(key - '0');
        return;
    }
    enum request r = request_of_keys(b->first_key, key, &more);
    bool second = b->first_key != 0;
    b->first_key = !second && more ? key : 0;
    if (b->first_key)
        return;
    size_t count = b->count;
    b->count = 0;
    if (r)
        browser_request(b, r, count);
    else if (!second)
        browser_say(b, STYLE_TEXT, "that key does nothing: F1 lists the keys");
}

void browser_mouse(struct browser *b, int button, int x, int y, int lines)
{
    struct view *v = top(b);

    if (b->prompt.kind != PROMPT_NONE)
        return;
    b->message[0] = '\0';
    if (y == b->height - 1) {
        enum request r = button ? frame_hint_at(b, v, x) : REQUEST_NONE;
        if (r)
            browser_request(b, r, 0);
    } else if (button == 0) {
        if (v->ops->wheel)
            v->ops->wheel(v, lines);
    } else if (v->ops->click && y >= lines_above(b) && y < lines_above(b) + v->height) {
        if (v->ops->click(v, x, y - lines_above(b)) || button == 2)
            browser_request(b, REQUEST_OPEN, 0);
    }
}

void browser_update(struct browser *b, const struct tui_progress *p, bool loading)
{
    bool ended = b->loading && !loading;

    b->progress = *p;
    b->loading = loading;
    if (ended)
        list_rebuild(&b->list); /* now all is final */
    else
        list_append(&b->list);
    if (ended || (top(b)->ops->sums && p->seconds - b->added_up > 0.5))
        add_up(b);
    fit(b);
}

static void save_on(struct browser *b)
{
    const int64_t slice = 8000000; /* ns */
    const struct tui_saver *saver = b->options.saver;
    uint64_t packets;
    struct error err;

    b->saving = saver->work(saver->context, slice, &packets, &err);
    if (b->saving)
        return;
    if (err.text[0])
        browser_say(b, STYLE_ALERT, "%s: %s", b->saved_to, err.text);
    else
        browser_say(b, STYLE_GOOD, "written: %s, %" PRIu64 " packets", b->saved_to, packets);
}

/* Whether the view on top shows what is added up over a list that is narrowed, and that is not
 * done.
 */
static bool wants_part(const struct browser *b)
{
    return top(b)->ops->sums && !b->loading && list_is_narrowed(&b->list) &&
           !list_is_pending(&b->list) && !(b->part && b->part_of == b->list.version);
}

const struct model_summary *browser_summary(const struct browser *b)
{
    return b->part && b->part_of == b->list.version && list_is_narrowed(&b->list)
               ? b->part
               : store_summary(b->store);
}

static void add_part(struct browser *b)
{
    const size_t slice = 1000; /* connections: some milliseconds */

    if (b->part_of != b->list.version) {
        store_part_begin(b->store);
        b->part = NULL;
        b->part_of = b->list.version;
        b->part_added = 0;
    }
    for (size_t i = 0; i < slice && b->part_added < b->list.n; i++)
        store_part_add(b->store, b->list.stream[b->part_added++]);
    if (b->part_added == b->list.n)
        b->part = store_part_add_up(b->store);
    fit(b);
}

bool browser_is_busy(const struct browser *b)
{
    return b->saving || list_is_pending(&b->list) || wants_part(b);
}

void browser_work(struct browser *b)
{
    if (b->saving)
        save_on(b);
    if (list_is_pending(&b->list)) {
        list_append(&b->list);
        fit(b);
    } else if (wants_part(b)) {
        add_part(b);
    }
}

/* --- the screen ------------------------------------------------------------------------------- */

void browser_draw(struct browser *b, struct canvas *c)
{
    const struct view *v = top(b);
    struct canvas part = canvas_part(c, 0, lines_above(b), c->width, v->height);

    canvas_clear(c);
    frame_draw(b, v, c);
    v->ops->draw(v, &part);
}

bool browser_cursor(const struct browser *b, int *x, int *y)
{
    struct canvas nowhere = {.width = b->width, .height = 0};

    if (b->prompt.kind == PROMPT_NONE)
        return false;
    *x = prompt_draw(&b->prompt, &nowhere, 0);
    *y = b->height - 2;
    return true;
}
