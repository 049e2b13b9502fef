/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Records once more, in any order: the octets of a packet that a person looks at. Files are opened
 * again and read from the nearest place that is remembered (a sparse index, made on the way), so
 * the first look into a large file may take as long as reading it; compressed files and those that
 * only libpcap reads go from their start whenever the way is backwards. Of pipes the last few MiB
 * are there when input_keep() was called before they were read. */
#ifndef LASTACK_CAPTURE_REREAD_H
#define LASTACK_CAPTURE_REREAD_H

#include "capture/input.h"

enum reread_status {
    REREAD_RECORD, /* *record was filled */
    REREAD_GONE,   /* of a pipe, and not kept */
    REREAD_FAILED, /* the file is no longer what it was; *err says how */
};

struct reread;

/* The input is borrowed; it may still be read. */
struct reread *reread_new(const struct input *in);
/* Record `number` of file `file`, as in struct record. Its data are valid until the next call on
 * this reread or its input. err may be NULL. */
enum reread_status reread_record(struct reread *r, uint32_t file, uint64_t number,
                                 struct record *record, struct error *err);
void reread_free(struct reread *r);

#endif
