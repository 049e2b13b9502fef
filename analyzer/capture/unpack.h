/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Compressed octets (gzip, xz, zstd, lz4, bzip2) to plain ones, several members after each other
 * included. From its second block on a stream is unpacked in a thread of its own. */
#ifndef LASTACK_CAPTURE_UNPACK_H
#define LASTACK_CAPTURE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNPACK_MAGIC = 6 }; /* octets that tell a compressed stream */

struct unpack;

/* Where compressed octets come from: so many are put at `to`; 0 at the end. */
typedef size_t unpack_source(void *context, uint8_t *to, size_t room);

/* Whether these octets start a compressed stream. */
bool unpack_knows(const uint8_t *start, size_t n);
/* The stream starts with these n octets (copied) and goes on with what more() gives, which is then
 * called from the other thread only. Never fails: see unpack_failure(). */
struct unpack *unpack_open(const uint8_t *start, size_t n, unpack_source *more, void *context);
/* The next octets; 0 at the end. An unpack_source, so that one can stand on another; `u` is a
 * struct unpack. */
size_t unpack_read(void *u, uint8_t *to, size_t room);
/* After the end: why it came too early, or NULL. */
const char *unpack_failure(const struct unpack *u);
/* "gzip", ... */
const char *unpack_name(const struct unpack *u);
/* more() must return soon once this is called. */
void unpack_close(struct unpack *u);

#endif
