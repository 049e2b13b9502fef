/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Results read back: objects of schema lastack/1 become the model again, so that everything that
 * can be said of a connection can be said of one that was analysed elsewhere. What these make lives
 * in the arena. */
#ifndef LASTACK_REPORT_JSON_READ_H
#define LASTACK_REPORT_JSON_READ_H

#include "base/arena.h"
#include "base/error.h"
#include "decode/note.h"
#include "report/model.h"

#include <cjson/cJSON.h>

enum { JSON_ROLES = 256 };

/* The roles of evidence: they outlive the connections that bring them, as constants do. */
struct json_roles {
    size_t n;
    const char *role[JSON_ROLES];
    struct arena arena;
};

/* How numbers of a result become those of the whole. */
struct json_place {
    uint32_t first_file; /* files of this result are counted from here */
    uint32_t n_files;    /* ... and it has so many */
    /* The stream that a stream of this result is in the whole. */
    uint64_t (*stream)(const void *context, uint64_t stream);
    const void *context;
    struct json_roles *roles;
};

/* A connection. NULL with *err set when it is none. */
const struct model_connection *json_read_connection(const cJSON *o, const struct json_place *place,
                                                    struct arena *arena, struct error *err);

/* Of a capture object: its counts are added to those of *s, its notes to *notes. */
void json_read_capture(const cJSON *o, const struct json_place *place, struct model_summary *s,
                       struct notes *notes);
/* The nth of its files, and the capture point it shows. */
struct input_file json_read_file(const cJSON *o, size_t n, uint32_t *tap, struct arena *arena);
/* Its gaps between files are added to *in. */
void json_read_gaps(const cJSON *o, const struct json_place *place, struct input *in);
/* Its clock steps: at most `room` of them into *step; returns how many there are in the array. */
size_t json_read_clock_steps(const cJSON *o, const struct json_place *place,
                             struct input_clock_step *step, size_t room);
/* Of an options object: what the judgements assumed. False with *err set when it makes no sense. */
bool json_read_settings(const cJSON *o, struct settings *settings, struct arena *arena,
                        const char **time_wait, struct error *err);

#endif
