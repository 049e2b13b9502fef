/* SPDX-License-Identifier: BSD-2-Clause
 *
 * An environment error (cannot open, cannot write, bad option), filled once at its source with
 * everything a user needs: file name, record number, reason. Bad input is not an error but a decode
 * note; a bug is an assert. */
#ifndef LASTACK_BASE_ERROR_H
#define LASTACK_BASE_ERROR_H

struct error {
    char text[512]; /* one line, no newline, already safe for a terminal */
};

/* Format a message into *err (cut when too long, control characters replaced). err may be NULL. */
void error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
