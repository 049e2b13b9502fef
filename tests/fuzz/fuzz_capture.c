/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A whole capture, through to the reports: JSON, text and ladders. */
#include "whole.h"

#include "report/report.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct writer_ops *const writers[] = {&writer_json, &writer_text, &writer_ladder};
    FILE *out = fopen("/dev/null", "w");

    if (!out)
        abort();
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        whole_analyse(data, size, writers[i], out);
    fclose(out);
    return 0;
}
