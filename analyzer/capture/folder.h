/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LASTACK_CAPTURE_FOLDER_H
#define LASTACK_CAPTURE_FOLDER_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether path is a directory. */
bool folder_is(const char *path);
/* The paths of the files in it, by name: neither those in directories below nor hidden ones. *paths
 * and each of them are the caller's to free. False with *err set when it can't be read. */
bool folder_list(const char *path, char ***paths, size_t *n, struct error *err);

#endif
