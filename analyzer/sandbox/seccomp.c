/* SPDX-License-Identifier: BSD-2-Clause */
#ifdef __linux__
#define _GNU_SOURCE /* CLONE_THREAD */
#include "sandbox/seccomp.h"

#ifdef HAVE_LIBSECCOMP

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

/* What the program, its libraries and the two C libraries of Linux (glibc, musl) call after the
 * start, on 64 and on 32 bits. A name that the machine does not have is passed over. */
static const char *const plain_calls[] = {
    /* files that are open */
    "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "lseek", "_llseek",
    "close", "fsync", "fdatasync", "ftruncate", "ftruncate64", "fadvise64", "fadvise64_64",
    "arm_fadvise64_64", "fstat", "fstat64", "fcntl", "fcntl64", "dup", "dup2", "dup3", "pipe",
    "pipe2", "eventfd2", "poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6",
    "pselect6_time64",
    /* names of files: to look is no harm, and Landlock says what can be opened */
    "stat", "stat64", "lstat", "lstat64", "newfstatat", "fstatat64", "statx", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getcwd", "getdents", "getdents64",
    /* memory */
    "brk", "munmap", "mremap", "madvise",
    /* threads and signals of this process */
    "futex", "futex_time64", "set_robust_list", "get_robust_list", "rseq", "set_tid_address",
    "membarrier", "gettid", "getpid", "getppid", "getpgrp", "getpgid", "getcpu", "sched_yield",
    "sched_getaffinity", "sched_getparam", "sched_getscheduler", "rt_sigaction", "rt_sigprocmask",
    "rt_sigreturn", "rt_sigsuspend", "rt_sigpending", "rt_sigtimedwait", "sigaltstack", "sigreturn",
    "restart_syscall", "exit", "exit_group",
    /* time */
    "clock_gettime", "clock_gettime64", "clock_getres", "clock_getres_time64", "gettimeofday",
    "time", "nanosleep", "clock_nanosleep", "clock_nanosleep_time64",
    /* what kind of machine and user this is */
    "getuid", "getuid32", "geteuid", "geteuid32", "getgid", "getgid32", "getegid", "getegid32",
    "uname", "sysinfo", "getrandom", "getrusage", "getrlimit", "ugetrlimit", "umask"};

/* Calls that make and write files: only with `create`. */
static const char *const create_calls[] = {"open",      "openat", "rename",  "renameat",
                                           "renameat2", "unlink", "unlinkat"};

/* Their callers know an older call to fall back to, whose arguments can be seen from here. */
static const char *const missing_calls[] = {"clone3", "openat2"};

/* The commands of ioctl: attributes and size of a terminal, what waits in a pipe. None of those
 * that push input into a terminal. The last four are the `2` kind of newer C libraries. */
static const uint32_t ioctls[] = {TCGETS,     TCSETS,     TCSETSW,    TCSETSF,   TCFLSH,
                                  TCXONC,     TCSBRK,     TIOCGWINSZ, TIOCGPGRP, FIONREAD,
                                  0x802c542a, 0x402c542b, 0x402c542c, 0x402c542d};

/* A call whose argument decides: (value & mask) == wanted. */
struct checked_call {
    const char *name;
    unsigned argument;
    uint64_t mask, wanted;
};

static const struct checked_call read_only_open[] = {
    {"open", 1, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY},
    {"openat", 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY},
};

static const struct checked_call checked_calls[] = {
    {"mmap", 2, PROT_EXEC, 0},
    {"mmap2", 2, PROT_EXEC, 0},
    {"mprotect", 2, PROT_EXEC, 0},
    {"clone", 0, CLONE_THREAD, CLONE_THREAD},
    {"prctl", 0, UINT32_MAX, PR_SET_NAME},
    {"prlimit64", 2, UINT64_MAX, 0}, /* ask, not set */
    {"kill", 0, UINT32_MAX, 0},      /* the own group, as job control does */
};

static int allow(scmp_filter_ctx ctx, const char *name, unsigned n, struct scmp_arg_cmp argument)
{
    int call = seccomp_syscall_resolve_name(name);

    return call < 0 ? 0 : seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, n, argument);
}

static int allow_plain(scmp_filter_ctx ctx, const char *const *name, size_t n)
{
    int status = 0;

    for (size_t i = 0; i < n && status == 0; i++)
        status = allow(ctx, name[i], 0, (struct scmp_arg_cmp){0});
    return status;
}

static int allow_checked(scmp_filter_ctx ctx, const struct checked_call *c, size_t n)
{
    int status = 0;

    for (size_t i = 0; i < n && status == 0; i++)
        status = allow(ctx, c[i].name, 1,
                       SCMP_CMP(c[i].argument, SCMP_CMP_MASKED_EQ, c[i].mask, c[i].wanted));
    return status;
}

/* Signals to this process itself: abort() and job control. */
static int allow_own_signals(scmp_filter_ctx ctx)
{
    const uint64_t self = (uint64_t)getpid();
    const struct checked_call own[] = {{"kill", 0, UINT32_MAX, self},
                                       {"tkill", 0, UINT32_MAX, self},
                                       {"tgkill", 0, UINT32_MAX, self}};

    return allow_checked(ctx, own, sizeof own / sizeof *own);
}

static int allow_ioctls(scmp_filter_ctx ctx)
{
    int status = 0;

    for (size_t i = 0; i < sizeof ioctls / sizeof *ioctls && status == 0; i++)
        status = allow_checked(ctx, &(struct checked_call){"ioctl", 1, UINT32_MAX, ioctls[i]}, 1);
    return status;
}

static int refuse_as_missing(scmp_filter_ctx ctx)
{
    int status = 0;

    for (size_t i = 0; i < sizeof missing_calls / sizeof *missing_calls && status == 0; i++) {
        int call = seccomp_syscall_resolve_name(missing_calls[i]);
        if (call >= 0)
            status = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), call, 0);
    }
    return status;
}

static int fill(scmp_filter_ctx ctx, bool create)
{
    int status = allow_plain(ctx, plain_calls, sizeof plain_calls / sizeof *plain_calls);

    if (status == 0)
        status = create ? allow_plain(ctx, create_calls, sizeof create_calls / sizeof *create_calls)
                        : allow_checked(ctx, read_only_open,
                                        sizeof read_only_open / sizeof *read_only_open);
    if (status == 0)
        status = allow_checked(ctx, checked_calls, sizeof checked_calls / sizeof *checked_calls);
    if (status == 0)
        status = allow_own_signals(ctx);
    if (status == 0)
        status = allow_ioctls(ctx);
    if (status == 0)
        status = refuse_as_missing(ctx);
    return status;
}

void seccomp_enter(bool create, struct strbuf *told)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int status = ctx ? fill(ctx, create) : -ENOMEM;

    if (status == 0) {
        seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1); /* an old kernel lacks it; see sandbox.h */
        status = seccomp_load(ctx);
    }
    if (ctx)
        seccomp_release(ctx);
    if (status == 0)
        strbuf_puts(told, "seccomp on");
    else
        strbuf_printf(told, "seccomp off (%s)", strerror(-status));
}

#else

void seccomp_enter(bool create, struct strbuf *told)
{
    (void)create;
    strbuf_puts(told, "seccomp off (not in this build)");
}

#endif
#endif
