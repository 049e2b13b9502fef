/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One connection in which reset follows reset (R14 rst-storm by the four-tuple, close-semantics 4.5
 * and 9.16): each answers a segment that was sent after the first one could have arrived. */
#include "detect/detect.h"

/* The resets of direction dir that count, into at[l->n_steps]. */
static size_t later_resets(const struct life *l, int dir, int *at)
{
    int64_t first = -1;
    bool asked = false;
    size_t n = 0;

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *s = l->step[i];
        bool rst = s->kind == STEP_SEGMENT && (s->flags & TCP_RST);

        if (s->of_other || s->kind == STEP_ICMP)
            continue;
        if ((int)s->dir != dir) {
            asked |=
                !rst && first >= 0 && (s->kind == STEP_FOLD ? s->last_t : s->t) > first + l->rtt;
            continue;
        }
        if (!rst)
            continue;
        if (first < 0)
            first = s->t;
        if (asked)
            at[n++] = (int)i;
        asked = false;
    }
    return n;
}

static void loop(struct scene *s, int dir)
{
    const struct life *l = s->life;
    int *at = arena_alloc(s->arena, (l->n_steps + 1) * sizeof *at);
    size_t n = later_resets(l, dir, at), oldest = 0, most = 0, begin = 0;

    for (size_t i = 0; i < n; i++) {
        while (step_time(s, at[i]) - step_time(s, at[oldest]) >= NS_PER_S)
            oldest++;
        if (i - oldest + 1 > most) {
            most = i - oldest + 1;
            begin = oldest;
        }
    }
    if (!most || (int64_t)most < settings_count(l->settings, TH_STORM_FLOW))
        return;
    struct draft d = draft(s, FINDING_RST_STORM, SEVERITY_ERROR, 0.9, dir);
    for (size_t i = begin; i < begin + most; i++)
        draft_evidence(&d, at[i], "RST");
    draft_count(&d, "resets", (int64_t)n);
    draft_count(&d, "peak_in_1_s", (int64_t)most);
    draft_text(&d,
               "%s sent %zu resets within a second, each for another segment of %s, which does not "
               "give up: the two go round in a loop.",
               s->name[dir], most, s->name[!dir]);
    draft_raise(&d);
}

static void run(struct scene *s)
{
    if (s->verdict->kind == CLOSE_STRAY || (s->flow->bits & FLOW_SELF) ||
        !(s->life->survey.flags & TCP_RST))
        return;
    loop(s, 0);
    loop(s, 1);
}

const struct detector detect_reset_loop = {.name = "reset-loop", .run = run};
