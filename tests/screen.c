/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The browser without a terminal: types keys and prints the screen. The command line is that of
 * lastack -i, with before it the size of the screen, "utf8" or "ascii", and the keys by their
 * names, separated by blanks ("text:..." types what follows; after "Enter&" work that has begun is
 * not waited for). */
#include "browse.h"
#include "tui/browser.h"
#include "tui/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void type(struct browser *b, const char *keys)
{
    while (*keys) {
        size_t len = strcspn(keys, " ");
        bool waits = len < 2 || keys[len - 1] != '&';
        int key = key_by_name(keys, len - !waits);

        if (strncmp(keys, "text:", 5) == 0) {
            for (size_t i = 5; i < len; i++)
                browser_key(b, keys[i] == '_' ? ' ' : (unsigned char)keys[i]);
        } else if (key) {
            browser_key(b, key);
        } else { /* several characters, one after the other */
            for (size_t i = 0; i < len; i++)
                browser_key(b, (unsigned char)keys[i]);
        }
        while (waits && browser_is_busy(b))
            browser_work(b);
        keys += len + strspn(keys + len, " ");
    }
}

static void read_all(struct browser *b, struct browse *from)
{
    const struct tui_loader loader = browse_loader(from);
    struct tui_progress p = {0};

    while (loader.work(loader.context, INT64_MAX))
        ;
    loader.progress(loader.context, &p);
    browser_update(b, &p, false);
}

static void print(struct browser *b, int width, int height, bool utf8)
{
    struct canvas c = canvas_new(width, height, utf8);
    struct strbuf text = {0};

    browser_draw(b, &c);
    canvas_print(&c, &text);
    fputs(text.text, stdout);
    strbuf_done(&text);
    canvas_free(&c);
}

int main(int argc, char **argv)
{
    struct options o;
    struct error err;
    struct pipeline p;
    struct browse from;
    int width, height;

    if (argc < 5 || sscanf(argv[1], "%dx%d", &width, &height) != 2)
        return 2;
    bool utf8 = strcmp(argv[2], "utf8") == 0;
    const char *keys = argv[3];
    if (!options_parse(&o, argc - 3, argv + 3, &err) || !pipeline_open(&p, &o, NULL, NULL, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    browse_open(&from, &p, &o);
    struct browser *b = browser_new(from.store, &from.options, width, height, utf8);
    browser_resize(b, width, height);
    read_all(b, &from);
    type(b, keys);
    if (b->quit)
        puts("the browser ended");
    else
        print(b, width, height, utf8);
    browser_free(b);
    browse_close(&from);
    options_done(&o);
    return 0;
}
