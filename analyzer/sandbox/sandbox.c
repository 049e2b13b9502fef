/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox/sandbox.h"

#ifdef __linux__

#include "sandbox/landlock.h"
#include "sandbox/privileges.h"
#include "sandbox/seccomp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* Builds whose runtime writes, forks and traces on its own when the program ends. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ ||                                 \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
static const char unfit_build[] = "off (this build has sanitizers)";
#elif defined LASTACK_COVERAGE
static const char unfit_build[] = "off (this build measures coverage)";
#else
static const char unfit_build[] = "";
#endif

/* valgrind makes code and needs its own files. */
static bool under_valgrind(void)
{
    const char *preload = getenv("LD_PRELOAD");

    return preload && strstr(preload, "vgpreload_");
}

/* Where the description of the terminal and of its character set may stand. */
static const char *const terminal_folders[] = {
    "/usr/share/terminfo", "/lib/terminfo",   "/usr/lib/terminfo",      "/etc/terminfo",
    "/usr/share/misc",     "/usr/lib/locale", "/usr/share/i18n/locales"};

static void allow_terminal(struct landlock *l)
{
    const char *home = getenv("HOME"), *own = getenv("TERMINFO");
    struct strbuf path = {0};

    for (size_t i = 0; i < sizeof terminal_folders / sizeof *terminal_folders; i++)
        landlock_allow(l, terminal_folders[i], LANDLOCK_READ);
    if (own)
        landlock_allow(l, own, LANDLOCK_READ);
    if (home) {
        strbuf_printf(&path, "%s/.terminfo", home);
        landlock_allow(l, path.text, LANDLOCK_READ);
        strbuf_done(&path);
    }
    landlock_allow(l, "/dev/tty", LANDLOCK_TERMINAL);
    landlock_allow(l, ".", LANDLOCK_CREATE);
}

void sandbox_enter(const struct sandbox_plan *plan, struct strbuf *told)
{
    struct landlock l;

    if (unfit_build[0] || under_valgrind()) {
        strbuf_puts(told, unfit_build[0] ? unfit_build : "off (under valgrind)");
        return;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        strbuf_puts(told, "off (the kernel has no no_new_privs)");
        return;
    }
    /* Root opens what the rules are about; the last step takes away what the steps before need. */
    landlock_begin(&l);
    landlock_allow(&l, "/dev/urandom", LANDLOCK_READ);
    landlock_allow(&l, "/sys/devices/system/cpu/online", LANDLOCK_READ); /* how many threads */
    for (size_t i = 0; i < plan->n_inputs; i++)
        landlock_allow(&l, plan->inputs[i], LANDLOCK_READ);
    if (plan->interactive)
        allow_terminal(&l);
    privileges_drop(plan, l.rules >= 0, told);
    landlock_end(&l, told);
    strbuf_puts(told, ", ");
    seccomp_enter(plan->interactive, told);
}

#else

void sandbox_enter(const struct sandbox_plan *plan, struct strbuf *told)
{
    (void)plan;
    strbuf_puts(told, "off (not on this system)");
}

#endif
