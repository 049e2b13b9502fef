/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/source_pcap.h"

#include "base/xalloc.h"
#include "capture/octets.h"
#include "capture/savefile.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_HEADER = 24, RECORD_HEADER = 16 };

struct pcap_file {
    struct source source;
    bool big;       /* byte order */
    uint32_t scale; /* nanoseconds in a unit of the fraction */
    uint32_t keep;  /* octets of a record that are handed out at most */
    int link_type;
};

/* How a file starts: the magic number, then version 2.4. */
static const struct variant {
    uint8_t start[8];
    bool big;
    uint32_t scale;
} variants[] = {
    {{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0}, false, 1000},
    {{0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4}, true, 1000},
    {{0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0}, false, 1},
    {{0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4}, true, 1},
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
    o->at += FILE_HEADER;
    return &f->source;
}

/* Hand out the records that lie in the window whole. *damaged: the next one's length is no length.
 * Inlined for each byte order. */
static inline size_t walk(struct pcap_file *f, struct record *r, size_t max, bool big,
                          bool *damaged)
{
    struct octets *o = f->source.octets;
    const uint8_t *at = o->at;
    uint64_t number = f->source.records;
    size_t n = 0;

    while (n < max && (size_t)(o->end - at) >= RECORD_HEADER) {
        uint32_t caplen = octets_u32(at + 8, big);
        uint32_t wirelen = octets_u32(at + 12, big);

        if (caplen > SAVEFILE_LONGEST) {
            *damaged = true;
            break;
        }
        if ((size_t)(o->end - at) - RECORD_HEADER < caplen)
            break;
        uint32_t kept = caplen < f->keep ? caplen : f->keep;
        r[n++] = (struct record){
            .t = savefile_time(octets_u32(at, big), (int64_t)octets_u32(at + 4, big) * f->scale),
            .number = ++number,
            .data = at + RECORD_HEADER,
            .caplen = kept,
            .wirelen = wirelen > kept ? wirelen : kept,
            .link_type = f->link_type,
            .file = f->source.file,
        };
        at += RECORD_HEADER + caplen;
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
        size_t have = octets_fill(o, RECORD_HEADER), need = RECORD_HEADER;
        if (have >= RECORD_HEADER) {
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
