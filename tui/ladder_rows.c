/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A rung: time, packet, the client's state, the arrow between the two lifelines, the server's
 * state. On the line after a state began stands how long it lasted; wide screens have room for that
 * beside its name. */
#include "report/words.h"
#include "tui/view_ladder.h"

#include <stdio.h>
#include <string.h>

enum {
    PACKET_WIDTH = 6,
    NOTE_WIDTH = 30,
    STATE_TIGHT = STATE_SHORT + 1, /* short names */
    STATE_USUAL = 12,
    STATE_WIDE = 22, /* with how long it lasted */
    USUAL = 76,      /* columns of the screen from which on */
    WIDE = 110,
};

/* Where things stand; x of the lifelines and of what is beside them. */
struct places {
    int packet, client, left, right, server, note, state_width;
};

static struct places places_of(const struct ladder_view *l, int width)
{
    struct places p;
    int stamp = stamp_width(l->v.browser->options.stamp);

    p.state_width = width >= WIDE ? STATE_WIDE : width >= USUAL ? STATE_USUAL : STATE_TIGHT;
    p.packet = stamp + 1;
    p.client = p.packet + PACKET_WIDTH + 1;
    p.left = p.client + p.state_width + 1;
    p.note = width >= WIDE + NOTE_WIDTH / 2 ? width - NOTE_WIDTH : width;
    p.server = p.note - p.state_width - (p.note < width);
    p.right = p.server - 2;
    if (p.right < p.left + 4)
        p.right = p.left + 4;
    return p;
}

void ladder_draw_head(const struct ladder_view *l, struct canvas *c)
{
    const struct model_connection *m = l->c;
    struct places p = places_of(l, c->width);
    struct strbuf text = {0};
    char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];
    const struct model_endpoint *a = &m->end[END_CLIENT], *b = &m->end[END_SERVER];

    connection_words(m, &text);
    canvas_field(c, 0, 0, c->width, false, STYLE_STRONG, text.text);
    strbuf_clear(&text);
    strbuf_printf(&text, "%s%s", close_kind_name(m->close), m->closed_by_somebody ? "; " : "");
    closer_words(m, &text);
    canvas_field(c, 0, 1, c->width, false, STYLE_TEXT, text.text);
    strbuf_done(&text);
    canvas_paint(c, 0, 2, c->width, STYLE_HEAD);
    canvas_field(c, 0, 2, p.packet - 1, true, STYLE_HEAD, "time");
    canvas_field(c, p.packet, 2, PACKET_WIDTH, true, STYLE_HEAD, "packet");
    canvas_field(c, p.client, 2, p.state_width, true, STYLE_HEAD, "client");
    canvas_put(c, p.server, 2, STYLE_HEAD, "server");
    endpoint_text(&a->addr, a->port, client);
    endpoint_text(&b->addr, b->port, server);
    int room = p.right - p.left - 3;
    if (text_columns(client) + text_columns(server) < room) {
        canvas_put(c, p.left, 2, STYLE_HEAD, client);
        canvas_put(c, p.right + 1 - text_columns(server), 2, STYLE_HEAD, server);
    }
}

/* --- states ----------------------------------------------------------------------------------- */

static void draw_state(const struct rung *g, struct canvas *c, int y, enum end e, int x, int width)
{
    const struct model_state *s = g->state[e];
    char name[32], held[TIME_TEXT], text[32 + TIME_TEXT];
    bool right = e == END_CLIENT;

    if (!s)
        return;
    if (g->entered[e]) {
        snprintf(name, sizeof name, "%s%s",
                 width < STATE_USUAL ? state_short(s->state) : tcp_state_name(s->state),
                 s->proven ? "" : "?");
        int columns = text_columns(name);
        canvas_put(c, right ? x + width - columns : x, y, style_of_state(s->state), name);
        if (width < STATE_WIDE || s->held <= 0)
            return;
        time_human(s->held, held);
        canvas_put(c, right ? x + width - columns - 1 - text_columns(held) : x + columns + 1, y,
                   STYLE_DIM, held);
        return;
    }
    if (g->dwell[e] && width < STATE_WIDE) {
        snprintf(text, sizeof text, "%s", time_human(s->held, held));
        canvas_field(c, x, y, width, right, STYLE_DIM, text);
    }
}

/* The lifeline shows the state by its colour. */
static void draw_lifelines(const struct rung *g, struct canvas *c, int y, const struct places *p,
                           enum symbol symbol)
{
    for (enum end e = END_CLIENT; e <= END_SERVER; e++) {
        const struct model_state *s = g->state[e];

        canvas_put(c, e == END_CLIENT ? p->left : p->right, y,
                   s ? style_of_state(s->state) : STYLE_DIM, canvas_symbol(c, symbol));
    }
}

/* --- between them ----------------------------------------------------------------------------- */

static enum style arrow_style(const struct ladder_row *r)
{
    static const enum style styles[] = {[TONE_PLAIN] = STYLE_TEXT,
                                        [TONE_SYN] = STYLE_SYN,
                                        [TONE_FIN] = STYLE_FIN,
                                        [TONE_RST] = STYLE_RST};

    return r->kind == LADDER_SEGMENT ? styles[r->tone] : STYLE_FOLD;
}

/* "├───── FIN,ACK seq 1 ─────▶": the label in the middle of the arrow. */
static void draw_arrow(const struct rung *g, struct canvas *c, int y, const struct places *p)
{
    const struct ladder_row *r = g->row;
    struct canvas part = canvas_part(c, p->left + 1, y, p->right - p->left - 1, 1);
    char label[160];
    enum style style = arrow_style(r);

    snprintf(label, sizeof label, " %s%s%s ", r->label, r->note && p->note == c->width ? ", " : "",
             r->note && p->note == c->width ? r->note : "");
    if (text_columns(label) > part.width - 2) /* no room for the note */
        snprintf(label, sizeof label, " %s ", r->label);
    int columns = text_columns(label), room = part.width - 2;
    canvas_repeat(&part, 0, 0, part.width, style,
                  r->kind == LADDER_SEGMENT ? SYMBOL_LINE : SYMBOL_DOUBLE);
    canvas_field(&part, columns < room ? (part.width - columns) / 2 : 1, 0,
                 columns < room ? columns : room, false, style, label);
    if (r->right)
        canvas_put(c, p->right - 1, y, style, canvas_symbol(c, SYMBOL_RIGHT));
    else
        canvas_put(c, p->left + 1, y, style, canvas_symbol(c, SYMBOL_LEFT));
}

static void draw_finding(const struct rung *g, struct canvas *c, int y, const struct places *p)
{
    const struct finding *f = g->row->finding;
    char text[160];

    snprintf(text, sizeof text, "! %s %s", severity_name(f->severity), finding_info(f->id)->id);
    canvas_field(c, p->left + 2, y, c->width - p->left - 3, false, style_of_severity(f->severity),
                 text);
}

static void draw_between(const struct rung *g, struct canvas *c, int y, const struct places *p)
{
    const struct ladder_row *r = g->row;
    int room = p->right - p->left - 1, columns = text_columns(r->label);

    canvas_field(c, p->left + 1 + (columns < room ? (room - columns) / 2 : 0), y,
                 columns < room ? columns : room, false, STYLE_DIM, r->label);
}

void ladder_draw_rung(const struct ladder_view *l, struct canvas *c, int y, size_t i)
{
    const struct rung *g = &l->rung[i];
    const struct ladder_row *r = g->row;
    struct places p = places_of(l, c->width);
    char text[TIME_TEXT];
    bool packet = ladder_row_is_packet(r);

    if (packet || r->kind == LADDER_TIMER) {
        int64_t before = i ? l->rung[i - 1].row->t : l->c->first.t;
        canvas_field(c, 0, y, p.packet - 1, true, STYLE_TEXT,
                     browser_stamp(l->v.browser, r->t, before, text));
    }
    if (packet) {
        snprintf(text, sizeof text, "%llu", (unsigned long long)r->at.packet);
        canvas_field(c, p.packet, y, PACKET_WIDTH, true, STYLE_DIM, text);
    }
    draw_lifelines(g, c, y, &p, r->kind == LADDER_SILENCE ? SYMBOL_GAP : SYMBOL_VERTICAL);
    draw_state(g, c, y, END_CLIENT, p.client, p.state_width);
    if (packet)
        draw_arrow(g, c, y, &p);
    else if (r->kind == LADDER_FINDING)
        draw_finding(g, c, y, &p);
    else
        draw_between(g, c, y, &p);
    if (r->kind != LADDER_FINDING)
        draw_state(g, c, y, END_SERVER, p.server, p.state_width);
    if (packet && r->note && p.note < c->width)
        canvas_field(c, p.note, y, NOTE_WIDTH, false, STYLE_DIM, r->note);
}
