/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Runs every detector over one connection. */
#ifndef LASTACK_DETECT_DETECT_H
#define LASTACK_DETECT_DETECT_H

#include "detect/scene.h"

/* One family of rules. */
struct detector {
    const char *name;
    void (*run)(struct scene *s);
};

/* Judge the connection of l: the scene with its findings, worst first, and its open questions.
 * Lives in the arena. silent: the findings have no texts, for who only counts them. */
struct scene *detect(const struct life *l, const struct verdict *v, const struct input *input,
                     bool silent, struct arena *arena);

/* The families, each in the file of its name. */
extern const struct detector detect_opening, detect_reuse, detect_old_duplicate, detect_reset_cause,
    detect_reset_close, detect_reset_loop, detect_final_ack, detect_shapes, detect_waiting,
    detect_quality;

#endif
