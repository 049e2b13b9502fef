/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What libarchive unpacks: lz4 and bzip2, which are packed in large blocks. When a stream breaks
 * off, what it had unpacked of its last block is lost. */
#include "base/xalloc.h"
#include "capture/unpack_backend.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

struct state {
    struct archive *archive;
    struct packed *packed;
    const uint8_t *plain; /* unpacked and not yet given on */
    size_t n_plain;
    bool begun, ended;
    bool starved; /* there was no more to unpack */
};

static void *open_archive(struct packed *packed)
{
    struct state *s = xcalloc(1, sizeof *s);

    s->packed = packed;
    s->archive = archive_read_new();
    if (!s->archive) {
        free(s);
        return NULL;
    }
    archive_read_support_format_raw(s->archive);
    archive_read_support_filter_lz4(s->archive);
    archive_read_support_filter_bzip2(s->archive);
    return s;
}

static la_ssize_t give_packed(struct archive *archive, void *context, const void **octets)
{
    struct state *s = context;

    (void)archive;
    size_t n = packed_next(s->packed);

    *octets = s->packed->octets;
    s->starved = n == 0;
    return (la_ssize_t)n;
}

static int begin(struct state *s)
{
    struct archive_entry *entry;
    int status = archive_read_open(s->archive, s, NULL, give_packed, NULL);

    s->begun = true;
    return status < ARCHIVE_WARN ? status : archive_read_next_header(s->archive, &entry);
}

static int next_block(struct state *s)
{
    const void *octets = NULL;
    la_int64_t offset;
    int status = archive_read_data_block(s->archive, &octets, &s->n_plain, &offset);

    s->plain = octets;
    return status;
}

/* libarchive's own words for a cut differ with the kind, and some are dark. */
static const char *why_failed(const struct state *s)
{
    const char *reason = archive_error_string(s->archive);

    if (s->starved)
        return "the compressed data is cut off; the end of what came before it may be lost, too";
    return reason ? reason : "the compressed data is damaged";
}

static size_t read_archive(void *context, uint8_t *to, size_t room, const char **failure)
{
    struct state *s = context;
    int status = s->begun ? ARCHIVE_OK : begin(s);

    while (!s->ended && !s->n_plain && status >= ARCHIVE_WARN && status != ARCHIVE_EOF)
        status = next_block(s);
    if (status < ARCHIVE_WARN || status == ARCHIVE_EOF) {
        s->ended = true;
        s->n_plain = 0;
        if (status != ARCHIVE_EOF)
            *failure = why_failed(s);
    }
    size_t n = s->n_plain < room ? s->n_plain : room;
    if (n) {
        memcpy(to, s->plain, n);
        s->plain += n;
        s->n_plain -= n;
    }
    return n;
}

static void close_archive(void *context)
{
    struct state *s = context;

    archive_read_free(s->archive);
    free(s);
}

const struct unpack_backend unpack_archive = {
    .open = open_archive,
    .read = read_archive,
    .close = close_archive,
};
