/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The buffer is a reserve of OCTETS_NEED octets and a block behind it. What is left of a block when
 * the next one is read moves to just before the block, so that reads always go to the same aligned
 * place and the window stays in one piece. */
#include "capture/octets.h"

#include "base/xalloc.h"
#include "capture/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LAYERS = 4 }; /* of compression inside each other */

struct octets_private {
    int fd;
    bool ended;   /* nothing follows the window */
    bool regular; /* a plain file */
    uint64_t size;
    _Atomic uint64_t raw; /* octets read from fd, by whichever thread */
    atomic_bool closing;
    struct unpack *unpack[LAYERS]; /* each reads from the one before */
    size_t n_layers;
    const char *_Atomic failure; /* set by whichever thread reads */
    uint8_t *buffer, *block;
};

static atomic_bool interrupted; /* a signal handler sets it, any thread reads it */

static struct {
    bool (*wait)(void *context, int fd);
    void *context;
} other_work;

void octets_on_wait(bool (*wait)(void *context, int fd), void *context)
{
    other_work.wait = wait;
    other_work.context = context;
}

void octets_interrupt(void)
{
    interrupted = true;
}

void octets_resume(void)
{
    interrupted = false;
}

bool octets_interrupted(void)
{
    return interrupted;
}

/* Wait until a pipe has something; false when nobody wants it any more. Signals reach one thread
 * only, so the others look now and then. */
static bool wait_for(struct octets_private *x)
{
    struct pollfd pipe = {.fd = x->fd, .events = POLLIN};
    int n = 0;

    if (other_work.wait && !x->n_layers) { /* packed input is read by a thread of its own */
        if (!other_work.wait(other_work.context, x->fd))
            interrupted = true;
        return !interrupted;
    }
    while (!interrupted && !x->closing && n == 0) {
        n = poll(&pipe, 1, 200);
        if (n < 0 && errno == EINTR)
            n = 0;
    }
    return !interrupted && !x->closing;
}

/* The next octets of the file; 0 at its end, when reading fails and when it was interrupted. */
static size_t read_file(void *context, uint8_t *to, size_t room)
{
    struct octets_private *x = context;
    ssize_t n;

    if (!x->regular && !wait_for(x))
        return 0;
    do
        n = interrupted ? 0 : read(x->fd, to, room);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        x->failure = strerror(errno);
        return 0;
    }
    x->raw += (uint64_t)n;
    return (size_t)n;
}

/* One read into the buffer behind the window. */
static void read_on(struct octets *o)
{
    struct octets_private *x = o->private;
    size_t left = (size_t)(o->end - o->at);
    uint8_t *to = x->buffer + (o->end - x->buffer);
    size_t n;

    if (to == x->block + OCTETS_BLOCK || left == 0) {
        to = x->block;
        if (left)
            memmove(to - left, o->at, left);
        o->at = to - left;
        o->end = to;
    }
    size_t room = (size_t)(x->block + OCTETS_BLOCK - to);
    n = x->n_layers ? unpack_read(x->unpack[x->n_layers - 1], to, room) : read_file(x, to, room);
    o->end = to + n;
    o->offset += n;
    x->ended = n == 0;
    for (size_t i = 0; n == 0 && i < x->n_layers && !x->failure; i++)
        x->failure = unpack_failure(x->unpack[i]);
    o->failed = x->failure != NULL;
}

size_t octets_fill(struct octets *o, size_t need)
{
    while ((size_t)(o->end - o->at) < need && !o->private->ended)
        read_on(o);
    return (size_t)(o->end - o->at);
}

bool octets_skip(struct octets *o, uint64_t n)
{
    for (;;) {
        uint64_t here = (uint64_t)(o->end - o->at);

        if (n <= here) {
            o->at += n;
            return true;
        }
        n -= here;
        o->at = o->end;
        if (octets_fill(o, 1) == 0)
            return false;
    }
}

bool octets_is_file(const struct octets *o)
{
    return o->private->regular;
}

bool octets_can_seek(const struct octets *o)
{
    return o->private->regular && !o->private->n_layers;
}

bool octets_seek(struct octets *o, uint64_t offset)
{
    struct octets_private *x = o->private;

    if (!octets_can_seek(o) || lseek(x->fd, (off_t)offset, SEEK_SET) < 0)
        return false;
    o->at = o->end = x->block;
    o->offset = offset;
    x->raw = offset;
    x->ended = false;
    return true;
}

const char *octets_failure(const struct octets *o)
{
    return o->private->failure;
}

const char *octets_compression(const struct octets *o)
{
    return o->private->n_layers ? unpack_name(o->private->unpack[0]) : NULL;
}

void octets_progress(const struct octets *o, uint64_t *done, uint64_t *total)
{
    *done = o->private->raw;
    *total = o->private->size;
}

static int open_file(const char *path, struct error *err)
{
    int fd;

    if (strcmp(path, "-") == 0) {
        if (!isatty(STDIN_FILENO))
            return STDIN_FILENO;
        error_set(err, "standard input is a terminal, not a capture");
        return -1;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && errno == EMFILE)
        error_set(err, "%s: too many files would be open at once (ulimit -n %ld)", path,
                  sysconf(_SC_OPEN_MAX));
    else if (fd < 0)
        error_set(err, "%s: %s", path, strerror(errno));
    return fd;
}

/* Unpack as long as what comes out is compressed too. */
static void open_layers(struct octets *o)
{
    struct octets_private *x = o->private;

    for (; x->n_layers < LAYERS; x->n_layers++) {
        size_t n = octets_fill(o, UNPACK_MAGIC), layer = x->n_layers;

        if (!unpack_knows(o->at, n))
            return;
        x->unpack[layer] = layer ? unpack_open(o->at, n, unpack_read, x->unpack[layer - 1])
                                 : unpack_open(o->at, n, read_file, x);
        o->at = o->end = x->block;
        o->offset = 0;
        x->ended = o->failed = false;
        x->failure = NULL;
    }
}

struct octets *octets_open(const char *path, struct error *err)
{
    struct stat st;
    int fd = open_file(path, err);

    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        error_set(err, "%s: is a directory", path);
        if (fd != STDIN_FILENO)
            close(fd);
        return NULL;
    }
    struct octets *o = xcalloc(1, sizeof *o);
    struct octets_private *x = o->private = xcalloc(1, sizeof *x);
    x->fd = fd;
    x->regular = S_ISREG(st.st_mode) && fd != STDIN_FILENO;
    x->size = x->regular ? (uint64_t)st.st_size : 0;
    x->buffer = xmalloc(OCTETS_NEED + OCTETS_BLOCK);
    x->block = x->buffer + OCTETS_NEED;
    o->path = xstrdup(path);
    o->at = o->end = x->block;
    open_layers(o);
    return o;
}

void octets_stop(struct octets *o)
{
    o->private->closing = true;
}

void octets_close(struct octets *o)
{
    if (!o)
        return;
    octets_stop(o);
    while (o->private->n_layers)
        unpack_close(o->private->unpack[--o->private->n_layers]);
    if (o->private->fd != STDIN_FILENO)
        close(o->private->fd);
    free(o->private->buffer);
    free(o->private);
    free(o->path);
    free(o);
}
