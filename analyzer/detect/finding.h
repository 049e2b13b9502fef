/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A finding: what was wrong or notable about a close, with the packets that prove it. Ids, texts
 * and rules come from one list, detect/catalog.def; ids are stable for ever. */
#ifndef LASTACK_DETECT_FINDING_H
#define LASTACK_DETECT_FINDING_H

#include "base/ref.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum severity { SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_COUNT };

enum layer { LAYER_APPLICATION, LAYER_HOST, LAYER_PATH, LAYER_CAPTURE };

enum end { END_CLIENT, END_SERVER, END_NONE };

static inline enum end end_other(enum end e)
{
    return e == END_CLIENT ? END_SERVER : e == END_SERVER ? END_CLIENT : END_NONE;
}

enum finding_id {
#define FINDING(id, ...) FINDING_##id,
#include "detect/catalog.def"
#undef FINDING
    FINDING_COUNT
};

/* What the catalog says about an id: constant texts. */
struct finding_info {
    const char *id;         /* "final-ack-missing" */
    const char *rule;       /* "A1": section 6 of the close semantics */
    enum severity severity; /* the worst it is raised with */
    enum layer layer;       /* whose layer is blamed */
    const char *title;      /* a few words, for lists */
    const char *meaning;    /* what it means for the reader, sentences */
    const char *decided;    /* how it is decided: thresholds, what it must not be mistaken for */
    const char *remedy;     /* what to do */
    const char *avoid;      /* what not to do, or NULL */
    const char *reference;  /* RFC section or kernel function */
};

enum value_type { VALUE_COUNT, VALUE_SECONDS, VALUE_SEQUENCE, VALUE_STREAM, VALUE_TEXT };

/* One compared value of a finding. */
struct value {
    const char *key; /* "fin_copies" */
    enum value_type type;
    int64_t number;   /* COUNT, SEQUENCE, STREAM: the number; SECONDS: nanoseconds */
    const char *text; /* TEXT; borrowed with the finding */
};

struct evidence {
    struct ref at;
    const char *role; /* "FIN", "FIN copy", ... constant */
};

struct finding {
    enum finding_id id;
    enum severity severity;
    double confidence; /* 0.3 to 1 */
    enum end blame;    /* END_NONE: no end in particular, or unknown */
    enum layer layer;
    const char *text; /* one or two sentences with the real addresses and times; no newline */
    size_t n_evidence, n_values;
    const struct evidence *evidence; /* in order of role, oldest first */
    const struct value *values;
};

enum doubt_reason {
    DOUBT_CAPTURE_END,   /* the capture ended before the rule's time had passed */
    DOUBT_CAPTURE_START, /* needs packets from before the capture */
    DOUBT_GAP,           /* the capture misses packets of the connection */
    DOUBT_CLOCK,         /* a clock step lies inside the interval */
    DOUBT_FILTER,        /* the capture holds no pure ACKs, or one direction only */
    DOUBT_CONFIDENCE,    /* confidence fell below 0.3 */
    DOUBT_REASON_COUNT
};

/* A rule that could neither pass nor be raised. */
struct undetermined {
    enum finding_id id;
    enum doubt_reason reason;
    bool timed;         /* have and need are valid */
    int64_t have, need; /* nanoseconds of silence seen and needed */
};

const struct finding_info *finding_info(enum finding_id id);
/* Look an id ("final-ack-missing") or rule ("A1") up, any case; false when unknown. */
bool finding_parse(const char *text, enum finding_id *id);
/* Whether it is told of many connections at once, or of the capture; some of these are told of a
 * single one, too. */
bool finding_over_many(enum finding_id id);
const char *severity_name(enum severity s); /* "warning" */
bool severity_parse(const char *text, enum severity *s);
const char *layer_name(enum layer l);               /* "application" */
const char *doubt_reason_name(enum doubt_reason r); /* "capture-end" */
const char *end_name(enum end e);                   /* "client", "server"; NULL for END_NONE */

#endif
