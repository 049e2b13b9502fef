/* SPDX-License-Identifier: BSD-2-Clause
 *
 * --ladder N: one connection as a ladder of text, 80 columns with relative times. */
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "report/ladder.h"
#include "report/words.h"
#include "report/wrap.h"
#include "report/writer.h"

#include <stdlib.h>
#include <string.h>

enum { STATE_WIDTH = 12, PACKET_WIDTH = 6 };

static enum writer_wants wants_one(const struct write_options *o)
{
    (void)o;
    return WANTS_ONE;
}

static struct writer *open_ladder(FILE *out, const struct write_options *o)
{
    struct writer *w = xcalloc(1, sizeof *w);

    *w = (struct writer){.ops = &writer_ladder, .out = out, .options = *o};
    return w;
}

/* --- head ------------------------------------------------------------------------------------- */

static void print_head(const struct writer *w, const struct model_connection *c)
{
    struct strbuf b = {0};

    connection_words(c, &b);
    strbuf_printf(&b, "\n%s: %s\n", close_kind_name(c->close), close_kind_text(c->close));
    closer_words(c, &b);
    if (c->closed_by_somebody)
        strbuf_putc(&b, '\n');
    fputs(b.text, w->out);
    strbuf_done(&b);
}

/* The states of one end with how long each was held: "SYN_SENT 10.0 ms, ESTABLISHED? 990 ms,
 * CLOSED". */
static void print_path(const struct writer *w, const struct model_connection *c, enum end e)
{
    struct strbuf b = {0};
    char held[TIME_TEXT], label[16];

    for (size_t i = 0; i < c->end[e].n_states; i++) {
        const struct model_state *s = &c->end[e].states[i];

        strbuf_printf(&b, "%s%s%s", i ? ", " : "", tcp_state_name(s->state), s->proven ? "" : "?");
        if (s->held > 0)
            strbuf_printf(&b, " %s", time_human(s->held, held));
    }
    snprintf(label, sizeof label, "%s:", end_name(e));
    wrap(w->out, label, 8, b.text ? b.text : c->self ? "the same socket" : "no state known");
    strbuf_done(&b);
}

/* --- rows ------------------------------------------------------------------------------------- */

static int label_width(const struct writer *w)
{
    int width = PAGE_WIDTH - stamp_width(w->options.stamp) - PACKET_WIDTH - 2 * STATE_WIDTH - 8;

    return width < 31 ? 31 : width;
}

/* "---- FIN,ACK seq 1 ----->" */
static void print_arrow(const struct writer *w, const struct ladder_row *r)
{
    int width = label_width(w), len = (int)strlen(r->label),
        left = len < width ? (width - len) / 2 : 0;
    bool arrow = ladder_row_is_packet(r);
    char fill = !arrow ? ' ' : r->kind == LADDER_SEGMENT ? '-' : '=';

    fputs(arrow && !r->right ? "<" : arrow ? "|" : "|", w->out);
    for (int i = 0; i < left; i++)
        fputc(fill, w->out);
    fprintf(w->out, " %s ", r->label);
    for (int i = left + len; i < width; i++)
        fputc(fill, w->out);
    fputs(arrow && r->right ? ">" : "|", w->out);
}

static const char *state_cell(const struct ladder_row *r, enum end e, char text[static 24])
{
    snprintf(text, 24, "%s%s", r->state[e] ? r->state[e] : "",
             r->state[e] && r->likely[e] ? "?" : "");
    return text;
}

static void print_row(const struct writer *w, const struct ladder_row *r, int64_t before)
{
    char time[TIME_TEXT], packet[24] = "", client[24], server[24];
    const struct write_options *o = &w->options;
    bool timed = ladder_row_is_packet(r) || r->kind == LADDER_TIMER;

    if (r->step && o->n_files > 1)
        snprintf(packet, sizeof packet, "%u:%llu", r->at.file, (unsigned long long)r->at.packet);
    else if (r->step)
        snprintf(packet, sizeof packet, "%llu", (unsigned long long)r->at.packet);
    fprintf(w->out, "%*s %*s %*s ", stamp_width(o->stamp),
            timed ? stamp(o->stamp, r->t, o->capture->first_t, before, time) : "", PACKET_WIDTH,
            packet, STATE_WIDTH, state_cell(r, END_CLIENT, client));
    print_arrow(w, r);
    state_cell(r, END_SERVER, server);
    fprintf(w->out, "%s%s%s%s\n", server[0] ? " " : "", server, r->note ? "  " : "",
            r->note ? r->note : "");
}

static void print_finding(const struct writer *w, const struct finding *f)
{
    const struct finding_info *info = finding_info(f->id);
    char label[96];

    snprintf(label, sizeof label, "  ! %s %s:", severity_name(f->severity), info->id);
    fprintf(w->out, "%s\n", label);
    wrap(w->out, "", 6, f->text);
}

static void print_undetermined(const struct writer *w, const struct model_connection *c)
{
    char have[TIME_TEXT], need[TIME_TEXT];

    for (size_t i = 0; i < c->n_undetermined; i++) {
        const struct undetermined *u = &c->undetermined[i];

        fprintf(w->out, "  ? %s: undetermined (%s", finding_info(u->id)->id,
                doubt_reason_name(u->reason));
        if (u->timed)
            fprintf(w->out, ", %s of %s", time_human(u->have, have), time_human(u->need, need));
        fputs(")\n", w->out);
    }
}

static void print_ladder(struct writer *w, const struct model_connection *c)
{
    struct arena arena = {0};
    size_t n;
    const struct ladder_row *row = ladder_layout(c, &arena, &n);
    int width = label_width(w) + 4;
    int64_t before = c->first.t;

    print_head(w, c);
    print_path(w, c, END_CLIENT);
    print_path(w, c, END_SERVER);
    fprintf(w->out, "\n%*s %*s %*s %*s %s\n", stamp_width(w->options.stamp), "time", PACKET_WIDTH,
            "packet", STATE_WIDTH, "client", width, "", "server");
    for (size_t i = 0; i < n; i++) {
        if (row[i].kind == LADDER_FINDING)
            print_finding(w, row[i].finding);
        else
            print_row(w, &row[i], before);
        before = row[i].kind == LADDER_FINDING ? before : row[i].t;
    }
    print_undetermined(w, c);
    arena_done(&arena);
}

static void ladder_summary(struct writer *w, const struct model_summary *s)
{
    (void)w;
    (void)s;
}

static void ladder_close(struct writer *w)
{
    free(w);
}

const struct writer_ops writer_ladder = {
    .name = "ladder",
    .wants = wants_one,
    .open = open_ladder,
    .connection = print_ladder,
    .summary = ladder_summary,
    .close = ladder_close,
};
