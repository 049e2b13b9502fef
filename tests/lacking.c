/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Runs a command as on a machine that lacks what a sandbox is made of: an old kernel, or a
 * container that lets nobody filter.
 *
 *   lacking [landlock] [seccomp] -- COMMAND [ARGUMENT...]
 *
 * Exit status 77 where this can't be played: without libseccomp, or where seccomp is lacking
 * already. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SKIP = 77, CANNOT_RUN = 126 };

#ifdef HAVE_LIBSECCOMP
#include <seccomp.h>

enum { LANDLOCK_FIRST = 444, LANDLOCK_LAST = 446, SET_SECCOMP = 22 }; /* on every machine */

static int lack(scmp_filter_ctx ctx, const char *what)
{
    int status = 0;

    if (strcmp(what, "landlock") == 0) {
        for (int call = LANDLOCK_FIRST; call <= LANDLOCK_LAST && status == 0; call++)
            status = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), call, 0);
    } else {
        status = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(seccomp), 0);
        if (status == 0)
            status =
                seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
                                 (struct scmp_arg_cmp){.op = SCMP_CMP_EQ, .datum_a = SET_SECCOMP});
    }
    return status;
}

int main(int argc, char **argv)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
    int at = 1, status = ctx ? 0 : -ENOMEM;

    for (; status == 0 && at < argc && strcmp(argv[at], "--") != 0; at++)
        status = lack(ctx, argv[at]);
    if (at + 1 >= argc || status != 0 || seccomp_load(ctx) != 0)
        return SKIP;
    seccomp_release(ctx);
    execv(argv[at + 1], argv + at + 1);
    perror(argv[at + 1]);
    return CANNOT_RUN;
}

#else

int main(void)
{
    return SKIP;
}

#endif
