/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The table of readers. To add one: a file with its struct source_ops, and a row here; the first
 * that knows the file's start takes it. */
#include "capture/source.h"

#include "capture/octets.h"
#include "capture/source_libpcap.h"
#include "capture/source_pcap.h"
#include "capture/source_pcapng.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC = 4, START = 24 }; /* octets that tell a format; at least, and if there are so many */

static const struct source_ops *const readers[] = {
    &source_pcap, &source_pcapng, &source_libpcap, /* everything else that libpcap opens */
};

struct source *source_open(const char *path, uint32_t file, struct error *err)
{
    struct octets *octets = octets_open(path, err);
    const char *failure;
    size_t n, i = 0;

    if (!octets)
        return NULL;
    n = octets_fill(octets, START);
    if (n < MAGIC) {
        failure = octets_failure(octets);
        error_set(err, "%s: %s", path,
                  failure  ? failure
                  : n == 0 ? "is empty"
                           : "is too short for a capture");
        octets_close(octets);
        return NULL;
    }
    const char *compression = octets_compression(octets);
    while (!readers[i]->knows(octets->at, n))
        i++;
    struct source *s = readers[i]->open(octets, err);
    if (s) {
        s->file = file;
        s->about.compression = compression;
    }
    return s;
}

enum source_status source_next(struct source *s, struct record *records, size_t max, size_t *n,
                               struct error *err)
{
    *n = 0;
    return s->ops->next(s, records, max, n, err);
}

bool source_mark(const struct source *s, struct source_mark *mark)
{
    if (!s->ops->mark || !octets_can_seek(s->octets))
        return false;
    mark->records = s->records;
    s->ops->mark(s, mark);
    return true;
}

bool source_go_back(struct source *s, const struct source_mark *mark)
{
    if (!s->ops->go_back || !s->ops->go_back(s, mark))
        return false;
    s->records = mark->records;
    return true;
}

void source_progress(const struct source *s, uint64_t *done, uint64_t *total)
{
    octets_progress(s->octets, done, total);
}

void source_close(struct source *s)
{
    if (!s)
        return;
    if (s->ops->close)
        s->ops->close(s);
    octets_close(s->octets);
    about_done(&s->about);
    free(s);
}

enum source_status source_damaged(const struct source *s, struct error *err, const char *format,
                                  ...)
{
    const char *failure = octets_failure(s->octets);
    char reason[200];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    error_set(err, "%s: unreadable after packet %llu: %s", s->octets->path,
              (unsigned long long)s->records, failure ? failure : reason);
    return SOURCE_DAMAGED;
}

enum source_status source_cut(const struct source *s, struct error *err)
{
    if (octets_interrupted())
        return SOURCE_END;
    return source_damaged(s, err, "the file ends inside the next one");
}
