/* SPDX-License-Identifier: BSD-2-Clause
 *
 * To wake a thread costs as much as some jobs, so it is done for several jobs, or room for
 * several. */
#include "base/crew.h"

#include "base/xalloc.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum {
    JOBS_EACH = 8, /* for each thread, under way at once */
    JOBS_WORTH = 4 /* that somebody is woken for; the end wakes all */
};

struct entry {
    void *job;
    bool worked; /* on: it may be delivered */
};

struct crew {
    crew_work *work;
    crew_deliver *deliver;
    crew_free *free_job;
    void *context;
    unsigned n;
    pthread_t *thread;
    pthread_mutex_t mutex; /* of all below */
    pthread_cond_t jobs_for_first, jobs, room;
    struct entry *ring; /* by number */
    uint64_t cap, put, taken, delivered;
    void **spare; /* at most cap */
    size_t n_spare;
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
    if (e == &c->ring[c->delivered % c->cap])
        pthread_cond_signal(&c->jobs_for_first); /* it may be delivered */
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
    if (c->n_spare < c->cap)
        c->spare[c->n_spare++] = e->job;
    else
        c->free_job(e->job);
    c->delivered++;
    if (c->put - c->delivered == c->cap / 2)
        pthread_cond_signal(&c->room);
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
            pthread_cond_wait(&c->jobs_for_first, &c->mutex);
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

static void *run_other(void *argument)
{
    struct crew *c = argument;

    pthread_mutex_lock(&c->mutex);
    while (!c->closing || c->taken < c->put)
        if (!work_on_next(c))
            pthread_cond_wait(&c->jobs, &c->mutex);
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

static void wake(struct crew *c)
{
    pthread_cond_signal(&c->jobs_for_first);
    pthread_cond_broadcast(&c->jobs);
}

struct crew *crew_new(unsigned n, crew_work *work, crew_deliver *deliver, crew_free *free_job,
                      void *context)
{
    struct crew *c = xcalloc(1, sizeof *c);
    sigset_t all, before;

    *c = (struct crew){.work = work,
                       .deliver = deliver,
                       .free_job = free_job,
                       .context = context,
                       .cap = (uint64_t)n * JOBS_EACH};
    c->thread = xcalloc(n, sizeof *c->thread);
    c->ring = xcalloc(c->cap, sizeof *c->ring);
    c->spare = xcalloc(c->cap, sizeof *c->spare);
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->jobs_for_first, NULL);
    pthread_cond_init(&c->jobs, NULL);
    pthread_cond_init(&c->room, NULL);
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

void *crew_spare(struct crew *c)
{
    pthread_mutex_lock(&c->mutex);
    void *job = c->n_spare ? c->spare[--c->n_spare] : NULL;
    pthread_mutex_unlock(&c->mutex);
    return job;
}

/* The ring is full, and all its jobs are being worked on. */
static void wait_for_room(struct crew *c)
{
    while (c->put - c->delivered > c->cap / 2)
        pthread_cond_wait(&c->room, &c->mutex);
}

void crew_put(struct crew *c, void *job)
{
    pthread_mutex_lock(&c->mutex);
    while (c->put - c->delivered == c->cap)
        if (!work_on_next(c))
            wait_for_room(c);
    c->ring[c->put++ % c->cap] = (struct entry){.job = job};
    if (c->put - c->taken >= JOBS_WORTH)
        wake(c);
    pthread_mutex_unlock(&c->mutex);
}

void crew_end(struct crew *c)
{
    pthread_mutex_lock(&c->mutex);
    c->closing = true;
    wake(c);
    while (c->n && work_on_next(c))
        ;
    pthread_mutex_unlock(&c->mutex);
    for (unsigned i = 0; i < c->n; i++)
        pthread_join(c->thread[i], NULL);
    pthread_cond_destroy(&c->room);
    pthread_cond_destroy(&c->jobs);
    pthread_cond_destroy(&c->jobs_for_first);
    pthread_mutex_destroy(&c->mutex);
    for (size_t i = 0; i < c->n_spare; i++)
        c->free_job(c->spare[i]);
    free(c->spare);
    free(c->ring);
    free(c->thread);
    free(c);
}
