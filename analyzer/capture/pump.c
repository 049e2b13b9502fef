/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/pump.h"

#include "base/xalloc.h"
#include "capture/octets.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCKS = 8, BLOCK = 128 * 1024 };

static const long patience = 200000000; /* ns between two looks at whether to stop */

struct block {
    size_t n;
    uint8_t octets[BLOCK];
};

struct pump {
    pthread_t thread;
    pthread_mutex_t mutex; /* of all below, but not of the blocks' contents */
    pthread_cond_t filled, emptied;
    unsigned n_filled, n_emptied; /* blocks, ever; the difference is at most BLOCKS */
    bool ended, stop;
    size_t taken; /* of the block that is read */
    pump_producer *produce;
    void *context;
    struct block *ring;
};

/* Wait for a place in the ring; NULL when nobody wants more. */
static struct block *place(struct pump *p)
{
    pthread_mutex_lock(&p->mutex);
    while (p->n_filled - p->n_emptied == BLOCKS && !p->stop)
        pthread_cond_wait(&p->emptied, &p->mutex);
    struct block *b = p->stop ? NULL : &p->ring[p->n_filled % BLOCKS];
    pthread_mutex_unlock(&p->mutex);
    return b;
}

static void *run(void *context)
{
    struct pump *p = context;
    struct block *b;

    while ((b = place(p))) {
        b->n = p->produce(p->context, b->octets, BLOCK);
        pthread_mutex_lock(&p->mutex);
        p->ended = b->n == 0;
        p->n_filled += b->n != 0;
        pthread_cond_signal(&p->filled);
        pthread_mutex_unlock(&p->mutex);
        if (b->n == 0)
            break;
    }
    return NULL;
}

struct pump *pump_start(pump_producer *produce, void *context)
{
    struct pump *p = xcalloc(1, sizeof *p);
    sigset_t all, before;

    p->produce = produce;
    p->context = context;
    p->ring = xreallocarray(NULL, BLOCKS, sizeof *p->ring);
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->filled, NULL);
    pthread_cond_init(&p->emptied, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int status = pthread_create(&p->thread, NULL, run, p);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (status != 0) {
        free(p->ring);
        free(p);
        return NULL;
    }
    return p;
}

/* Wait for a filled block; NULL at the end. A signal does not wake this thread, so it looks. */
static struct block *next_filled(struct pump *p)
{
    struct timespec until;

    pthread_mutex_lock(&p->mutex);
    while (p->n_filled == p->n_emptied && !p->ended && !octets_interrupted()) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += patience;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&p->filled, &p->mutex, &until);
    }
    bool any = p->n_filled != p->n_emptied && !octets_interrupted();
    pthread_mutex_unlock(&p->mutex);
    return any ? &p->ring[p->n_emptied % BLOCKS] : NULL;
}

size_t pump_read(struct pump *p, uint8_t *to, size_t room)
{
    struct block *b = next_filled(p);

    if (!b)
        return 0;
    size_t n = b->n - p->taken < room ? b->n - p->taken : room;
    memcpy(to, b->octets + p->taken, n);
    p->taken += n;
    if (p->taken == b->n) {
        p->taken = 0;
        pthread_mutex_lock(&p->mutex);
        p->n_emptied++;
        pthread_cond_signal(&p->emptied);
        pthread_mutex_unlock(&p->mutex);
    }
    return n;
}

void pump_stop(struct pump *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->mutex);
    p->stop = true;
    pthread_cond_signal(&p->emptied);
    pthread_mutex_unlock(&p->mutex);
    pthread_join(p->thread, NULL);
    pthread_cond_destroy(&p->emptied);
    pthread_cond_destroy(&p->filled);
    pthread_mutex_destroy(&p->mutex);
    free(p->ring);
    free(p);
}
