/* SPDX-License-Identifier: BSD-2-Clause
 *
 * lastack's own reading of records, and nothing done with them: what of lastack's time is reading,
 * beside the yardstick of bareloop. */
#include "capture/input.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct error err;
    struct input *in = input_open((const char *const *)argv + 1, (size_t)argc - 1, NULL, &err);
    const struct record *r;
    unsigned long records = 0, sum = 0;
    size_t n;

    if (argc < 2 || !in) {
        fprintf(stderr, "usage: walk FILE...\n");
        return 2;
    }
    while ((r = input_next_batch(in, &n))) {
        for (size_t i = 0; i < n; i++)
            sum += r[i].caplen + (r[i].caplen ? r[i].data[0] : 0);
        records += n;
    }
    for (size_t i = 0; i < input_n_files(in); i++)
        if (input_file(in, i)->status != INPUT_OK)
            fprintf(stderr, "%s\n", input_file(in, i)->message);
    printf("%lu records, %lu\n", records, sum);
    input_close(in);
    return 0;
}
