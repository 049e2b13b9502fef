/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/unpack.h"

#include "base/xalloc.h"
#include "capture/pump.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACKED_BLOCK = 128 * 1024 };

struct unpack {
    struct archive *archive;
    unpack_source *more;
    void *context;
    const char *name;
    uint8_t *packed;      /* compressed octets: the first ones, then a block at a time */
    size_t n_start;       /* of them not yet given to libarchive */
    const uint8_t *plain; /* unpacked and not yet given on */
    size_t n_plain;
    bool begun, ended;
    char failure[200];
    unsigned reads;
    struct pump *pump; /* NULL: this thread unpacks */
};

/* To add a compression: a row here, and the filter in unpack_open(). */
static const struct magic {
    const char *name;
    size_t n;
    uint8_t octets[UNPACK_MAGIC];
} magics[] = {
    {"gzip", 3, {0x1f, 0x8b, 0x08}},       {"xz", 6, {0xfd, '7', 'z', 'X', 'Z', 0}},
    {"zstd", 4, {0x28, 0xb5, 0x2f, 0xfd}}, {"lz4", 4, {0x04, 0x22, 0x4d, 0x18}},
    {"bzip2", 3, {'B', 'Z', 'h'}},
};

static const struct magic *find_magic(const uint8_t *start, size_t n)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (n >= magics[i].n && memcmp(start, magics[i].octets, magics[i].n) == 0)
            return &magics[i];
    return NULL;
}

bool unpack_knows(const uint8_t *start, size_t n)
{
    return find_magic(start, n) != NULL;
}

static la_ssize_t give_packed(struct archive *archive, void *context, const void **octets)
{
    struct unpack *u = context;
    size_t n = u->n_start;

    (void)archive;
    u->n_start = 0;
    if (!n)
        n = u->more(u->context, u->packed, PACKED_BLOCK);
    *octets = u->packed;
    return (la_ssize_t)n;
}

struct unpack *unpack_open(const uint8_t *start, size_t n, unpack_source *more, void *context)
{
    struct unpack *u = xcalloc(1, sizeof *u);

    u->more = more;
    u->context = context;
    u->name = find_magic(start, n)->name;
    u->packed = xmalloc(n > PACKED_BLOCK ? n : PACKED_BLOCK);
    memcpy(u->packed, start, n);
    u->n_start = n;
    u->archive = archive_read_new();
    if (u->archive) {
        archive_read_support_format_raw(u->archive);
        archive_read_support_filter_gzip(u->archive);
        archive_read_support_filter_xz(u->archive);
        archive_read_support_filter_zstd(u->archive);
        archive_read_support_filter_lz4(u->archive);
        archive_read_support_filter_bzip2(u->archive);
    }
    return u;
}

static void end(struct unpack *u, int status)
{
    const char *reason = u->archive ? archive_error_string(u->archive) : "out of memory";

    u->ended = true;
    if (status != ARCHIVE_EOF)
        snprintf(u->failure, sizeof u->failure, "%s",
                 reason ? reason : "the compressed data is damaged");
}

static void begin(struct unpack *u)
{
    struct archive_entry *entry;
    int status =
        u->archive ? archive_read_open(u->archive, u, NULL, give_packed, NULL) : ARCHIVE_FATAL;

    u->begun = true;
    if (status >= ARCHIVE_WARN)
        status = archive_read_next_header(u->archive, &entry);
    if (status < ARCHIVE_WARN || status == ARCHIVE_EOF)
        end(u, status);
}

/* Unpack into `to`, in whichever thread. */
static size_t produce(void *context, uint8_t *to, size_t room)
{
    struct unpack *u = context;
    la_int64_t offset;

    if (!u->begun)
        begin(u);
    while (!u->n_plain && !u->ended) {
        const void *octets = NULL;
        size_t n = 0;
        int status = archive_read_data_block(u->archive, &octets, &n, &offset);

        u->plain = octets;
        u->n_plain = status < ARCHIVE_WARN ? 0 : n;
        if (status < ARCHIVE_WARN || status == ARCHIVE_EOF)
            end(u, status);
    }
    size_t n = u->n_plain < room ? u->n_plain : room;
    if (n)
        memcpy(to, u->plain, n);
    u->plain += n;
    u->n_plain -= n;
    return n;
}

size_t unpack_read(struct unpack *u, uint8_t *to, size_t room)
{
    if (u->reads++ == 1)
        u->pump = pump_start(produce, u);
    return u->pump ? pump_read(u->pump, to, room) : produce(u, to, room);
}

const char *unpack_failure(const struct unpack *u)
{
    return u->failure[0] ? u->failure : NULL;
}

const char *unpack_name(const struct unpack *u)
{
    return u->name;
}

void unpack_close(struct unpack *u)
{
    if (!u)
        return;
    pump_stop(u->pump);
    archive_read_free(u->archive);
    free(u->packed);
    free(u);
}
