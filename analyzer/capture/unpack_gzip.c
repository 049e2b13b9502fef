/* SPDX-License-Identifier: BSD-2-Clause
 *
 * gzip by zlib itself: files that were cut off are common (tcpdump | gzip, killed), and libarchive
 * would lose what it had unpacked last; zlib also checks the sums. */
#include "base/xalloc.h"
#include "capture/unpack_backend.h"

#include <stdlib.h>
#include <zlib.h>

enum { GZIP = 16, WINDOW = 15 }; /* for inflateInit2() */

struct state {
    z_stream z;
    struct packed *packed;
    bool member; /* inside one */
};

static void *open_gzip(struct packed *packed)
{
    struct state *s = xcalloc(1, sizeof *s);

    s->packed = packed;
    s->member = true;
    if (inflateInit2(&s->z, GZIP + WINDOW) == Z_OK)
        return s;
    free(s);
    return NULL;
}

static bool have_input(struct state *s)
{
    if (s->z.avail_in == 0) {
        s->z.avail_in = (uInt)packed_next(s->packed);
        s->z.next_in = s->packed->octets;
    }
    return s->z.avail_in > 0;
}

/* After a member: the next one, or what fills the file up. */
static bool next_member(struct state *s)
{
    while (have_input(s) && *s->z.next_in == 0) {
        s->z.next_in++;
        s->z.avail_in--;
    }
    s->member = s->z.avail_in > 0 && inflateReset(&s->z) == Z_OK;
    return s->member;
}

static size_t read_gzip(void *context, uint8_t *to, size_t room, const char **failure)
{
    struct state *s = context;
    int status = Z_OK;

    s->z.next_out = to;
    s->z.avail_out = (uInt)room;
    while (s->z.avail_out == room && (s->member || next_member(s))) {
        if (!have_input(s)) {
            *failure = "the gzip data is cut off";
            break;
        }
        status = inflate(&s->z, Z_NO_FLUSH);
        s->member = status != Z_STREAM_END;
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
            *failure = s->z.msg ? s->z.msg : "the gzip data is damaged";
            break;
        }
    }
    return room - s->z.avail_out;
}

static void close_gzip(void *context)
{
    struct state *s = context;

    inflateEnd(&s->z);
    free(s);
}

const struct unpack_backend unpack_gzip = {
    .open = open_gzip,
    .read = read_gzip,
    .close = close_gzip,
};
