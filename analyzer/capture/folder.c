/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/folder.h"

#include "base/strbuf.h"
#include "base/xalloc.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool folder_is(const char *path)
{
    struct stat st;

    return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *member(const char *folder, const char *name)
{
    struct strbuf path = {0};
    struct stat st;
    size_t n = strlen(folder);

    strbuf_puts(&path, folder);
    if (n && folder[n - 1] != '/')
        strbuf_putc(&path, '/');
    strbuf_puts(&path, name);
    if (name[0] != '.' && stat(path.text, &st) == 0 && S_ISREG(st.st_mode))
        return path.text;
    strbuf_done(&path);
    return NULL;
}

bool folder_list(const char *path, char ***paths, size_t *n, struct error *err)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    *paths = NULL;
    *n = 0;
    if (!folder) {
        error_set(err, "%s: %s", path, strerror(errno));
        return false;
    }
    while ((entry = readdir(folder))) {
        char *file = member(path, entry->d_name);

        if (!file)
            continue;
        if ((*n & (*n - 1)) == 0)
            *paths = xreallocarray(*paths, *n ? 2 * *n : 1, sizeof **paths);
        (*paths)[(*n)++] = file;
    }
    closedir(folder);
    if (*n)
        qsort(*paths, *n, sizeof **paths, by_name);
    return true;
}
