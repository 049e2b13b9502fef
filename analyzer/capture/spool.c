/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/spool.h"

#include "base/xalloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct spool {
    FILE *file;
    char *folder;
    int failed; /* errno of the first write that failed; 0: none */
};

/* What stands before the octets of a record; no padding. */
struct kept {
    int64_t t;
    uint64_t number;
    uint32_t caplen, wirelen;
    int32_t link_type;
    uint32_t file;
    uint16_t interface, filtered;
    uint32_t octets; /* that follow */
};

bool spool_is_needed(const char *path)
{
    struct stat st;

    return strcmp(path, "-") == 0 ||
           (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
}

struct spool *spool_new(struct error *err)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];

    if (!folder || !folder[0])
        folder = "/tmp";
    snprintf(path, sizeof path, "%s/lastack-XXXXXX", folder);
    int fd = mkstemp(path);
    if (fd >= 0)
        unlink(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w+b") : NULL;
    if (!file) {
        error_set(err, "no temporary file in %s: %s", folder, strerror(errno));
        return NULL;
    }
    struct spool *s = xcalloc(1, sizeof *s);
    s->file = file;
    s->folder = xstrdup(folder);
    return s;
}

void spool_put(struct spool *s, const struct record *r)
{
    const struct kept k = {.t = r->t,
                           .number = r->number,
                           .caplen = r->caplen,
                           .wirelen = r->wirelen,
                           .link_type = r->link_type,
                           .file = r->file,
                           .interface = r->interface,
                           .filtered = r->filtered,
                           .octets = r->filtered ? 0 : r->caplen}; /* nobody looks at the others */

    if (s->failed)
        return;
    if (fwrite(&k, sizeof k, 1, s->file) != 1 ||
        (k.octets && fwrite(r->data, k.octets, 1, s->file) != 1))
        s->failed = errno ? errno : EIO;
}

bool spool_rewind(struct spool *s, struct error *err)
{
    if (!s->failed && fflush(s->file) != 0)
        s->failed = errno;
    if (!s->failed && fseek(s->file, 0, SEEK_SET) != 0)
        s->failed = errno;
    if (s->failed)
        error_set(err, "the input could not be kept in %s: %s", s->folder, strerror(s->failed));
    return !s->failed;
}

bool spool_get(struct spool *s, struct record *r, struct spool_room *room)
{
    struct kept k;

    if (fread(&k, sizeof k, 1, s->file) != 1)
        return false;
    if (k.octets > room->cap) {
        room->cap = k.octets;
        room->octets = xreallocarray(room->octets, k.octets, 1);
    }
    *r = (struct record){.t = k.t,
                         .number = k.number,
                         .data = room->octets,
                         .caplen = k.caplen,
                         .wirelen = k.wirelen,
                         .link_type = k.link_type,
                         .file = k.file,
                         .interface = k.interface,
                         .filtered = k.filtered};
    return !k.octets || fread(room->octets, k.octets, 1, s->file) == 1;
}

void spool_free(struct spool *s)
{
    if (!s)
        return;
    fclose(s->file);
    free(s->folder);
    free(s);
}
