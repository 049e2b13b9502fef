/* SPDX-License-Identifier: BSD-2-Clause */
#ifdef __linux__
#define _GNU_SOURCE /* syscall, setgroups */
#include "sandbox/privileges.h"

#ifdef HAVE_LINUX_CAPABILITY_H

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { NOBODY = 65534 };

struct user {
    uid_t uid;
    gid_t gid;
};

static bool owner_of(const char *path, struct user *u)
{
    struct stat st;

    if (stat(path, &st) != 0 || st.st_uid == 0)
        return false;
    *u = (struct user){.uid = st.st_uid, .gid = st.st_gid ? st.st_gid : NOBODY};
    return true;
}

/* A user or group number in the environment; false for root's and for none. */
static bool number_in(const char *name, uint32_t *number)
{
    const char *text = getenv(name);
    char *end;

    if (!text || text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    *number = (uint32_t)value;
    return !errno && !*end && value > 0 && value < UINT32_MAX;
}

static struct user choose_user(const struct sandbox_plan *plan)
{
    struct user u;
    uint32_t uid, gid;

    if (plan->interactive && owner_of(".", &u))
        return u;
    for (size_t i = 0; i < plan->n_inputs; i++)
        if (owner_of(plan->inputs[i], &u))
            return u;
    if (number_in("SUDO_UID", &uid) && number_in("SUDO_GID", &gid))
        return (struct user){.uid = uid, .gid = gid};
    return (struct user){.uid = NOBODY, .gid = NOBODY};
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Whether the user that is in effect can't do it alone. What lies in a folder is not known yet. */
static bool needs_help_to_read(const struct sandbox_plan *plan)
{
    for (size_t i = 0; i < plan->n_inputs; i++)
        if (is_folder(plan->inputs[i]) ||
            (faccessat(AT_FDCWD, plan->inputs[i], R_OK, AT_EACCESS) != 0 && errno == EACCES))
            return true;
    return false;
}

static bool needs_help_to_create(const struct sandbox_plan *plan)
{
    return plan->interactive && faccessat(AT_FDCWD, ".", W_OK | X_OK, AT_EACCESS) != 0;
}

/* The capabilities that are kept, as a set of bits. */
static uint32_t capabilities_for(const struct sandbox_plan *plan, bool confined)
{
    return (needs_help_to_read(plan) ? 1U << CAP_DAC_READ_SEARCH : 0) |
           (confined && needs_help_to_create(plan) ? 1U << CAP_DAC_OVERRIDE : 0);
}

static bool keep_capabilities(uint32_t set)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct has[2], data[2] = {{0}};

    if (syscall(SYS_capget, &header, has) != 0)
        return false;
    set &= has[0].permitted; /* a container may not have given them */
    data[0].effective = data[0].permitted = set;
    return syscall(SYS_capset, &header, data) == 0;
}

/* Become the user; returns what has to be kept of root's power. */
static bool become(const struct user *u, const struct sandbox_plan *plan, bool confined,
                   uint32_t *capabilities)
{
    if (setgroups(0, NULL) != 0 || setgid(u->gid) != 0 || seteuid(u->uid) != 0)
        return false;
    *capabilities = capabilities_for(plan, confined);
    return seteuid(0) == 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && setuid(u->uid) == 0 &&
           getuid() == u->uid && geteuid() == u->uid;
}

void privileges_drop(const struct sandbox_plan *plan, bool confined, struct strbuf *told)
{
    /* Where root can't be left (a container without the right to), its files stay its own. */
    uint32_t kept = 1U << CAP_DAC_READ_SEARCH;

    if (geteuid() != 0)
        return;
    struct user u = choose_user(plan);
    bool dropped = become(&u, plan, confined, &kept);
    int reason = errno;
    bool limited = keep_capabilities(kept);
    prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
    if (dropped && limited)
        strbuf_printf(told, "root given up (user %lu%s), ", (unsigned long)u.uid,
                      kept ? ", who opens files as root does" : "");
    else if (limited)
        strbuf_printf(told, "root without its capabilities (%s), ", strerror(reason));
    else
        strbuf_puts(told, "root kept, ");
}

#else

void privileges_drop(const struct sandbox_plan *plan, bool confined, struct strbuf *told)
{
    (void)plan;
    (void)confined;
    (void)told;
}

#endif
#endif
