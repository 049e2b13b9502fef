/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/packets.h"
#include "report/words.h"
#include "tui/view_ladder.h"

#include <inttypes.h>
#include <stdio.h>

static void finding_words(const struct ladder_view *l, const struct finding *f, struct strbuf *out)
{
    const struct finding_info *info = finding_info(f->id);

    strbuf_printf(out, "%s %s (%s), confidence %.0f %%, %s", severity_name(f->severity), info->id,
                  info->rule, 100 * f->confidence, layer_name(f->layer));
    if (f->blame != END_NONE) {
        const struct model_endpoint *e = &l->c->end[f->blame];
        char text[ENDPOINT_TEXT];
        strbuf_printf(out, " at %s", endpoint_text(&e->addr, e->port, text));
    }
    strbuf_printf(out, "\n%s\nTo do: %s\n", f->text, info->remedy);
    for (size_t i = 0; i < f->n_evidence; i++)
        strbuf_printf(out, "%s%s #%" PRIu64, i ? ", " : "Evidence: ", f->evidence[i].role,
                      f->evidence[i].at.packet);
}

static void state_words(const struct rung *g, enum end e, struct strbuf *out)
{
    const struct model_state *s = g->state[e];
    char held[TIME_TEXT];

    if (!s || !g->entered[e])
        return;
    strbuf_printf(out, "\n%s: %s%s, %s", end_name(e), tcp_state_name(s->state),
                  s->proven ? "" : " (likely, not proven)", s->cause);
    if (s->held > 0)
        strbuf_printf(out, "; held for %s", time_human(s->held, held));
}

void ladder_pane_text(const struct ladder_view *l, struct strbuf *out)
{
    const struct rung *g = &l->rung[l->scroll.cursor];
    const struct ladder_row *r = g->row;

    if (l->octets && r->step) {
        packets_dump(store_packets(l->v.browser->store), &r->at, l->v.width < 76 ? 8 : 16, out);
        return;
    }
    switch (r->kind) {
    case LADDER_FINDING:
        finding_words(l, r->finding, out);
        break;
    case LADDER_SEGMENT:
    case LADDER_FOLD:
    case LADDER_FOLD_END:
        step_words(l->c, r->step, input_n_files(store_summary(l->v.browser->store)->input), out);
        break;
    case LADDER_TIMER:
    case LADDER_SILENCE:
    case LADDER_OMITTED:
        strbuf_puts(out, r->label);
        break;
    }
    state_words(g, END_CLIENT, out);
    state_words(g, END_SERVER, out);
}

void ladder_draw_pane(const struct ladder_view *l, struct canvas *c)
{
    struct strbuf text = {0};
    const struct rung *g = &l->rung[l->scroll.cursor];
    enum style first = g->row->kind == LADDER_FINDING ? style_of_severity(g->row->finding->severity)
                                                      : STYLE_STRONG;
    const char *next;
    size_t line = 0;
    int y = 1;

    canvas_repeat(c, 0, 0, c->width, l->in_pane ? STYLE_STRONG : STYLE_DIM, SYMBOL_LINE);
    ladder_pane_text(l, &text);
    for (const char *at = text.text; at && y < c->height; at = next, line++) {
        char one[1024];

        snprintf(one, sizeof one, "%.*s", (int)wrapped_line(at, c->width - 2, &next), at);
        if (line >= l->pane.top)
            canvas_put(c, 1, y++, line == 0 ? first : STYLE_TEXT, one);
    }
    strbuf_done(&text);
}
