/* SPDX-License-Identifier: BSD-2-Clause
 *
 * xz by liblzma itself: of a file that was cut off libarchive loses what it had unpacked last. */
#include "base/xalloc.h"
#include "capture/unpack_backend.h"

#include <lzma.h>
#include <stdlib.h>

static const uint64_t most_memory = 1 << 30; /* octets; `xz -9` asks for 65 MiB */

struct state {
    lzma_stream z;
    struct packed *packed;
    bool all_in, ended;
    const char *failure;
};

static void *open_xz(struct packed *packed)
{
    struct state *s = xcalloc(1, sizeof *s);

    s->packed = packed;
    s->z = (lzma_stream)LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&s->z, most_memory, LZMA_CONCATENATED) == LZMA_OK)
        return s;
    free(s);
    return NULL;
}

static void refill(struct state *s)
{
    if (s->z.avail_in || s->all_in)
        return;
    s->z.avail_in = packed_next(s->packed);
    s->z.next_in = s->packed->octets;
    s->all_in = s->z.avail_in == 0;
}

static const char *why_failed(lzma_ret status)
{
    switch (status) {
    case LZMA_OK:
    case LZMA_STREAM_END:
        return NULL;
    case LZMA_BUF_ERROR:
        return "the xz data is cut off";
    case LZMA_MEM_ERROR:
    case LZMA_MEMLIMIT_ERROR:
        return "the xz data takes too much memory";
    default:
        return "the xz data is damaged";
    }
}

static size_t read_xz(void *context, uint8_t *to, size_t room, const char **failure)
{
    struct state *s = context;

    s->z.next_out = to;
    s->z.avail_out = room;
    while (s->z.avail_out == room && !s->ended) {
        refill(s);
        lzma_ret status = lzma_code(&s->z, s->all_in ? LZMA_FINISH : LZMA_RUN);
        s->ended = status != LZMA_OK;
        s->failure = why_failed(status);
    }
    *failure = s->failure;
    return room - s->z.avail_out;
}

static void close_xz(void *context)
{
    struct state *s = context;

    lzma_end(&s->z);
    free(s);
}

const struct unpack_backend unpack_xz = {
    .open = open_xz,
    .read = read_xz,
    .close = close_xz,
};
