/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The readers alone, pcapng's above all: every octet that they hand out is looked at. */
#include "whole.h"

#include "capture/source.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS = 64 }; /* asked for at a time */

static volatile uint8_t seen;

static void look_at(const void *octets, size_t n)
{
    for (size_t i = 0; i < n; i++)
        seen ^= ((const uint8_t *)octets)[i];
}

static void look_at_text(const char *text)
{
    if (text)
        look_at(text, strlen(text));
}

static void look_about(const struct about *about)
{
    for (size_t i = 0; i < about->n_interfaces; i++) {
        look_at_text(about->interfaces[i].name);
        look_at_text(about->interfaces[i].description);
    }
    for (size_t i = 0; i < about->n_comments; i++)
        look_at_text(about->comments[i].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record records[RECORDS];
    struct error err = {""};
    struct source *s = source_open(whole_file(data, size), 0, &err);
    size_t n = 0;

    if (!s)
        return 0;
    while (source_next(s, records, RECORDS, &n, &err) == SOURCE_RECORD)
        for (size_t i = 0; i < n; i++)
            look_at(records[i].data, records[i].caplen);
    look_about(&s->about);
    look_at_text(err.text);
    source_close(s);
    return 0;
}
