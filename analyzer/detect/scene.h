/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a detector looks at, and how it says what it found. A detector reads the life and the
 * verdict of one connection and raises findings; it changes nothing else. Confidence factors, the
 * capture's end and clock steps are dealt with here, so that no detector can forget them
 * (close-semantics 0.5, 0.6). */
#ifndef LASTACK_DETECT_SCENE_H
#define LASTACK_DETECT_SCENE_H

#include "base/arena.h"
#include "capture/input.h"
#include "detect/finding.h"
#include "track/replay.h"
#include "track/verdict.h"

enum {
    FINDINGS_PER_CONNECTION = 24,
    UNDETERMINED_PER_CONNECTION = 16,
    EVIDENCE_PER_FINDING = 16,
    VALUES_PER_FINDING = 12
};

/* Why a RST was sent. */
struct rst_cause {
    bool known;
    enum finding_id id;
    double confidence;
};

struct scene {
    const struct life *life;
    const struct verdict *verdict;
    const struct flow *flow;
    const struct input *input; /* for clock steps; NULL: none known */
    struct arena *arena;
    bool silent;             /* nobody reads the texts of the findings: they stay empty */
    const char *name[2];     /* "10.0.0.1:40000", by direction; NULL before the first draft() and
                                when silent */
    struct rst_cause *cause; /* by step */
    size_t n_findings, n_undetermined;
    struct undetermined undetermined[UNDETERMINED_PER_CONNECTION];
    struct finding findings[FINDINGS_PER_CONNECTION];
};

/* A finding under construction. */
struct draft {
    struct scene *scene;
    struct finding finding;
    struct evidence evidence[EVIDENCE_PER_FINDING];
    struct value values[VALUES_PER_FINDING];
};

/* Begin a finding. blame: direction of the blamed end, or -1. confidence: as the catalog's rule
 * gives it, before factors. */
struct draft draft(struct scene *s, enum finding_id id, enum severity severity, double confidence,
                   int blame);
void draft_evidence(struct draft *d, int step, const char *role);
void draft_evidence_at(struct draft *d, const struct ref *at, const char *role);
void draft_count(struct draft *d, const char *key, int64_t number);
void draft_stream(struct draft *d, const char *key, uint64_t stream);
void draft_seconds(struct draft *d, const char *key, int64_t ns);
void draft_text(struct draft *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Multiply the confidence by what speaks against this connection's facts (mid-stream, one
 * direction, gaps, losses near its end), and raise it, or note it as undetermined when too little
 * is left. */
void draft_raise(struct draft *d);
/* Raise it with the confidence as it is: for what is said about the capture itself. */
void draft_raise_as_is(struct draft *d);

/* A rule that can't be decided. have, need: ns of silence; need 0: not a matter of time. */
void undetermined(struct scene *s, enum finding_id id, enum doubt_reason reason, int64_t have,
                  int64_t need);
bool raised(const struct scene *s, enum finding_id id);
/* Why a rule that counts silence since `step` can't be trusted, or DOUBT_REASON_COUNT: a clock step
 * or a time between two files that was not captured since then, or a filtered or one-directional
 * capture. */
enum doubt_reason silence_doubt(const struct scene *s, int step);
/* Whether packets were lost by the capture itself around the connection's end, from shortly before
 * its close began to where it was complete, or where its silence is known: what it seems to lack
 * may be among them. */
bool lost_near_end(const struct scene *s);
/* Pieces of a finding's text, in the arena; empty when silent. span: ns for people. */
const char *span(const struct scene *s, int64_t ns);
const char *phrase(const struct scene *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Time of a step. */
int64_t step_time(const struct scene *s, int step);

#endif
