/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The answer to --what-if-time-wait in the text report. */
#include "report/text_hosts.h"

#include "base/digits.h"
#include "base/ref.h"
#include "base/strbuf.h"
#include "base/timetext.h"
#include "base/xalloc.h"
#include "detect/what_if.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    LINES = 4,
    LINES_VERBOSE = 40,
    NAME_WIDTH = 43,
    RATE_LEAST = 100, /* closes that make a rate, */
    RATE_SECONDS = 10 /* in a capture of so many seconds */
};

/* Counts are taken each second; what came and went in between was one at least. */
static int64_t peak(const struct series *s)
{
    int64_t at, most = series_peak(s, &at);

    return most > 0 ? most : 1;
}

/* A length as it was asked for: "240 s", not minutes. */
static const char *length_text(int64_t ns, char text[static TIME_TEXT])
{
    if (ns % NS_PER_S)
        return time_human(ns, text);
    snprintf(text, TIME_TEXT, "%lld s", ns / NS_PER_S);
    return text;
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
        fprintf(out, " %8s", length_text(w->length[i], text));
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

/* Which length is the shortest and the longest, and who holds most with the longest. */
struct range {
    size_t low, high;
    const struct what_if_holder *most; /* NULL: nobody */
};

static struct range range_of(const struct what_if *w)
{
    struct range r = {0};

    for (size_t i = 1; i < w->n; i++) {
        r.low = w->length[i] < w->length[r.low] ? i : r.low;
        r.high = w->length[i] > w->length[r.high] ? i : r.high;
    }
    for (size_t i = 0; i < w->holders.n; i++)
        if (!r.most || peak(&holder(w, i)->held[r.high]) > peak(&r.most->held[r.high]))
            r.most = holder(w, i);
    return r;
}

/* What the longest and the shortest length mean for whoever holds most. */
static void put_range(struct strbuf *b, const struct what_if *w, const struct range *r)
{
    char name[ADDR_TEXT], text[TIME_TEXT];

    if (!r->most || peak(&r->most->held[r->low]) == peak(&r->most->held[r->high]))
        return;
    strbuf_printf(b, "%s would hold up to %" PRId64 " with %s", addr_text(&r->most->addr, name),
                  peak(&r->most->held[r->low]), length_text(w->length[r->low], text));
    strbuf_printf(b, " and %" PRId64 " with %s. ", peak(&r->most->held[r->high]),
                  length_text(w->length[r->high], text));
}

/* A TIME_WAIT that outlasts the capture can't add up in it: what the rate of closes leads to. */
static void put_projection(struct strbuf *b, const struct what_if *w, const struct range *r,
                           int64_t span)
{
    char name[ADDR_TEXT], text[TIME_TEXT], lasted[TIME_TEXT];
    int64_t ms = span / 1000000, length = w->length[r->high];

    if (!r->most || r->most->closes < RATE_LEAST || span < RATE_SECONDS * NS_PER_S ||
        length <= span)
        return;
    strbuf_printf(b,
                  "The capture lasts only %s: if it went on like this, %s would come to about "
                  "%" PRId64 " with %s. ",
                  time_human(span, lasted), addr_text(&r->most->addr, name),
                  digits_rough((int64_t)r->most->closes * (length / 1000000) / ms),
                  length_text(length, text));
}

/* The sentence for whoever is about to turn the knob. */
static void print_sentence(FILE *out, const struct what_if *w, int64_t span)
{
    struct strbuf b = {0};
    char text[TIME_TEXT];
    const struct range range = range_of(w);
    size_t safe = w->n;
    uint64_t seen = 0;

    for (int f = 0; f < REUSE_FATES; f++)
        seen += w->reuse[0][f];
    for (size_t i = 0; i < w->n; i++)
        if (w->reuse[i][REUSE_REFUSED] + w->reuse[i][REUSE_VIOLATION] == 0 &&
            (safe == w->n || w->length[i] > w->length[safe]))
            safe = i;
    put_range(&b, w, &range);
    put_projection(&b, w, &range, span);
    if (!seen)
        strbuf_puts(&b, "No port pair was used again after a complete close.");
    else if (safe < w->n)
        strbuf_printf(&b, "With %s no reuse that was seen would have been refused or unprotected.",
                      length_text(w->length[safe], text));
    else
        strbuf_puts(&b, "With every one of these lengths some reuse that was seen would have been "
                        "refused or unprotected.");
    strbuf_puts(&b, " What opens after the capture, and what never opened because no port was "
                    "free, can't be seen.");
    fputc('\n', out);
    wrap(out, "", 0, b.text);
    strbuf_done(&b);
}

void text_what_if(FILE *out, const struct model_summary *s, bool verbose)
{
    const struct what_if *w = s->what_if;
    size_t most = verbose ? LINES_VERBOSE : LINES;

    if (!w || !w->n)
        return;
    fputs("\nWHAT IF TIME_WAIT lasted so long\n", out);
    if (w->holders.n)
        print_holders(out, w, most);
    if (w->pairs.n)
        print_pairs(out, w, most);
    print_reuses(out, w);
    print_sentence(out, w, s->last_t - s->first_t);
}
