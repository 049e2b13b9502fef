/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/crew.h"

#include "base/xalloc.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { JOBS_EACH = 8 }; /* for each thread, under way at once */

struct entry {
    void *job;
    bool worked; /* on: it may be delivered */
};

struct crew {
    crew_work *work;
    crew_deliver *deliver;
    void *context;
    unsigned n;
    pthread_t *thread;
    pthread_mutex_t mutex; /* of all below */
    pthread_cond_t changed;
    struct entry *ring; /* by number */
    uint64_t cap, put, taken, delivered;
    bool closing;
};

/* Work on the next job, if there is one. The mutex is held, but not meanwhile. */
static bool work_on_next(struct crew *c)
{
    if (c->taken == c->put)
        return false;
    struct entry *e = &c->ring[c->taken++ % c->cap];
    pthread_mutex_unlock(&c->mutex);
    c->work(c->context, e->job);
    pthread_mutex_lock(&c->mutex);
    e->worked = true;
    pthread_cond_broadcast(&c->changed);
    return true;
}

/* The same for delivering. */
static bool deliver_next(struct crew *c)
{
    struct entry *e = &c->ring[c->delivered % c->cap];

    if (c->delivered == c->taken || !e->worked)
        return false;
    pthread_mutex_unlock(&c->mutex);
    c->deliver(c->context, e->job);
    pthread_mutex_lock(&c->mutex);
    c->delivered++;
    pthread_cond_broadcast(&c->changed);
    return true;
}

/* The first thread delivers, and works when there is nothing to deliver: what is added up stays in
 * the caches of one processor. */
static void *run_first(void *argument)
{
    struct crew *c = argument;

    pthread_mutex_lock(&c->mutex);
    while (!c->closing || c->delivered < c->put)
        if (!deliver_next(c) && !work_on_next(c))
            pthread_cond_wait(&c->changed, &c->mutex);
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

static void *run_other(void *argument)
{
    struct crew *c = argument;

    pthread_mutex_lock(&c->mutex);
    while (!c->closing || c->taken < c->put)
        if (!work_on_next(c))
            pthread_cond_wait(&c->changed, &c->mutex);
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

struct crew *crew_new(unsigned n, crew_work *work, crew_deliver *deliver, void *context)
{
    struct crew *c = xcalloc(1, sizeof *c);
    sigset_t all, before;

    *c = (struct crew){
        .work = work, .deliver = deliver, .context = context, .cap = (uint64_t)n * JOBS_EACH};
    c->thread = xcalloc(n, sizeof *c->thread);
    c->ring = xcalloc(c->cap, sizeof *c->ring);
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->changed, NULL);
    sigfillset(&all); /* signals are for the thread that reads */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (c->n < n && pthread_create(&c->thread[c->n], NULL, c->n ? run_other : run_first, c) == 0)
        c->n++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!c->n) {
        crew_end(c);
        return NULL;
    }
    return c;
}

void crew_put(struct crew *c, void *job)
{
    pthread_mutex_lock(&c->mutex);
    while (c->put - c->delivered == c->cap)
        if (!work_on_next(c))
            pthread_cond_wait(&c->changed, &c->mutex);
    c->ring[c->put++ % c->cap] = (struct entry){.job = job};
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->mutex);
}

void crew_end(struct crew *c)
{
    pthread_mutex_lock(&c->mutex);
    c->closing = true;
    pthread_cond_broadcast(&c->changed);
    while (c->n && work_on_next(c))
        ;
    pthread_mutex_unlock(&c->mutex);
    for (unsigned i = 0; i < c->n; i++)
        pthread_join(c->thread[i], NULL);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->mutex);
    free(c->ring);
    free(c->thread);
    free(c);
}
