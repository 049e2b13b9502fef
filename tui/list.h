/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The connections that the user looks at: which ones, in which order, and which are marked. What is
 * shown of them is the business of views. */
#ifndef LASTACK_TUI_LIST_H
#define LASTACK_TUI_LIST_H

#include "base/strbuf.h"
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
    NARROW_FINDING, /* has the finding */
    NARROW_CLOSE,   /* closed so */
    NARROW_CLIENT,  /* the client's address */
    NARROW_SERVICE, /* the server's address and port */
    NARROW_MARKED,
};

/* One condition; all that were set hold at once. */
struct narrowing {
    enum narrowing_kind kind;
    enum finding_id finding;
    enum close_kind close;
    struct addr addr;
    uint16_t port;
};

enum { NARROWINGS = 8 };

struct list {
    struct store *store;
    bool strays;      /* leftovers of connections from before the capture are shown, too */
    uint32_t *stream; /* in the order asked for; owned */
    size_t n, cap;
    size_t seen;  /* rows of the store that were looked at */
    size_t total; /* of these: connections, whether the conditions hold or not */
    enum list_column sort;
    bool reverse;
    struct narrowing narrow[NARROWINGS];
    size_t n_narrow;
    uint8_t *marks; /* a bit for each stream; owned */
    size_t marks_cap, n_marked;
};

void list_init(struct list *l, struct store *store, bool strays);
void list_done(struct list *l);
/* Take new rows in; they go to the end whatever the order. */
void list_append(struct list *l);
/* Choose and sort all anew. */
void list_rebuild(struct list *l);
/* False when too many conditions are set already. */
bool list_narrow(struct list *l, const struct narrowing *n);
/* Where a stream stands; l->n when it is not shown. */
size_t list_find(const struct list *l, size_t stream);
bool list_marked(const struct list *l, size_t stream);
void list_mark(struct list *l, size_t stream, bool on);
void list_unmark(struct list *l);
/* A condition in words of the display filter: `finding == "close-wait-held"`. */
void narrowing_text(const struct narrowing *n, struct strbuf *out);
/* Whether a row meets it. */
bool narrowing_holds(const struct list *l, const struct narrowing *n, size_t stream);

#endif
