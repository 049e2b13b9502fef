/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The table of readers. To add one: a file with its struct source_ops, and a row here; rows are
 * tried in order. */
#include "capture/source.h"

#include "capture/source_pcap.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct source_ops *const readers[] = {
    &source_pcap, /* savefiles, through libpcap */
};

/* What can be said before a reader looks inside. */
static bool is_readable(const char *path, struct error *err)
{
    struct stat st;

    if (strcmp(path, "-") == 0) {
        if (isatty(STDIN_FILENO))
            error_set(err, "standard input is a terminal, not a capture");
        return !isatty(STDIN_FILENO);
    }
    if (stat(path, &st) != 0)
        error_set(err, "%s: %s", path, strerror(errno));
    else if (S_ISDIR(st.st_mode))
        error_set(err, "%s: is a directory", path);
    else
        return true;
    return false;
}

struct source *source_open(const char *path, struct error *err)
{
    if (!is_readable(path, err))
        return NULL;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        struct source *s = readers[i]->open(path, err);

        if (s)
            return s;
    }
    return NULL;
}

enum source_status source_next(struct source *s, struct record *record, struct error *err)
{
    return s->ops->next(s, record, err);
}

void source_progress(const struct source *s, uint64_t *done, uint64_t *total)
{
    s->ops->progress(s, done, total);
}

void source_close(struct source *s)
{
    if (s)
        s->ops->close(s);
}
