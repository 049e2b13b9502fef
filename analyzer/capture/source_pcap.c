/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/source_pcap.h"

#include "base/xalloc.h"
#include "capture/octets.h"
#include "capture/savefile.h"

#include <stdlib.h>
#include <string.h>

enum {
    FILE_HEADER = 24,
    RECORD_HEADER = 16, /* times and lengths; some variants add to it */
    RECORDS_TRIED = 8,  /* at the start, to tell these variants */
    COOKED_HEADER = 14, /* which Kuznetzov's variant puts before what the snap length cut */
    ETHERNET = 1,
};

struct pcap_file {
    struct source source;
    bool big;        /* byte order */
    uint32_t scale;  /* nanoseconds in a unit of the fraction */
    uint32_t header; /* octets before those of a record */
    uint32_t keep;   /* octets of a record that are handed out at most */
    int link_type;
};

/* Octets before those of a record: what the magic number says, then what some programs wrote
 * although it says otherwise. */
static const uint32_t usual[] = {16, 24 /* old Linux distributions */, 20 /* Nokia */, 0},
                      nanoseconds[] = {16, 0},
                      modified[] = {24 /* Alexey Kuznetzov */, 28 /* with processors */, 0};

/* How a file starts: the magic number, then version 2.4. */
static const struct variant {
    uint8_t start[8];
    bool big;
    uint32_t scale;
    const uint32_t *headers;
} variants[] = {
    {{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0}, false, 1000, usual},
    {{0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4}, true, 1000, usual},
    {{0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0}, false, 1, nanoseconds},
    {{0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4}, true, 1, nanoseconds},
    {{0x34, 0xcd, 0xb2, 0xa1, 2, 0, 4, 0}, false, 1000, modified},
    {{0xa1, 0xb2, 0xcd, 0x34, 0, 2, 0, 4}, true, 1000, modified},
};

static const struct variant *find_variant(const uint8_t *start, size_t n)
{
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
        if (n >= sizeof variants->start &&
            memcmp(start, variants[i].start, sizeof variants->start) == 0)
            return &variants[i];
    return NULL;
}

static bool knows(const uint8_t *start, size_t n)
{
    return find_variant(start, n) != NULL;
}

/* --- which variant ---------------------------------------------------------------------------- */

static bool is_plausible(const uint8_t *at, const struct variant *v, uint32_t *last_s)
{
    const uint32_t long_ago = 366 * 24 * 3600; /* seconds between two records */
    uint32_t s = octets_u32(at, v->big), since = s > *last_s ? s - *last_s : *last_s - s;
    uint32_t caplen = octets_u32(at + 8, v->big);

    *last_s = s;
    return since < long_ago && octets_u32(at + 4, v->big) < NS_PER_S / v->scale &&
           caplen <= SAVEFILE_LONGEST && caplen <= octets_u32(at + 12, v->big);
}

/* Records that look like ones at the start of the window, if `header` octets stand before each.
 * *wrong: the one after them does not. */
static unsigned try_header(const struct octets *o, const struct variant *v, uint32_t header,
                           bool *wrong)
{
    const uint8_t *at = o->at;
    uint32_t s = octets_u32(at, v->big);
    unsigned n = 0;

    for (*wrong = false; n < RECORDS_TRIED && (size_t)(o->end - at) >= RECORD_HEADER; n++) {
        if (!is_plausible(at, v, &s)) {
            *wrong = true;
            break;
        }
        uint32_t caplen = octets_u32(at + 8, v->big);
        if ((size_t)(o->end - at) < header + caplen)
            break;
        at += header + caplen;
    }
    return n;
}

/* By what has been read already: who waits for a packet must not wait for more. */
static uint32_t find_header(const struct octets *o, const struct variant *v)
{
    enum { ENOUGH = 3 }; /* then what comes is damage */
    bool wrong;

    if ((size_t)(o->end - o->at) < RECORD_HEADER ||
        try_header(o, v, v->headers[0], &wrong) >= ENOUGH || !wrong)
        return v->headers[0];
    for (const uint32_t *header = v->headers + 1; *header; header++)
        if (try_header(o, v, *header, &wrong) > 1 && !wrong)
            return *header;
    return v->headers[0];
}

/* --- the reader ------------------------------------------------------------------------------- */

static struct source *open_file(struct octets *o, struct error *err)
{
    const struct variant *v = find_variant(o->at, (size_t)(o->end - o->at));

    if (octets_fill(o, FILE_HEADER) < FILE_HEADER) {
        error_set(err, "%s: the file header is cut off", o->path);
        octets_close(o);
        return NULL;
    }
    struct pcap_file *f = xcalloc(1, sizeof *f);
    f->source.ops = &source_pcap;
    f->source.octets = o;
    f->big = v->big;
    f->scale = v->scale;
    f->keep = savefile_snaplen(octets_u32(o->at + 16, v->big));
    f->link_type = (int)(octets_u32(o->at + 20, v->big) & 0x03ffffff); /* above: FCS length */
    if (v->headers == modified && f->link_type == ETHERNET && f->keep < SAVEFILE_LONGEST)
        f->keep += COOKED_HEADER;
    o->at += FILE_HEADER;
    f->header = find_header(o, v);
    return &f->source;
}

/* Hand out the records that lie in the window whole. *damaged: the next one's length is no length.
 * Inlined for each byte order. */
static inline size_t walk(struct pcap_file *f, struct record *r, size_t max, bool big,
                          bool *damaged)
{
    struct octets *o = f->source.octets;
    const uint8_t *at = o->at;
    const uint32_t header = f->header;
    uint64_t number = f->source.records;
    size_t n = 0;

    while (n < max && (size_t)(o->end - at) >= header) {
        uint32_t caplen = octets_u32(at + 8, big);
        uint32_t wirelen = octets_u32(at + 12, big);

        if (caplen > SAVEFILE_LONGEST) {
            *damaged = true;
            break;
        }
        if ((size_t)(o->end - at) - header < caplen)
            break;
        uint32_t kept = caplen < f->keep ? caplen : f->keep;
        r[n++] = (struct record){
            .t = savefile_time(octets_u32(at, big), (int64_t)octets_u32(at + 4, big) * f->scale),
            .number = ++number,
            .data = at + header,
            .caplen = kept,
            .wirelen = wirelen > kept ? wirelen : kept,
            .link_type = f->link_type,
            .file = f->source.file,
        };
        at += header + caplen;
    }
    o->at = at;
    f->source.records = number;
    return n;
}

static enum source_status next(struct source *s, struct record *records, size_t max, size_t *n,
                               struct error *err)
{
    struct pcap_file *f = (struct pcap_file *)s;
    struct octets *o = s->octets;

    for (;;) {
        bool damaged = false;

        *n =
            f->big ? walk(f, records, max, true, &damaged) : walk(f, records, max, false, &damaged);
        if (*n)
            return SOURCE_RECORD;
        if (damaged)
            return source_damaged(s, err, "the next one claims %u octets, more than %d",
                                  octets_u32(o->at + 8, f->big), SAVEFILE_LONGEST);
        size_t have = octets_fill(o, f->header), need = f->header;
        if (have >= need) {
            uint32_t caplen = octets_u32(o->at + 8, f->big);
            need += caplen <= SAVEFILE_LONGEST ? caplen : 0;
            have = octets_fill(o, need);
        }
        if (have < need)
            return have || o->failed ? source_cut(s, err) : SOURCE_END;
    }
}

static void mark(const struct source *s, struct source_mark *mark)
{
    mark->offset = s->octets->offset - (uint64_t)(s->octets->end - s->octets->at);
    mark->state = 0;
}

static bool go_back(struct source *s, const struct source_mark *mark)
{
    return octets_seek(s->octets, mark->offset);
}

const struct source_ops source_pcap = {
    .name = "pcap",
    .knows = knows,
    .open = open_file,
    .next = next,
    .mark = mark,
    .go_back = go_back,
};
