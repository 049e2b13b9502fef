/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Building a finding over several connections, as scene.h does for one. */
#ifndef LASTACK_DETECT_FINDINGS_ACROSS_H
#define LASTACK_DETECT_FINDINGS_ACROSS_H

#include "detect/capture_wide.h"

enum { ACROSS_VALUES = 14, ACROSS_EVIDENCE = 8 };

struct across_draft {
    struct arena *arena;
    struct cross_finding out;
    struct evidence *evidence;
    struct value *values;
};

/* key: what it is about, "10.0.0.2:80"; borrowed with the arena. */
struct across_draft across_draft(struct arena *arena, enum finding_id id, enum severity severity,
                                 double confidence, const char *key);
void across_blame(struct across_draft *d, enum end end, const struct addr *addr, enum layer layer);
void across_count(struct across_draft *d, const char *key, int64_t number);
void across_seconds(struct across_draft *d, const char *key, int64_t ns);
void across_text_value(struct across_draft *d, const char *key, const char *text);
void across_evidence(struct across_draft *d, const struct ref *at, const char *role);
/* A connection that belongs to it; the lowest CROSS_MEMBERS are named. Does not count. */
void across_member(struct across_draft *d, uint64_t stream);
/* Members' findings of that id are explained by this one. */
void across_supersede(struct across_draft *d, enum finding_id id);
void across_text(struct across_draft *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Findings in the arena; as many as there are. */
struct cross_list {
    struct arena *arena;
    struct cross_finding *at;
    size_t n, cap;
};

void cross_list_push(struct cross_list *l, const struct cross_finding *f);
bool cross_list_has(const struct cross_list *l, enum finding_id id, const char *key);
/* The finished draft. */
void cross_list_add(struct cross_list *l, const struct across_draft *d);

#endif
