/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The keys, as request.def lists them, and what the state bars mean. */
#include "tui/pager.h"
#include "tui/view.h"

#include <string.h>

struct help {
    struct view v;
    struct pager pager;
    struct strbuf text;
};

static void add_state_letters(struct strbuf *out)
{
    strbuf_puts(out,
                "State bars: the client's above the server's, a letter where a state begins\n");
    for (enum tcp_state s = ST_SYN_SENT; s < ST_COUNT; s++)
        strbuf_printf(out, "  %c %-12s%s", state_letter(s), tcp_state_name(s),
                      (s - ST_SYN_SENT) % 4 == 3 || s + 1 == ST_COUNT ? "\n" : "");
    strbuf_puts(out, "  A dashed line, and a ? in the ladder: likely, not proven by what that end "
                     "itself sent.\n");
}

static void open_help(struct view *v)
{
    struct help *h = (struct help *)v;
    const char *group = "";

    strbuf_clear(&h->text);
    for (int r = REQUEST_NONE + 1; r < REQUEST_COUNT; r++) {
        const struct request_info *info = request_info((enum request)r);

        if (strcmp(group, info->group) != 0)
            strbuf_printf(&h->text, "%s%s\n", r > 1 ? "\n" : "", info->group);
        group = info->group;
        strbuf_printf(&h->text, "  %-10s %-44s %s\n", info->keys, info->help, info->name);
    }
    strbuf_puts(&h->text, "\nThe last column are commands: type : and the name. A number before a "
                          "movement repeats it.\n\n");
    add_state_letters(&h->text);
    h->pager.scroll = (struct scroll){0};
}

static void update(struct view *v)
{
    struct help *h = (struct help *)v;

    pager_fit(&h->pager, h->text.text, v->width - 2, v->height);
}

static void draw(const struct view *v, struct canvas *c)
{
    struct canvas part = canvas_part(c, 1, 0, c->width - 2, c->height);

    pager_draw(&((const struct help *)v)->pager, &part);
}

static bool request(struct view *v, enum request r, size_t count)
{
    return pager_request(&((struct help *)v)->pager, r, count);
}

static void wheel(struct view *v, int n)
{
    pager_request(&((struct help *)v)->pager, n < 0 ? REQUEST_UP : REQUEST_DOWN,
                  (size_t)(n < 0 ? -n : n));
}

static void close_help(struct view *v)
{
    pager_done(&((struct help *)v)->pager);
    strbuf_done(&((struct help *)v)->text);
}

const struct view_ops view_help = {
    .name = "Help",
    .size = sizeof(struct help),
    .hints = "page-down:Down page-up:Up back:Back",
    .open = open_help,
    .close = close_help,
    .update = update,
    .draw = draw,
    .request = request,
    .wheel = wheel,
};
