/* SPDX-License-Identifier: BSD-2-Clause
 *
 * zstd by its own library: of a file that was cut off libarchive loses what it had unpacked last.
 */
#include "base/xalloc.h"
#include "capture/unpack_backend.h"

#include <stdlib.h>
#include <zstd.h>

struct state {
    ZSTD_DStream *z;
    ZSTD_inBuffer in;
    struct packed *packed;
    bool frame; /* inside one */
    bool more;  /* the last room was too small for all that is unpacked */
    bool ended;
    const char *failure;
};

static void *open_zstd(struct packed *packed)
{
    struct state *s = xcalloc(1, sizeof *s);

    s->packed = packed;
    s->z = ZSTD_createDStream();
    if (s->z)
        return s;
    free(s);
    return NULL;
}

/* False at the end. */
static bool have_input(struct state *s)
{
    if (s->more || s->in.pos < s->in.size)
        return true;
    s->in = (ZSTD_inBuffer){.src = s->packed->octets, .size = packed_next(s->packed)};
    return s->in.size > 0;
}

static void end(struct state *s, const char *failure)
{
    s->ended = true;
    s->failure = failure;
}

static size_t read_zstd(void *context, uint8_t *to, size_t room, const char **failure)
{
    struct state *s = context;
    ZSTD_outBuffer out = {.dst = to, .size = room};

    while (out.pos == 0 && !s->ended) {
        if (!have_input(s)) {
            end(s, s->frame ? "the zstd data is cut off" : NULL);
            break;
        }
        size_t wanted = ZSTD_decompressStream(s->z, &out, &s->in);
        if (ZSTD_isError(wanted))
            end(s, "the zstd data is damaged");
        s->frame = wanted != 0;
        s->more = s->frame && out.pos == out.size;
    }
    *failure = s->failure;
    return out.pos;
}

static void close_zstd(void *context)
{
    struct state *s = context;

    ZSTD_freeDStream(s->z);
    free(s);
}

const struct unpack_backend unpack_zstd = {
    .open = open_zstd,
    .read = read_zstd,
    .close = close_zstd,
};
