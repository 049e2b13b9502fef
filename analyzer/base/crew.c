/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/crew.h"

#include "base/xalloc.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { JOBS_EACH = 4 }; /* for each thread, under way at once */

struct crew {
    crew_work *work;
    crew_deliver *deliver;
    void *context;
    unsigned n;
    pthread_t *thread;
    pthread_mutex_t mutex; /* of all below */
    pthread_cond_t filled, delivered_one;
    void **ring; /* jobs by number */
    uint64_t cap, put, taken, delivered;
    bool closing;
};

/* The next job and its number; NULL at the end. */
static void *take(struct crew *c, uint64_t *number)
{
    void *job = NULL;

    pthread_mutex_lock(&c->mutex);
    while (c->taken == c->put && !c->closing)
        pthread_cond_wait(&c->filled, &c->mutex);
    if (c->taken < c->put) {
        *number = c->taken++;
        job = c->ring[*number % c->cap];
    }
    pthread_mutex_unlock(&c->mutex);
    return job;
}

static void *run(void *argument)
{
    struct crew *c = argument;
    uint64_t number;
    void *job;

    while ((job = take(c, &number))) {
        c->work(c->context, job);
        pthread_mutex_lock(&c->mutex);
        while (c->delivered != number)
            pthread_cond_wait(&c->delivered_one, &c->mutex);
        pthread_mutex_unlock(&c->mutex);
        c->deliver(c->context, job); /* nobody else does: it is this number's turn */
        pthread_mutex_lock(&c->mutex);
        c->delivered++;
        pthread_cond_broadcast(&c->delivered_one);
        pthread_mutex_unlock(&c->mutex);
    }
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
    pthread_cond_init(&c->filled, NULL);
    pthread_cond_init(&c->delivered_one, NULL);
    sigfillset(&all); /* signals are for the thread that reads */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (c->n < n && pthread_create(&c->thread[c->n], NULL, run, c) == 0)
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
        pthread_cond_wait(&c->delivered_one, &c->mutex);
    c->ring[c->put++ % c->cap] = job;
    pthread_cond_signal(&c->filled);
    pthread_mutex_unlock(&c->mutex);
}

void crew_end(struct crew *c)
{
    pthread_mutex_lock(&c->mutex);
    c->closing = true;
    pthread_cond_broadcast(&c->filled);
    pthread_mutex_unlock(&c->mutex);
    for (unsigned i = 0; i < c->n; i++)
        pthread_join(c->thread[i], NULL);
    pthread_cond_destroy(&c->filled);
    pthread_cond_destroy(&c->delivered_one);
    pthread_mutex_destroy(&c->mutex);
    free(c->ring);
    free(c->thread);
    free(c);
}
