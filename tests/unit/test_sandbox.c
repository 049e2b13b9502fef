/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the sandbox refuses and what it leaves, tried out from inside, each in a process of its own;
 * and that its absence is told and does no harm. */
#define _GNU_SOURCE /* mkdtemp, ptrace */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#ifdef HAVE_LIBSECCOMP
#include <seccomp.h>
#endif

/* A folder with an input that only its owner can read, and another file beside it. */
struct world {
    char dir[64], input[96], beside[96], made[96];
    bool seccomp, landlock; /* what this machine and build have */
    bool interactive;       /* what is tried: with a browser? */
    int (*try)(struct world *w);
};

static void write_file(const char *path)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs("something", f);
    fclose(f);
}

static void enter(const struct world *w, bool interactive, struct strbuf *told)
{
    const char *inputs[] = {"-", "/no/such/file", w->input};
    struct sandbox_plan plan = {.inputs = inputs, .n_inputs = 3, .interactive = interactive};

    sandbox_enter(&plan, told);
}

/* What this machine and build have: 1 seccomp, 2 Landlock. */
static int learn(struct world *w)
{
    struct strbuf told = {0};

    enter(w, false, &told);
    return (strstr(told.text, "seccomp on") ? 1 : 0) | (strstr(told.text, "Landlock on") ? 2 : 0);
}

/* What try() says in a process of its own; -1 when it died. */
static int apart(struct world *w, int (*try)(struct world *w))
{
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0)
        _exit(try(w));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int enter_and_try(struct world *w)
{
    struct strbuf told = {0};

    if (chdir(w->dir) != 0)
        return 99;
    enter(w, w->interactive, &told);
    return w->try(w);
}

/* The same in the sandbox, in the folder. */
static int inside(struct world *w, bool interactive, int (*try)(struct world *w))
{
    w->interactive = interactive;
    w->try = try;
    return apart(w, enter_and_try);
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    const char *parent = getenv("TMPDIR");

    snprintf(w->dir, sizeof w->dir, "%.40s/lastack-XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(w->dir))
        return -1;
    snprintf(w->input, sizeof w->input, "%s/input", w->dir);
    snprintf(w->beside, sizeof w->beside, "%s/beside", w->dir);
    snprintf(w->made, sizeof w->made, "%s/made", w->dir);
    write_file(w->input);
    write_file(w->beside);
    chmod(w->input, 0600);
    chmod(w->dir, 0700);
    int has = apart(w, learn);
    w->seccomp = has & 1;
    w->landlock = has & 2;
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    unlink(w->input);
    unlink(w->beside);
    unlink(w->made);
    rmdir(w->dir);
    free(w);
    return 0;
}

/* --- what is refused -------------------------------------------------------------------------- */

/* Each attempt returns 0 when it was refused with EPERM, else a number that tells which one was
 * not. */
#define REFUSED(call)                                                                              \
    do {                                                                                           \
        errno = 0;                                                                                 \
        if ((call) != -1 || errno != EPERM)                                                        \
            return __LINE__ % 255;                                                                 \
    } while (0)

static int try_network(struct world *w)
{
    int pair[2];

    (void)w;
    REFUSED(socket(AF_INET, SOCK_STREAM, 0));
    REFUSED(socket(AF_INET6, SOCK_DGRAM, 0));
    REFUSED(socket(AF_UNIX, SOCK_STREAM, 0));
    REFUSED(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    return 0;
}

static int try_programs(struct world *w)
{
    char name[] = "true", *const argv[] = {name, NULL};

    (void)w;
    REFUSED(execv("/bin/true", argv));
    REFUSED(fork());
    REFUSED(kill(getppid(), 0));
    REFUSED(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    REFUSED(setuid(0));
    REFUSED(ioctl(STDIN_FILENO, TIOCSTI, "x"));
    if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return 1;
    return errno == EPERM ? 0 : 2;
}

static int try_files(struct world *w)
{
    REFUSED(open(w->made, O_WRONLY | O_CREAT, 0600));
    REFUSED(open(w->input, O_WRONLY));
    REFUSED(open(w->input, O_RDWR));
    REFUSED(open(w->input, O_RDONLY | O_TRUNC));
    REFUSED(unlink(w->input));
    REFUSED(rename(w->beside, w->made));
    REFUSED(link(w->beside, w->made));
    REFUSED(symlink(w->beside, w->made));
    REFUSED(mkdir(w->made, 0700));
    REFUSED(chmod(w->input, 0666));
    REFUSED(truncate(w->input, 0));
    return 0;
}

/* Whether what a test needs is there; a test that cmocka skips is not ok in its TAP. */
static bool there(bool what, const char *name)
{
    if (!what)
        print_message("# no %s here\n", name);
    return what;
}

static void test_seccomp_refuses(void **state)
{
    struct world *w = *state;

    if (!there(w->seccomp, "seccomp"))
        return;
    assert_int_equal(inside(w, false, try_network), 0);
    assert_int_equal(inside(w, true, try_network), 0);
    assert_int_equal(inside(w, false, try_programs), 0);
    assert_int_equal(inside(w, true, try_programs), 0);
    assert_int_equal(inside(w, false, try_files), 0);
    assert_int_not_equal(access(w->made, F_OK), 0);
}

static int try_reading(struct world *w)
{
    char text[9];
    int fd = open(w->input, O_RDONLY);

    if (fd < 0 || read(fd, text, sizeof text) != sizeof text)
        return 1;
    if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES)
        return 2;
    if (open(w->beside, O_RDONLY) >= 0 || errno != EACCES)
        return 3;
    return open(".", O_RDONLY) >= 0 || errno != EACCES ? 4 : 0;
}

static int try_creating(struct world *w)
{
    int fd = open("made", O_WRONLY | O_CREAT | O_TRUNC, 0600);

    if (fd < 0 || write(fd, "x", 1) != 1)
        return 1;
    if (open("/tmp/lastack-test-made", O_WRONLY | O_CREAT, 0600) >= 0)
        return 2;
    if (open(w->beside, O_RDONLY) >= 0)
        return 3;
    return mkdir("folder", 0700) == 0 ? 4 : 0;
}

static void test_landlock_refuses(void **state)
{
    struct world *w = *state;

    if (!there(w->landlock, "Landlock"))
        return;
    assert_int_equal(inside(w, false, try_reading), 0);
    assert_int_equal(inside(w, true, try_creating), 0);
    assert_int_equal(access(w->made, F_OK), 0);
}

/* --- what is left ----------------------------------------------------------------------------- */

static void *count(void *context)
{
    char *memory = malloc(1 << 20);

    memset(memory, 1, 1 << 20);
    *(int *)context += memory[1 << 19];
    free(memory);
    return NULL;
}

static int try_working(struct world *w)
{
    pthread_t thread;
    int n = 0, pipes[2];

    (void)w;
    if (pthread_create(&thread, NULL, count, &n) != 0 || pthread_join(thread, NULL) != 0 || n != 1)
        return 1;
    if (pipe(pipes) != 0 || write(pipes[1], "x", 1) != 1)
        return 2;
    if (fprintf(stderr, "%s", "") < 0 || fflush(stderr) != 0)
        return 3;
    isatty(STDERR_FILENO);
    if (raise(SIGURG) != 0)
        return 4;
    int random = open("/dev/urandom", O_RDONLY);
    return random < 0 || read(random, &n, sizeof n) != sizeof n ? 5 : 0;
}

static void test_work_goes_on(void **state)
{
    assert_int_equal(inside(*state, false, try_working), 0);
    assert_int_equal(inside(*state, true, try_working), 0);
}

/* --- root ------------------------------------------------------------------------------------- */

/* The input is root's alone, so the right to open files is kept; all else goes. */
static int try_root(struct world *w)
{
    if (getuid() == 0 || geteuid() == 0 || getgid() == 0 || setuid(0) == 0 || seteuid(0) == 0)
        return 1;
    return open(w->input, O_RDONLY) < 0 ? 2 : 0;
}

/* An input that its owner can read needs nothing of root. */
static int try_owner(struct world *w)
{
    if (getuid() != 12345 || getgid() != 54321)
        return 1;
    return open(w->input, O_RDONLY) < 0 ? 2 : 0;
}

static void test_root_is_given_up(void **state)
{
    struct world *w = *state;

    if (!there(getuid() == 0 && w->seccomp, "root to give up"))
        return;
    assert_int_equal(inside(w, false, try_root), 0);
    if (!there(chown(w->input, 12345, 54321) == 0 && chmod(w->dir, 0755) == 0, "other owner"))
        return;
    assert_int_equal(inside(w, false, try_owner), 0);
    assert_int_equal(chown(w->input, 0, 0), 0);
}

/* --- where it is missing ---------------------------------------------------------------------- */

#ifdef HAVE_LIBSECCOMP
/* A kernel without Landlock, in a container that lets nobody filter. */
static int lack_everything(struct world *w)
{
    struct strbuf told = {0};
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

    for (int call = 444; call <= 446; call++) /* landlock_*, the same on every machine */
        seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), call, 0);
    seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(seccomp), 0);
    seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1,
                     (struct scmp_arg_cmp){.op = SCMP_CMP_EQ, .datum_a = 22 /* PR_SET_SECCOMP */});
    seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(setuid), 0);
    if (seccomp_load(ctx) != 0)
        return 1;
    enter(w, false, &told);
    if (!strstr(told.text, "Landlock off (") || !strstr(told.text, "seccomp off ("))
        return 2;
    return open(w->input, O_RDONLY) < 0 ? 3 : 0;
}

static void test_what_is_missing_is_told(void **state)
{
    struct world *w = *state;

    if (!there(w->seccomp, "seccomp"))
        return;
    assert_int_equal(apart(w, lack_everything), 0);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_seccomp_refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(test_landlock_refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(test_work_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(test_root_is_given_up, setup, teardown),
#ifdef HAVE_LIBSECCOMP
        cmocka_unit_test_setup_teardown(test_what_is_missing_is_told, setup, teardown),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
