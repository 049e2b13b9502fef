/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/fragments.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum {
    DATAGRAMS = 256,    /* under assembly at a time; the oldest is evicted */
    PIECES = 64,        /* fragments of one datagram that are not yet joined */
    UNIT = 8,           /* fragments start at multiples of it */
    KEPT_OCTETS = 2048, /* from the start of a datagram: headers and quoted headers fit */
    DATAGRAM_MAX = 65535,
};

static const int64_t lifetime = 30 * NS_PER_S;     /* RFC 8200 says 60 s; Linux ipfrag_time is 30 */
static const int64_t copies_come = NS_PER_S / 200; /* within 5 ms, as copies of any record do */

struct piece {
    uint32_t from, to;
};

struct datagram_parts {
    bool used;
    bool done; /* it became whole: copies of its fragments are still known */
    struct addr src, dst;
    uint32_t id;
    uint16_t tenant;
    uint8_t protocol;
    struct ref first; /* the fragment that came first; of a whole datagram, the last */
    uint32_t total;   /* octets in all; 0: the last fragment has not come */
    uint32_t n;       /* pieces, disjoint, in order */
    struct piece piece[PIECES];
    uint32_t n_records;
    struct ref record[FRAGMENT_RECORDS];  /* that brought a part, the first ones */
    uint8_t captured[KEPT_OCTETS / UNIT]; /* of each unit of data, how many octets */
    uint8_t data[KEPT_OCTETS];
};

struct fragments {
    struct datagram_parts *parts; /* DATAGRAMS, made with the first fragment */
    uint8_t result[KEPT_OCTETS];
    const struct datagram_parts *last; /* that became whole, or NULL */
};

struct fragments *fragments_new(void)
{
    return xcalloc(1, sizeof(struct fragments));
}

static bool belongs(const struct datagram_parts *d, const struct fragment *p)
{
    return d->used && d->id == p->id && d->protocol == p->protocol && d->tenant == p->tenant &&
           addr_compare(&d->src, &p->src) == 0 && addr_compare(&d->dst, &p->dst) == 0;
}

static void drop(struct datagram_parts *d, enum note_kind why, struct notes *notes)
{
    if (!d->done)
        notes_add(notes, why, &d->first, 0);
    d->used = false;
}

/* Which of two makes room for a new one: a whole one before the others, then the older. */
static bool goes_first(const struct datagram_parts *a, const struct datagram_parts *b)
{
    return a->done != b->done ? a->done : a->first.t < b->first.t;
}

/* The datagram of the fragment; a new one, in place of the oldest when all are in use; NULL when
 * the fragment does not begin one. */
static struct datagram_parts *find(struct fragments *f, const struct fragment *p,
                                   struct notes *notes)
{
    struct datagram_parts *spare = NULL, *oldest = NULL;

    for (int i = 0; i < DATAGRAMS; i++) {
        struct datagram_parts *d = &f->parts[i];

        if (d->used && p->at.t - d->first.t > (d->done ? copies_come : lifetime))
            drop(d, NOTE_FRAGMENT_INCOMPLETE, notes);
        if (belongs(d, p))
            return d;
        if (!d->used)
            spare = spare ? spare : d;
        else if (!oldest || goes_first(d, oldest))
            oldest = d;
    }
    if (p->joins_only)
        return NULL;
    if (!spare) {
        drop(oldest, NOTE_FRAGMENT_EVICTED, notes);
        spare = oldest;
    }
    spare->used = true;
    spare->done = false;
    spare->tenant = p->tenant;
    spare->src = p->src;
    spare->dst = p->dst;
    spare->id = p->id;
    spare->protocol = p->protocol;
    spare->first = p->at;
    spare->total = spare->n = spare->n_records = 0;
    memset(spare->captured, 0, sizeof spare->captured);
    return spare;
}

/* Enter [from, to); false when it overlaps what is there in part. What lies in it entirely may be a
 * copy: keep() tells. */
static bool enter(struct datagram_parts *d, uint32_t from, uint32_t to)
{
    uint32_t i = 0;

    while (i < d->n && d->piece[i].to <= from)
        i++;
    if (i < d->n && d->piece[i].from < to)
        return d->piece[i].from <= from && to <= d->piece[i].to; /* the same fragment again */
    bool joins_left = i > 0 && d->piece[i - 1].to == from;
    bool joins_right = i < d->n && d->piece[i].from == to;
    if (joins_left && joins_right) {
        d->piece[i - 1].to = d->piece[i].to;
        d->n--;
        memmove(&d->piece[i], &d->piece[i + 1], (d->n - i) * sizeof d->piece[0]);
    } else if (joins_left) {
        d->piece[i - 1].to = to;
    } else if (joins_right) {
        d->piece[i].from = from;
    } else if (d->n == PIECES) {
        return false;
    } else {
        memmove(&d->piece[i + 1], &d->piece[i], (d->n - i) * sizeof d->piece[0]);
        d->piece[i] = (struct piece){from, to};
        d->n++;
    }
    return true;
}

/* Keep the captured octets that belong to the start; false when they contradict what is there: then
 * it was no copy but an overlap. What lies behind is never looked at, so it may differ. */
static bool keep(struct datagram_parts *d, const struct fragment *p)
{
    if (p->offset >= KEPT_OCTETS)
        return true;
    uint32_t n = p->caplen < p->len ? p->caplen : p->len;
    if (n > KEPT_OCTETS - p->offset)
        n = KEPT_OCTETS - p->offset;
    for (uint32_t at = 0; at < n; at += UNIT) {
        uint32_t here = n - at < UNIT ? n - at : UNIT;
        uint8_t *captured = &d->captured[(p->offset + at) / UNIT];
        uint8_t *kept = d->data + p->offset + at;

        if (memcmp(kept, p->data + at, *captured < here ? *captured : here) != 0)
            return false;
        if (*captured < here) {
            memcpy(kept, p->data + at, here);
            *captured = (uint8_t)here;
        }
    }
    return true;
}

/* Octets at the start of the datagram that were captured without a gap. */
static uint32_t captured_start(const struct datagram_parts *d)
{
    uint32_t n = 0;

    for (uint32_t unit = 0; unit < KEPT_OCTETS / UNIT; unit++) {
        n += d->captured[unit];
        if (d->captured[unit] < UNIT)
            break;
    }
    return n;
}

static bool fits(const struct datagram_parts *d, const struct fragment *p)
{
    uint32_t end = p->offset + p->len;

    /* a length from the wire length may be anything: not even the sum is safe */
    if (p->len == 0 || p->len > DATAGRAM_MAX || end > DATAGRAM_MAX || (p->more && p->len % 8 != 0))
        return false;
    return p->more ? !d->total || end < d->total
                   : (!d->total || end == d->total) && (!d->n || d->piece[d->n - 1].to <= end);
}

bool fragments_add(struct fragments *f, const struct fragment *p, struct whole *whole,
                   struct notes *notes)
{
    if (!f->parts)
        f->parts = xcalloc(DATAGRAMS, sizeof *f->parts);
    struct datagram_parts *d = find(f, p, notes);

    if (!d || d->done)
        return false;
    if (!fits(d, p) || !enter(d, p->offset, p->offset + p->len) || !keep(d, p)) {
        drop(d, NOTE_FRAGMENT_MALFORMED, notes);
        return false;
    }
    if (!p->more)
        d->total = p->offset + p->len;
    if (!d->total || d->n != 1 || d->piece[0].from != 0 || d->piece[0].to != d->total) {
        if (d->n_records < FRAGMENT_RECORDS)
            d->record[d->n_records++] = p->at;
        return false;
    }
    uint32_t n = captured_start(d);
    memcpy(f->result, d->data, n);
    *whole = (struct whole){.data = f->result, .caplen = n, .len = d->total};
    d->done = true;
    d->first = p->at;
    f->last = d;
    return true;
}

const struct ref *fragments_records(const struct fragments *f, size_t *n)
{
    *n = f->last ? f->last->n_records : 0;
    return f->last ? f->last->record : NULL;
}

void fragments_finish(struct fragments *f, struct notes *notes)
{
    for (int i = 0; f->parts && i < DATAGRAMS; i++)
        if (f->parts[i].used)
            drop(&f->parts[i], NOTE_FRAGMENT_INCOMPLETE, notes);
}

void fragments_free(struct fragments *f)
{
    free(f->parts);
    free(f);
}
