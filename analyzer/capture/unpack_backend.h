/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How a kind of compression is unpacked: a backend is a struct unpack_backend in a file of its own,
 * and a row for each kind in unpack.c. */
#ifndef LASTACK_CAPTURE_UNPACK_BACKEND_H
#define LASTACK_CAPTURE_UNPACK_BACKEND_H

#include "capture/unpack.h"

enum { PACKED_BLOCK = 128 * 1024 }; /* octets of a block of compressed ones, unless it says more */

/* Compressed octets, a block at a time. */
struct packed {
    uint8_t *octets;
    size_t n_start; /* the first block was read already: so many octets; 0: given out */
    unpack_source *more;
    void *context;
};

struct unpack_backend {
    /* The backend's own state; NULL when it can't be made. */
    void *(*open)(struct packed *);
    /* Unpack up to `room` octets; 0 at the end. *failure: why it is one, when it came too early; it
     * stays valid until close. */
    size_t (*read)(void *state, uint8_t *to, size_t room, const char **failure);
    void (*close)(void *state);
};

extern const struct unpack_backend unpack_gzip, unpack_xz, unpack_zstd, unpack_archive;

/* The next block, at p->octets; 0 at the end. */
size_t packed_next(struct packed *p);

#endif
