/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Threads that work on jobs at the same time and deliver them in the order in which they were put,
 * one after the other. So what comes out is the same for any number of threads, as long as the work
 * on a job depends on nothing but the job. */
#ifndef LASTACK_BASE_CREW_H
#define LASTACK_BASE_CREW_H

struct crew;

/* Done by several threads at once, each for another job. */
typedef void crew_work(void *context, void *job);
/* Done for one job at a time, in order. The job is then a spare one, for crew_spare(). */
typedef void crew_deliver(void *context, void *job);
typedef void crew_free(void *job);

/* n threads, at least one. NULL when the system has none to give. */
struct crew *crew_new(unsigned n, crew_work *work, crew_deliver *deliver, crew_free *free_job,
                      void *context);
/* A job that was delivered, to be used again, the last one first: what it holds is in the caches.
 * NULL: there is none. */
void *crew_spare(struct crew *c);
/* Hand a job over. While too many are under way the caller works on them, too. */
void crew_put(struct crew *c, void *job);
/* Work until every job was delivered, end the threads, free the jobs and the crew. */
void crew_end(struct crew *c);

#endif
