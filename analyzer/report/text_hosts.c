/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text_hosts.h"

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "detect/host.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    LINES = 4,
    LINES_VERBOSE = 40,
    INDENT = 9,
    PLOT_WIDTH = 40,
    PLOT_LEAST = 5,
    NAME_WIDTH = 24
};

static const char *host_text(const struct model_host *h, char text[static ENDPOINT_TEXT + 16])
{
    char addr[ENDPOINT_TEXT];

    if (h->role == END_SERVER)
        return endpoint_text(&h->addr, h->service, text);
    snprintf(text, ENDPOINT_TEXT + 16, "%s to port %u", addr_text(&h->addr, addr), h->service);
    return text;
}

/* --- faults ----------------------------------------------------------------------------------- */

static int most_faults_first(const void *a, const void *b)
{
    const struct model_host *x = *(const struct model_host *const *)a,
                            *y = *(const struct model_host *const *)b;

    if (x->never_closed != y->never_closed)
        return x->never_closed > y->never_closed ? -1 : 1;
    return x < y ? -1 : x > y;
}

static void print_fault(FILE *out, const struct model_host *h)
{
    char name[ENDPOINT_TEXT + 16], median[TIME_TEXT];
    struct strbuf b = {0};

    strbuf_printf(&b,
                  "%s leaves %" PRIu64 " of %" PRIu64
                  " connections in CLOSE_WAIT, median %s (for example stream %" PRIu64,
                  host_text(h, name), h->never_closed, h->connections,
                  time_human(h->left_median, median), h->leak_stream);
    if (h->has_answer)
        strbuf_printf(&b, "; it did close stream %" PRIu64, h->answer_stream);
    strbuf_puts(&b, ").");
    wrap(out, "", INDENT, b.text);
    strbuf_done(&b);
}

void text_hosts(FILE *out, const struct model_summary *s, bool verbose)
{
    const struct model_host **faulty = xcalloc(s->n_hosts + 1, sizeof *faulty);
    size_t n = 0, most = verbose ? LINES_VERBOSE : LINES;

    for (size_t i = 0; i < s->n_hosts; i++)
        if (s->hosts[i].never_closed)
            faulty[n++] = &s->hosts[i];
    if (n) {
        qsort(faulty, n, sizeof *faulty, most_faults_first);
        fputs("\nHOSTS\n", out);
    }
    for (size_t i = 0; i < n && i < most; i++)
        print_fault(out, faulty[i]);
    if (n > most)
        fprintf(out, "%*sand %zu more\n", INDENT, "", n - most);
    free(faulty);
}

/* --- populations ------------------------------------------------------------------------------ */

struct plot {
    const struct model_host *host;
    int state;
    int64_t peak;
};

static int highest_first(const void *a, const void *b)
{
    const struct plot *x = a, *y = b;

    if (x->peak != y->peak)
        return x->peak > y->peak ? -1 : 1;
    if (x->host != y->host)
        return x->host < y->host ? -1 : 1;
    return x->state - y->state;
}

/* The series in PLOT_WIDTH columns, each as high as its highest count. */
static void print_plot(FILE *out, const struct plot *p)
{
    static const char ramp[] = " .:-=+*#%@";
    const struct series *s = &p->host->population[p->state];
    size_t length = series_grid(s, SERIES_SHOWN).n,
           width = length < PLOT_WIDTH ? length : PLOT_WIDTH;
    char name[ENDPOINT_TEXT + 16], line[PLOT_WIDTH + 1];
    int64_t high[PLOT_WIDTH];

    series_outline(s, width, high);
    for (size_t column = 0; column < width; column++)
        line[column] =
            ramp[high[column] ? 1 + high[column] * (int64_t)(sizeof ramp - 3) / p->peak : 0];
    line[width] = 0;
    fprintf(out, "%-11s %-*s |%s| %" PRId64 "\n", host_state_name((enum host_state)p->state),
            NAME_WIDTH, host_text(p->host, name), line, p->peak);
}

void text_populations(FILE *out, const struct model_summary *s, bool verbose)
{
    struct plot *plot = xcalloc(s->n_hosts * HOST_STATES + 1, sizeof *plot);
    size_t n = 0, most = verbose ? LINES_VERBOSE : LINES;
    int64_t at;

    for (size_t i = 0; i < s->n_hosts; i++) {
        for (int k = 0; k < HOST_STATES; k++) {
            const struct series *of = &s->hosts[i].population[k];
            int64_t peak = series_peak(of, &at);

            if (peak >= PLOT_LEAST)
                plot[n++] = (struct plot){.host = &s->hosts[i], .state = k, .peak = peak};
        }
    }
    if (n) {
        qsort(plot, n, sizeof *plot, highest_first);
        fputs("\nPOPULATIONS (sockets over time, and the most at once)\n", out);
    }
    for (size_t i = 0; i < n && i < most; i++)
        print_plot(out, &plot[i]);
    if (n > most)
        fprintf(out, "and %zu more\n", n - most);
    free(plot);
}
