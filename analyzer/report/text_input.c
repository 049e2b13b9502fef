/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text_input.h"

#include "base/timetext.h"
#include "capture/linktype.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <string.h>

enum {
    INDENT = 9,
    COMMENTS = 4, /* of a file; all that are kept with -v */
    JOINTS = 8,   /* gaps and overlaps; JOINTS_VERBOSE with -v */
    JOINTS_VERBOSE = 256,
    INTERFACES = 8, /* that are named for what they lost */
};

/* The section, whose heading comes with its first line. */
struct section {
    FILE *out;
    const struct write_options *options;
    bool begun;
};

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* Print a line and give the string back. */
static void say(struct section *s, struct strbuf *b)
{
    if (!s->begun)
        fputs("\nINPUT\n", s->out);
    s->begun = true;
    wrap(s->out, "", INDENT, b->text);
    strbuf_done(b);
}

static void put_text(struct strbuf *b, const char *text)
{
    strbuf_put_untrusted(b, text, strlen(text));
}

void text_packet_number(struct strbuf *b, const struct ref *at, const struct write_options *o)
{
    strbuf_putc(b, '#');
    if (o->n_files > 1)
        strbuf_printf(b, "%u:", at->file);
    strbuf_printf(b, "%" PRIu64, at->packet);
}

/* --- files ------------------------------------------------------------------------------------ */

static void say_losses(struct section *s, const struct input_file *f)
{
    const struct about *a = f->about;
    struct strbuf b = {0};
    size_t named = 0;

    if (!a->dropped)
        return;
    put_text(&b, f->path);
    strbuf_printf(&b, ": %" PRIu64 " packet%s lost while it was captured", a->dropped,
                  a->dropped == 1 ? " was" : "s were");
    for (size_t i = 0; i < a->n_interfaces && named < INTERFACES; i++) {
        if (!a->interfaces[i].dropped || a->n_interfaces == 1)
            continue;
        strbuf_puts(&b, named++ ? ", " : ": ");
        if (a->interfaces[i].name)
            put_text(&b, a->interfaces[i].name);
        else
            strbuf_printf(&b, "interface %zu", i);
        strbuf_printf(&b, " %" PRIu64, a->interfaces[i].dropped);
    }
    say(s, &b);
}

static void say_comments(struct section *s, const struct input_file *f, uint32_t file)
{
    const struct about *a = f->about;
    size_t most = s->options->verbose ? a->n_comments : COMMENTS, i;
    struct strbuf b = {0};

    for (i = 0; i < a->n_comments && i < most; i++) {
        strbuf_puts(&b, "comment on ");
        if (a->comments[i].packet)
            text_packet_number(&b, &(struct ref){.packet = a->comments[i].packet, .file = file},
                               s->options);
        else
            put_text(&b, f->path);
        strbuf_puts(&b, ": ");
        put_text(&b, a->comments[i].text);
        say(s, &b);
    }
    if (a->total_comments > i) {
        strbuf_printf(&b, "and %" PRIu64 " more comment%s", a->total_comments - i,
                      plural(a->total_comments - i));
        say(s, &b);
    }
}

static void say_file(struct section *s, const struct input_file *f, uint32_t file)
{
    struct strbuf b = {0};

    if (f->status != INPUT_OK) {
        put_text(&b, f->message);
        say(s, &b);
    }
    say_losses(s, f);
    if (f->about->untimed) {
        put_text(&b, f->path);
        strbuf_printf(&b, ": %" PRIu64 " packet%s no time (simple packet blocks)",
                      f->about->untimed, f->about->untimed == 1 ? " has" : "s have");
        say(s, &b);
    }
    say_comments(s, f, file);
}

/* --- how they fit together -------------------------------------------------------------------- */

static void say_joints(struct section *s, const struct model_summary *m)
{
    struct input_overlap overlaps[JOINTS_VERBOSE];
    size_t most = s->options->verbose ? JOINTS_VERBOSE : JOINTS, n_gaps, i;
    size_t n_overlaps = input_overlaps(m->input, m->tap_of, overlaps, JOINTS_VERBOSE);
    uint64_t total;
    const struct input_gap *gaps = input_gaps(m->input, &n_gaps, &total);
    struct strbuf b = {0};
    char span[TIME_TEXT];

    for (i = 0; i < n_gaps && i < most; i++) {
        strbuf_printf(&b,
                      "nothing was captured for %s between file %u and file %u, longer than any "
                      "silence before",
                      time_human(gaps[i].to - gaps[i].from, span), gaps[i].before, gaps[i].after);
        say(s, &b);
    }
    if (total > i) {
        strbuf_printf(&b, "and %" PRIu64 " more such gaps", total - i);
        say(s, &b);
    }
    for (i = 0; i < n_overlaps && i < most; i++) {
        strbuf_printf(&b, "file %u and file %u overlap by %s; their packets are merged by time",
                      overlaps[i].before, overlaps[i].after,
                      time_human(overlaps[i].to - overlaps[i].from, span));
        say(s, &b);
    }
    if (n_overlaps > i) {
        strbuf_printf(&b, "and %zu more overlaps", n_overlaps - i);
        say(s, &b);
    }
}

static void say_note(struct section *s, enum note_kind kind, const struct note *n)
{
    struct strbuf b = {0};

    strbuf_printf(&b, "%" PRIu64 " packet%s %s", n->count, plural(n->count), note_text(kind));
    if (kind == NOTE_LINK_UNSUPPORTED) {
        const char *name = linktype_name(n->detail);

        strbuf_printf(&b, " (link type %d%s%s)", n->detail, name ? ", " : "", name ? name : "");
    }
    strbuf_puts(&b, n->count > 1 ? ", the first:" : ":");
    for (size_t i = 0; i < NOTE_SAMPLES && i < n->count; i++) {
        strbuf_puts(&b, i ? ", " : " ");
        text_packet_number(&b, &n->first[i], s->options);
    }
    say(s, &b);
}

void text_input(FILE *out, const struct model_summary *m, const struct write_options *o)
{
    struct section s = {.out = out, .options = o};

    for (uint32_t i = 0; i < input_n_files(m->input); i++)
        say_file(&s, input_file(m->input, i), i);
    say_joints(&s, m);
    for (int k = 0; k < NOTE_KIND_COUNT; k++)
        if (m->notes->of[k].count)
            say_note(&s, (enum note_kind)k, &m->notes->of[k]);
}
