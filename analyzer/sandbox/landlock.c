/* SPDX-License-Identifier: BSD-2-Clause */
#ifdef __linux__
#define _GNU_SOURCE /* syscall, O_PATH */
#include "sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined HAVE_LINUX_LANDLOCK_H && defined SYS_landlock_create_ruleset

#include <linux/landlock.h>

/* Rights that are younger than the header may be. */
enum {
    FS_FIRST = (1 << 13) - 1, /* of version 1 */
    FS_REFER = 1 << 13,
    FS_TRUNCATE = 1 << 14,
    FS_IOCTL_DEV = 1 << 15,
    NET_ALL = 3,   /* bind, connect */
    SCOPE_ALL = 3, /* abstract sockets, signals */
};

/* The kernel takes a longer struct than it knows only when the rest is zero, so the size says what
 * is meant. */
struct ruleset {
    uint64_t fs, net, scope;
};

void landlock_begin(struct landlock *l)
{
    struct ruleset r = {.fs = FS_FIRST};
    size_t size = sizeof r.fs;

    *l = (struct landlock){.rules = -1};
    l->version =
        (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (l->version < 1) {
        l->why_not = errno == EOPNOTSUPP ? "disabled in this kernel" : strerror(errno);
        return;
    }
    if (l->version >= 2)
        r.fs |= FS_REFER;
    if (l->version >= 3)
        r.fs |= FS_TRUNCATE;
    if (l->version >= 4) {
        r.net = NET_ALL;
        size = offsetof(struct ruleset, scope);
    }
    if (l->version >= 5)
        r.fs |= FS_IOCTL_DEV;
    if (l->version >= 6) {
        r.scope = SCOPE_ALL;
        size = sizeof r;
    }
    l->handled = r.fs;
    l->rules = (int)syscall(SYS_landlock_create_ruleset, &r, size, 0);
    if (l->rules < 0)
        l->why_not = strerror(errno);
}

static uint64_t rights(enum landlock_use use, bool folder)
{
    const uint64_t file = LANDLOCK_ACCESS_FS_READ_FILE;

    switch (use) {
    case LANDLOCK_READ:
        return folder ? file | LANDLOCK_ACCESS_FS_READ_DIR : file;
    case LANDLOCK_TERMINAL:
        return file | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_IOCTL_DEV;
    case LANDLOCK_CREATE:
        return LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE | LANDLOCK_ACCESS_FS_MAKE_REG |
               LANDLOCK_ACCESS_FS_REMOVE_FILE;
    }
    return 0;
}

void landlock_allow(struct landlock *l, const char *path, enum landlock_use use)
{
    struct landlock_path_beneath_attr rule = {.parent_fd = -1};
    struct stat st;

    if (l->rules < 0)
        return;
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return;
    if (fstat(rule.parent_fd, &st) == 0) {
        rule.allowed_access = rights(use, S_ISDIR(st.st_mode)) & l->handled;
        /* It fails for pipes, which need no rule. */
        syscall(SYS_landlock_add_rule, l->rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    close(rule.parent_fd);
}

void landlock_end(struct landlock *l, struct strbuf *told)
{
    if (l->rules >= 0) {
        if (syscall(SYS_landlock_restrict_self, l->rules, 0) != 0)
            l->why_not = strerror(errno);
        close(l->rules);
    }
    if (l->why_not)
        strbuf_printf(told, "Landlock off (%s)", l->why_not);
    else
        strbuf_printf(told, "Landlock on (version %d)", l->version);
}

#else

void landlock_begin(struct landlock *l)
{
    *l = (struct landlock){.rules = -1, .why_not = "not in this build"};
}

void landlock_allow(struct landlock *l, const char *path, enum landlock_use use)
{
    (void)l;
    (void)path;
    (void)use;
}

void landlock_end(struct landlock *l, struct strbuf *told)
{
    strbuf_printf(told, "Landlock off (%s)", l->why_not);
}

#endif
#endif
