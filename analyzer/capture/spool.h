/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The records of an input that can be read only once (pipes, standard input), kept for a second
 * reading in a temporary file without a name. It takes as much room on the disk as the records, and
 * none in memory. */
#ifndef LASTACK_CAPTURE_SPOOL_H
#define LASTACK_CAPTURE_SPOOL_H

#include "base/error.h"
#include "capture/source.h"

#include <stdbool.h>
#include <stddef.h>

struct spool;

/* Where a record of the second reading stands until the next one; {0} at first, freed with
 * free(octets). */
struct spool_room {
    uint8_t *octets;
    size_t cap;
};

/* Whether path needs a spool to be read twice. */
bool spool_is_needed(const char *path);
/* In the folder that TMPDIR names, or /tmp. NULL with *err set when it can't be made. */
struct spool *spool_new(struct error *err);
/* Keep the next record. What can't be kept shows in spool_rewind(). */
void spool_put(struct spool *s, const struct record *r);
/* All was put: from now on it is read, from the start. False with *err set when something could not
 * be kept. */
bool spool_rewind(struct spool *s, struct error *err);
/* The next record, in the order in which they were put; false at the end. */
bool spool_get(struct spool *s, struct record *r, struct spool_room *room);
void spool_free(struct spool *s); /* NULL is fine */

#endif
