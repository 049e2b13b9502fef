/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A capture in memory through the whole program, as the command does it for a file. */
#ifndef LASTACK_TESTS_FUZZ_WHOLE_H
#define LASTACK_TESTS_FUZZ_WHOLE_H

#include "report/writer.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct whole {
    int status;        /* the command's exit status */
    char message[512]; /* what it says about the file; empty: nothing */
    uint64_t records;
};

/* Make the octets the content of a file, the same one each time; its path. */
const char *whole_file(const uint8_t *data, size_t size);
/* Write the report on the capture in the size octets at data to `out`. */
struct whole whole_analyse(const uint8_t *data, size_t size, const struct writer_ops *writer,
                           FILE *out);

#endif
