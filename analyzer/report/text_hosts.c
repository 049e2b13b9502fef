/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text_hosts.h"

#include "base/ref.h"
#include "base/strbuf.h"
#include "base/timetext.h"
#include "base/xalloc.h"
#include "detect/host.h"
#include "report/words.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINES = 4,
    LINES_OF_STATE = 2, /* plots of a state */
    LINES_VERBOSE = 40,
    INDENT = 9,
    PLOT_WIDTH = 34, /* six figures behind it fit the page */
    PLOT_LEAST = 5,
    AXIS_LEAST = 20, /* columns that a begin and an end need */
    STATE_WIDTH = 11,
    NAME_WIDTH = 24
};

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
    char name[ROLE_TEXT], median[TIME_TEXT];
    struct strbuf b = {0};

    strbuf_printf(&b,
                  "%s leaves %" PRIu64 " of %" PRIu64
                  " connections in CLOSE_WAIT, median %s (for example stream %" PRIu64,
                  role_text(&h->addr, h->service, h->role, name), h->never_closed, h->connections,
                  time_human(h->left_median, median), h->leak_stream);
    if (h->has_answer)
        strbuf_printf(&b, "; it did close stream %" PRIu64, h->answer_stream);
    strbuf_puts(&b, ").");
    wrap(out, "", INDENT, b.text);
    strbuf_done(&b);
}

/* The finding close-wait-leak says the same, and more. */
static bool is_leak(const struct model_host *h, const struct model_summary *s)
{
    char name[ENDPOINT_TEXT];

    for (size_t i = 0; i < s->n_cross; i++)
        if (s->cross[i].finding.id == FINDING_CLOSE_WAIT_LEAK && h->role == END_SERVER &&
            strcmp(s->cross[i].key, endpoint_text(&h->addr, h->service, name)) == 0)
            return true;
    return false;
}

void text_hosts(FILE *out, const struct model_summary *s, bool verbose)
{
    const struct model_host **faulty = xcalloc(s->n_hosts + 1, sizeof *faulty);
    size_t n = 0, most = verbose ? LINES_VERBOSE : LINES;

    for (size_t i = 0; i < s->n_hosts; i++)
        if (s->hosts[i].never_closed && !is_leak(&s->hosts[i], s))
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

/* The time that all plots show: the whole seconds at which populations are counted, from the first
 * in the capture to the one that follows its end. */
struct axis {
    int64_t from, to; /* ns; to excluded */
    size_t width;
};

static int64_t next_second(int64_t t)
{
    return (t + NS_PER_S - 1) / NS_PER_S * NS_PER_S;
}

static struct axis axis_of(const struct model_summary *s)
{
    struct axis a = {.from = next_second(s->first_t), .to = next_second(s->last_t) + NS_PER_S};
    int64_t seconds = (a.to - a.from) / NS_PER_S;

    a.width = seconds < PLOT_WIDTH ? (size_t)seconds : PLOT_WIDTH;
    return a;
}

/* The series in the columns of the axis, each as high as its highest count. */
static void print_plot(FILE *out, const struct plot *p, const struct axis *a)
{
    static const char ramp[] = " .:-=+*#%@";
    char name[ROLE_TEXT], line[PLOT_WIDTH + 1];
    int64_t high[PLOT_WIDTH];

    series_outline(&p->host->population[p->state], a->from, a->to, a->width, high);
    for (size_t column = 0; column < a->width; column++)
        line[column] =
            ramp[high[column] ? 1 + high[column] * (int64_t)(sizeof ramp - 3) / p->peak : 0];
    line[a->width] = 0;
    role_text(&p->host->addr, p->host->service, p->host->role, name);
    fprintf(out, "%-*s %-*s", STATE_WIDTH, host_state_name((enum host_state)p->state), NAME_WIDTH,
            name);
    if (strlen(name) > NAME_WIDTH) /* the plots stay below each other */
        fprintf(out, "\n%*s", STATE_WIDTH + 1 + NAME_WIDTH, "");
    fprintf(out, " |%s| %" PRId64 "\n", line, p->peak);
}

/* When the capture begins and ends: time of day, with the date where it is another day. */
static void print_axis(FILE *out, const struct axis *a, const struct model_summary *s)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int offset = STATE_WIDTH + 1 + NAME_WIDTH + 2;

    if (a->width < AXIS_LEAST)
        return;
    time_rfc3339(s->first_t, from);
    time_rfc3339(s->last_t, to);
    if (strncmp(from, to, 10) == 0)
        fprintf(out, "%*s%.8sZ%*.8sZ\n", offset, "", from + 11, (int)a->width - 10, to + 11);
    else
        fprintf(out, "%*s%.16sZ%*.16sZ\n", offset, "", from, (int)a->width - 18, to);
}

void text_populations(FILE *out, const struct model_summary *s, bool verbose)
{
    struct plot *plot = xcalloc(s->n_hosts * HOST_STATES + 1, sizeof *plot);
    size_t n = 0, shown = 0, of_state[HOST_STATES] = {0},
           most = verbose ? LINES_VERBOSE : LINES_OF_STATE;
    const struct axis axis = axis_of(s);
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
    for (size_t i = 0; i < n; i++) {
        if (of_state[plot[i].state]++ >= most)
            continue;
        print_plot(out, &plot[i], &axis);
        shown++;
    }
    if (n)
        print_axis(out, &axis, s);
    if (n > shown)
        fprintf(out, "and %zu more\n", n - shown);
    free(plot);
}
