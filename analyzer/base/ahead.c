/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A producer that found the ring full sleeps until it is nearly empty: to be woken for each block
 * would cost both sides more than small blocks take to fill. */
#include "base/ahead.h"

#include "base/xalloc.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

enum { LOW = 4 }; /* the producer is woken when 1/LOW of the ring is left */

struct ahead {
    ahead_fill *fill;
    void *context;
    size_t n, size;
    uint8_t *ring;
    pthread_t thread;
    pthread_mutex_t mutex; /* of all below, but not of the blocks' contents */
    pthread_cond_t filled, emptied;
    uint64_t n_filled, n_emptied; /* blocks, ever; the difference is at most n */
    bool holds;                   /* the block after those emptied is looked at */
    bool ended, stop;
    atomic_bool awaited; /* a hint: read without the mutex */
};

static void *block(const struct ahead *a, uint64_t number)
{
    return a->ring + (size_t)(number % a->n) * a->size;
}

/* Wait for a place in the ring; NULL when nobody wants more. */
static void *place(struct ahead *a)
{
    void *b;

    pthread_mutex_lock(&a->mutex);
    if (a->n_filled - a->n_emptied == a->n)
        while (a->n_filled - a->n_emptied > a->n / LOW && !a->stop)
            pthread_cond_wait(&a->emptied, &a->mutex);
    b = a->stop ? NULL : block(a, a->n_filled);
    pthread_mutex_unlock(&a->mutex);
    return b;
}

static void *run(void *context)
{
    struct ahead *a = context;
    bool more = true;
    void *b;

    while (more && (b = place(a))) {
        more = a->fill(a->context, a, b);
        pthread_mutex_lock(&a->mutex);
        a->n_filled += more;
        a->ended = !more;
        pthread_cond_signal(&a->filled);
        pthread_mutex_unlock(&a->mutex);
    }
    return NULL;
}

struct ahead *ahead_start(ahead_fill *fill, void *context, size_t n, size_t size)
{
    struct ahead *a = xcalloc(1, sizeof *a);
    sigset_t all, before;

    *a = (struct ahead){.fill = fill, .context = context, .n = n, .size = size};
    a->ring = xcalloc(n, size);
    pthread_mutex_init(&a->mutex, NULL);
    pthread_cond_init(&a->filled, NULL);
    pthread_cond_init(&a->emptied, NULL);
    sigfillset(&all); /* signals are for the main thread */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int status = pthread_create(&a->thread, NULL, run, a);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (status == 0)
        return a;
    free(a->ring);
    free(a);
    return NULL;
}

void *ahead_next(struct ahead *a)
{
    void *b;

    pthread_mutex_lock(&a->mutex);
    a->n_emptied += a->holds;
    if (a->holds && a->n_filled - a->n_emptied == a->n / LOW)
        pthread_cond_signal(&a->emptied);
    a->awaited = a->n_filled == a->n_emptied;
    while (a->n_filled == a->n_emptied && !a->ended)
        pthread_cond_wait(&a->filled, &a->mutex);
    a->awaited = false;
    a->holds = a->n_filled != a->n_emptied;
    b = a->holds ? block(a, a->n_emptied) : NULL;
    pthread_mutex_unlock(&a->mutex);
    return b;
}

bool ahead_is_awaited(const struct ahead *a)
{
    return a->awaited;
}

void ahead_stop(struct ahead *a)
{
    if (!a)
        return;
    pthread_mutex_lock(&a->mutex);
    a->stop = true;
    pthread_cond_signal(&a->emptied);
    pthread_mutex_unlock(&a->mutex);
    pthread_join(a->thread, NULL);
    pthread_cond_destroy(&a->emptied);
    pthread_cond_destroy(&a->filled);
    pthread_mutex_destroy(&a->mutex);
    free(a->ring);
    free(a);
}
