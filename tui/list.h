/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The connections that the user looks at: which ones, in which order, and which are marked. What is
 * shown of them is the business of views. */
#ifndef LASTACK_TUI_LIST_H
#define LASTACK_TUI_LIST_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "filter/filter.h"
#include "report/store.h"

enum list_column {
    COLUMN_STREAM,
    COLUMN_CLIENT,
    COLUMN_SERVER,
    COLUMN_START,
    COLUMN_DURATION,
    COLUMN_CLOSE,
    COLUMN_FINDING,
    COLUMN_PACKETS,
    COLUMN_BYTES,
    COLUMN_COUNT
};

enum narrowing_kind {
    NARROW_FINDING,  /* has the finding, */
    NARROW_FINDINGS, /* ... one of these */
    NARROW_CLOSE,    /* closed so */
    NARROW_CLIENT,   /* the client's address */
    NARROW_SERVICE,  /* the server's address and port */
    NARROW_HOST,     /* the address of either */
    NARROW_MARKED,
    NARROW_TIME,   /* alive between two times */
    NARROW_FILTER, /* a display filter; a later one takes the place of those before */
};

/* One condition; all that were set hold at once. */
struct narrowing {
    enum narrowing_kind kind;
    enum finding_id finding;
    uint64_t findings; /* bit 1 << enum finding_id */
    enum close_kind close;
    struct addr addr;
    uint16_t port;
    int64_t from, to, origin; /* ns, both included; origin: the start of the capture */
    struct filter *filter;    /* NULL: everything passes; the list's own when it is in a list */
    bool joined;              /* set together with the one before: the list's own */
};

enum { NARROWINGS = 16 };

struct list {
    struct store *store;
    bool strays;      /* leftovers of connections from before the capture are shown, too */
    uint32_t *stream; /* in the order asked for; owned */
    size_t n, cap;
    size_t seen;  /* rows of the store that were looked at; the rest is pending */
    size_t total; /* of these: connections, whether the conditions hold or not */
    enum list_column sort;
    bool reverse;
    struct narrowing narrow[NARROWINGS];
    size_t n_narrow;
    unsigned version;   /* another one after each list_rebuild() */
    bool unsorted;      /* the order is still to be made, when nothing is pending any more */
    struct arena arena; /* of the connection that a filter looks at */
    uint8_t *marks;     /* a bit for each stream; owned */
    size_t marks_cap, n_marked;
};

void list_init(struct list *l, struct store *store, bool strays);
void list_done(struct list *l);
/* Take new rows in; they go to the end whatever the order. A filter that has to judge connections
 * anew takes some of them at a time. */
void list_append(struct list *l);
/* Choose and sort all anew; it may take some calls of list_append() to complete. */
void list_rebuild(struct list *l);
/* Whether rows wait to be looked at. */
bool list_is_pending(const struct list *l);
/* Some more conditions, which are taken back together; their filters are taken over. False when too
 * many are set already. */
bool list_narrow(struct list *l, const struct narrowing *n, size_t count);
/* Take back what was set last, or all of it. */
void list_widen(struct list *l, bool all);
/* Whether any condition is on. */
bool list_is_narrowed(const struct list *l);
/* Whether condition number i still counts: a filter is replaced by a later one. */
bool list_counts(const struct list *l, size_t i);
/* The text of the filter that is on, or "". */
const char *list_filter(const struct list *l);
/* Where a stream stands; l->n when it is not shown. */
size_t list_find(const struct list *l, size_t stream);
bool list_marked(const struct list *l, size_t stream);
void list_mark(struct list *l, size_t stream, bool on);
void list_unmark(struct list *l);
/* A condition in words of the display filter: `finding == close-wait-held`. */
void narrowing_text(const struct narrowing *n, struct strbuf *out);

#endif
