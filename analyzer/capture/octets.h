/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The octets of one input, read in large blocks and walked in place. A window shows what was read
 * and not yet consumed: [at, end). A reader asks octets_fill() for as many octets as it needs next,
 * looks at them, and moves `at` on; nothing is copied but the few octets that straddle two blocks.
 *
 * Compressed input (gzip, xz, zstd, lz4, bzip2, one inside the other too) is recognised by content
 * and unpacked on the way; memory stays flat whatever it unpacks to. */
#ifndef LASTACK_CAPTURE_OCTETS_H
#define LASTACK_CAPTURE_OCTETS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OCTETS_BLOCK = 256 * 1024, /* read at once; fits the second-level cache */
    OCTETS_NEED = 320 * 1024,  /* the most that octets_fill() can be asked for */
};

struct octets {
    const uint8_t *at, *end; /* the window; valid until the next octets_fill() or octets_skip() */
    uint64_t offset;         /* of `end`, from the start of the (unpacked) input */
    bool failed;             /* the end came by damage; octets_failure() says which */
    char *path;              /* owned; "-" for standard input */
    struct octets_private *private;
};

/* Open path ("-": standard input) and look at its first octets. NULL with *err set when it can't be
 * read. */
struct octets *octets_open(const char *path, struct error *err);
/* Octets in the window, after reading on until there are `need` (<= OCTETS_NEED) or the input ends.
 */
size_t octets_fill(struct octets *o, size_t need);
/* Consume n octets, those that were not read yet included. False when the input ends before. */
bool octets_skip(struct octets *o, uint64_t n);
/* Go to an offset (of octets.offset's kind). False when this input can't: a pipe, or compressed. */
bool octets_seek(struct octets *o, uint64_t offset);
bool octets_can_seek(const struct octets *o);
/* Whether it is a file, compressed or not, that can be opened once more. */
bool octets_is_file(const struct octets *o);
/* Why the input ended too early: "the gzip data is damaged"; NULL when it ended properly. */
const char *octets_failure(const struct octets *o);
/* "gzip", "xz", ...; NULL when the input is not compressed. */
const char *octets_compression(const struct octets *o);
/* Octets read from the file and its size (0: unknown), compressed ones when it is. */
void octets_progress(const struct octets *o, uint64_t *done, uint64_t *total);
/* Make a thread that waits in octets_fill() come back: it finds the end. */
void octets_stop(struct octets *o);
void octets_close(struct octets *o);

/* What to do while a pipe, read by the calling thread, has nothing: somebody has other work. wait
 * returns true when fd can be read, false to end all reading as octets_interrupt() does. NULL: just
 * wait. */
void octets_on_wait(bool (*wait)(void *context, int fd), void *context);
/* End all reading, in every octets of the process, until octets_resume(): what was read so far is
 * all there is. May be called from a signal handler (installed without SA_RESTART). */
void octets_interrupt(void);
bool octets_interrupted(void);
/* Reading may begin again. */
void octets_resume(void);

/* Numbers in an octet string of either byte order. */
static inline uint16_t octets_u16(const uint8_t *p, bool big)
{
    return big ? (uint16_t)(p[0] << 8 | p[1]) : (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t octets_u32(const uint8_t *p, bool big)
{
    return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
               : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t octets_u64(const uint8_t *p, bool big)
{
    uint64_t first = octets_u32(p, big), second = octets_u32(p + 4, big);

    return big ? first << 32 | second : second << 32 | first;
}

#endif
