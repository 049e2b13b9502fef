/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/recall.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum { OCTETS = 8 * 1024 * 1024, RECORDS = 64 * 1024 };

struct recall {
    struct record record[RECORDS]; /* n of them from `first` on, a ring; data lie in `octets` */
    size_t first, n;
    size_t at; /* where the next data go */
    uint8_t octets[OCTETS];
};

struct recall *recall_new(void)
{
    return xcalloc(1, sizeof(struct recall));
}

static size_t place(const struct recall *r)
{
    return (size_t)(r->record[r->first].data - r->octets);
}

static void forget(struct recall *r)
{
    r->first = (r->first + 1) % RECORDS;
    r->n--;
}

void recall_put(struct recall *r, const struct record *record)
{
    size_t size = record->caplen ? record->caplen : 1; /* so that every record has a place */

    if (size > OCTETS)
        return;
    if (size > OCTETS - r->at) {
        while (r->n && place(r) >= r->at)
            forget(r);
        r->at = 0;
    }
    while (r->n && (r->n == RECORDS || (place(r) >= r->at && place(r) < r->at + size)))
        forget(r);
    struct record *copy = &r->record[(r->first + r->n++) % RECORDS];
    *copy = *record;
    copy->data = r->octets + r->at;
    if (record->caplen)
        memcpy(r->octets + r->at, record->data, record->caplen);
    r->at += size;
}

const struct record *recall_find(const struct recall *r, uint32_t file, uint64_t number)
{
    for (size_t i = r->n; i-- > 0;) {
        const struct record *record = &r->record[(r->first + i) % RECORDS];

        if (record->file == file && record->number == number)
            return record;
    }
    return NULL;
}

void recall_free(struct recall *r)
{
    free(r);
}
