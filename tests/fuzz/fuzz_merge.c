/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A result file: read, added up and written again in both ways. */
#include "report/merge.h"
#include "report/report.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(const char *text)
{
    (void)text;
}

static void merge_into(FILE *out, const char *format, uint8_t *data, size_t size)
{
    const char *const files[] = {"-", "-"};
    const struct merge_setup setup = {
        .files = files,
        .n_files = 1 + data[size - 1] % 2,
        .writer = writer_by_name(format),
        .write = {.verbose = true, .all_steps = true},
        .complain = ignore,
        .standard_input = fmemopen(data, size, "r"),
        .out = out,
    };

    merge(&setup);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *out = fopen("/dev/null", "w");

    if (!out)
        return 0;
    if (size) {
        merge_into(out, "json", (uint8_t *)(uintptr_t)data, size);
        merge_into(out, "text", (uint8_t *)(uintptr_t)data, size);
    }
    fclose(out);
    return 0;
}
