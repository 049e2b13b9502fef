/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The answer to --what-if-time-wait in the text report. */
#include "report/text_hosts.h"

#include "base/strbuf.h"
#include "base/timetext.h"
#include "base/xalloc.h"
#include "detect/what_if.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>

enum { LINES = 4, LINES_VERBOSE = 40, NAME_WIDTH = 43 };

/* Counts are taken each second; what came and went in between was one at least. */
static int64_t peak(const struct series *s)
{
    int64_t at, most = series_peak(s, &at);

    return most > 0 ? most : 1;
}

static const struct what_if_holder *holder(const struct what_if *w, size_t i)
{
    return w->holders.entry[i];
}

static const struct what_if_pair *pair(const struct what_if *w, size_t i)
{
    return w->pairs.entry[i];
}

struct row {
    size_t index;
    int64_t peak;
};

static int highest_first(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->peak != y->peak)
        return x->peak > y->peak ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void print_peaks(FILE *out, const struct what_if *w, const char *name,
                        const struct series *s)
{
    fprintf(out, "%-*s", NAME_WIDTH, name);
    for (size_t i = 0; i < w->n; i++)
        fprintf(out, " %8" PRId64, peak(&s[i]));
    fputc('\n', out);
}

static void print_head(FILE *out, const struct what_if *w, const char *title)
{
    char text[TIME_TEXT];

    fprintf(out, "\n%-*s", NAME_WIDTH, title);
    for (size_t i = 0; i < w->n; i++)
        fprintf(out, " %8s", time_human(w->length[i], text));
    fputc('\n', out);
}

static void print_holders(FILE *out, const struct what_if *w, size_t most)
{
    struct row *row = xcalloc(w->holders.n + 1, sizeof *row);
    char name[ADDR_TEXT];

    for (size_t i = 0; i < w->holders.n; i++)
        row[i] = (struct row){i, peak(&holder(w, i)->held[w->n - 1])};
    qsort(row, w->holders.n, sizeof *row, highest_first);
    print_head(out, w, "TIME_WAIT at once, by holder");
    for (size_t i = 0; i < w->holders.n && i < most; i++)
        print_peaks(out, w, addr_text(&holder(w, row[i].index)->addr, name),
                    holder(w, row[i].index)->held);
    if (w->holders.n > most)
        fprintf(out, "and %zu more\n", w->holders.n - most);
    free(row);
}

static void print_pairs(FILE *out, const struct what_if *w, size_t most)
{
    struct row *row = xcalloc(w->pairs.n + 1, sizeof *row);

    for (size_t i = 0; i < w->pairs.n; i++)
        row[i] = (struct row){i, peak(&pair(w, i)->used[w->n - 1])};
    qsort(row, w->pairs.n, sizeof *row, highest_first);
    print_head(out, w, "ports taken at once, by client and service");
    for (size_t i = 0; i < w->pairs.n && i < most; i++) {
        const struct what_if_pair *p = pair(w, row[i].index);
        char client[ADDR_TEXT], server[ENDPOINT_TEXT];
        struct strbuf b = {0};

        strbuf_printf(&b, "%s -> %s", addr_text(&p->key.client, client),
                      endpoint_text(&p->key.server, p->key.port, server));
        print_peaks(out, w, b.text, p->used);
        strbuf_done(&b);
    }
    if (w->pairs.n > most)
        fprintf(out, "and %zu more\n", w->pairs.n - most);
    free(row);
}

static void print_reuses(FILE *out, const struct what_if *w)
{
    print_head(out, w, "reuses of a port pair that were seen");
    for (int f = 0; f < REUSE_FATES; f++) {
        fprintf(out, "%-*s", NAME_WIDTH, reuse_fate_name((enum reuse_fate)f));
        for (size_t i = 0; i < w->n; i++)
            fprintf(out, " %8" PRIu64, w->reuse[i][f]);
        fputc('\n', out);
    }
}

/* What the longest and the shortest length mean for whoever holds most. */
static void put_range(struct strbuf *b, const struct what_if *w)
{
    const struct what_if_holder *most = NULL;
    size_t low = 0, high = 0;
    char name[ADDR_TEXT], text[TIME_TEXT];

    for (size_t i = 1; i < w->n; i++) {
        low = w->length[i] < w->length[low] ? i : low;
        high = w->length[i] > w->length[high] ? i : high;
    }
    for (size_t i = 0; i < w->holders.n; i++)
        if (!most || peak(&holder(w, i)->held[high]) > peak(&most->held[high]))
            most = holder(w, i);
    if (!most || peak(&most->held[low]) == peak(&most->held[high]))
        return;
    strbuf_printf(b, "%s would hold up to %" PRId64 " with %s", addr_text(&most->addr, name),
                  peak(&most->held[low]), time_human(w->length[low], text));
    strbuf_printf(b, " and %" PRId64 " with %s. ", peak(&most->held[high]),
                  time_human(w->length[high], text));
}

/* The sentence for whoever is about to turn the knob. */
static void print_sentence(FILE *out, const struct what_if *w)
{
    struct strbuf b = {0};
    char text[TIME_TEXT];
    size_t safe = w->n;
    uint64_t seen = 0;

    for (int f = 0; f < REUSE_FATES; f++)
        seen += w->reuse[0][f];
    for (size_t i = 0; i < w->n; i++)
        if (w->reuse[i][REUSE_REFUSED] + w->reuse[i][REUSE_VIOLATION] == 0 &&
            (safe == w->n || w->length[i] > w->length[safe]))
            safe = i;
    put_range(&b, w);
    if (!seen)
        strbuf_puts(&b, "No port pair was used again after a complete close.");
    else if (safe < w->n)
        strbuf_printf(&b, "With %s no reuse that was seen would have been refused or unprotected.",
                      time_human(w->length[safe], text));
    else
        strbuf_puts(&b, "With every one of these lengths some reuse that was seen would have been "
                        "refused or unprotected.");
    strbuf_puts(&b, " What opens after the capture, and what never opened because no port was "
                    "free, can't be seen.");
    fputc('\n', out);
    wrap(out, "", 0, b.text);
    strbuf_done(&b);
}

void text_what_if(FILE *out, const struct what_if *w, bool verbose)
{
    size_t most = verbose ? LINES_VERBOSE : LINES;

    if (!w || !w->n)
        return;
    fputs("\nWHAT IF TIME_WAIT lasted so long\n", out);
    if (w->holders.n)
        print_holders(out, w, most);
    if (w->pairs.n)
        print_pairs(out, w, most);
    print_reuses(out, w);
    print_sentence(out, w);
}
