/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/source_pcapng.h"

#include "base/xalloc.h"
#include "capture/octets.h"
#include "capture/pcapng_section.h"
#include "capture/savefile.h"

#include <stdlib.h>
#include <string.h>

enum block_type {
    BLOCK_INTERFACE = 1,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_STATISTICS = 5,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a,
};

enum {
    BLOCK_HEAD = 8,     /* type and length of the whole block */
    BLOCK_LEAST = 12,   /* the length stands at the end once more */
    LOOK = OCTETS_NEED, /* octets of a block that are looked at; the rest is skipped */
};

struct pcapng_file {
    struct source source;
    struct pcapng_section section;
    uint32_t skip; /* octets to pass over before the next block */
};

/* --- packets ---------------------------------------------------------------------------------- */

/* The fields in which the three kinds of packet differ. */
struct packet_fields {
    uint32_t local, caplen, wirelen;
    int64_t t;
    const uint8_t *data;
};

static const char no_interface[] = "the next one is of an interface that was not described";
static const char too_long[] = "the next one is longer than its block, or than any packet";

/* NULL, or what is wrong. */
static const char *check_packet(const struct pcapng_file *f, const struct packet_fields *p,
                                struct pcapng_body b)
{
    if (p->local >= f->section.n_local)
        return no_interface;
    return p->caplen > SAVEFILE_LONGEST || p->caplen > (size_t)(b.end - p->data) ? too_long : NULL;
}

static void packet_options(struct pcapng_file *f, struct pcapng_body b, const struct record *r,
                           int64_t before)
{
    struct pcapng_option o;

    while (pcapng_option(&b.at, b.end, f->section.big, &o)) {
        pcapng_section_comment(&f->section, r->number, &o);
        if (o.code == OPTION_EPB_DROPCOUNT && o.len >= 8)
            pcapng_section_lost(&f->section, r->interface, octets_u64(o.value, f->section.big),
                                before);
    }
}

static void put_record(struct pcapng_file *f, const struct packet_fields *p, struct record *r)
{
    struct about *about = &f->source.about;
    uint32_t interface = f->section.base + p->local;
    uint32_t keep = f->section.interface[interface].keep;
    uint32_t kept = p->caplen < keep ? p->caplen : keep;

    *r = (struct record){
        .t = p->t,
        .number = ++f->source.records,
        .data = p->data,
        .caplen = kept,
        .wirelen = p->wirelen > kept ? p->wirelen : kept,
        .link_type = about->interfaces[interface].link_type,
        .file = f->source.file,
        .interface = (uint16_t)interface,
    };
    f->section.last_t = p->t;
    about->interfaces[interface].records++;
}

/* An enhanced packet, or an old one, whose interface number shares four octets with a counter. */
static const char *take_timed(struct pcapng_file *f, struct pcapng_body b, bool old,
                              struct record *r)
{
    const bool big = f->section.big;
    const int64_t before = f->section.last_t;
    struct packet_fields p = {
        .local = old ? octets_u16(b.at, big) : octets_u32(b.at, big),
        .caplen = octets_u32(b.at + 12, big),
        .wirelen = octets_u32(b.at + 16, big),
        .data = b.at + 20,
    };
    const char *wrong = check_packet(f, &p, b);

    if (wrong)
        return wrong;
    p.t = pcapng_clock_time(&f->section.interface[f->section.base + p.local].clock,
                            (uint64_t)octets_u32(b.at + 4, big) << 32 | octets_u32(b.at + 8, big));
    put_record(f, &p, r);
    size_t padded = (p.caplen + 3u) & ~3u;
    if (old && octets_u16(b.at + 2, big) != UINT16_MAX) /* unknown */
        pcapng_section_lost(&f->section, r->interface, octets_u16(b.at + 2, big), before);
    if ((size_t)(b.end - p.data) > padded)
        packet_options(f, (struct pcapng_body){p.data + padded, b.end}, r, before);
    return NULL;
}

static const char *take_simple(struct pcapng_file *f, struct pcapng_body b, struct record *r)
{
    uint32_t wirelen = octets_u32(b.at, f->section.big);
    struct packet_fields p = {.t = f->section.last_t, .data = b.at + 4, .wirelen = wirelen};

    if (!f->section.n_local)
        return no_interface;
    p.caplen = wirelen < f->section.interface[f->section.base].keep
                   ? wirelen
                   : f->section.interface[f->section.base].keep;
    const char *wrong = check_packet(f, &p, b);
    if (wrong)
        return wrong;
    put_record(f, &p, r);
    f->source.about.untimed++;
    return NULL;
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* Octets a block has at least, its head and trailer included. */
static uint32_t least_of(uint32_t type)
{
    switch (type) {
    case BLOCK_SECTION:
        return 28;
    case BLOCK_INTERFACE:
        return 20;
    case BLOCK_ENHANCED_PACKET:
    case BLOCK_OLD_PACKET:
        return 32;
    case BLOCK_SIMPLE_PACKET:
        return 16;
    case BLOCK_STATISTICS:
        return 24;
    default:
        return BLOCK_LEAST;
    }
}

/* The length of the block in the window, of which BLOCK_HEAD octets are there, or of a section
 * header BLOCK_LEAST, whose byte order holds from here on; 0 when it is none, with *wrong set. */
static uint32_t block_length(struct pcapng_file *f, uint32_t type, const char **wrong)
{
    static const uint8_t little_endian[] = {0x4d, 0x3c, 0x2b, 0x1a},
                         big_endian[] = {0x1a, 0x2b, 0x3c, 0x4d};
    const uint8_t *at = f->source.octets->at;

    if (type == BLOCK_SECTION) {
        f->section.big = memcmp(at + 8, big_endian, 4) == 0;
        if (!f->section.big && memcmp(at + 8, little_endian, 4) != 0) {
            *wrong = "the next section has no byte order";
            return 0;
        }
    }
    uint32_t length = octets_u32(at + 4, f->section.big);
    if (length < least_of(type) || length % 4 != 0) {
        *wrong = "the length of the next block is impossible";
        return 0;
    }
    return length;
}

/* Take what is in the block at the start of the window. *record: it was a packet. Returns what is
 * wrong, or NULL. */
static const char *take_block(struct pcapng_file *f, uint32_t type, struct pcapng_body b,
                              struct record *r, bool *record)
{
    struct octets *o = f->source.octets;
    uint64_t offset = o->offset - (uint64_t)(o->end - o->at);
    const char *wrong = NULL;

    switch (type) {
    case BLOCK_SECTION:
        if (octets_u16(b.at + 4, f->section.big) != 1)
            return "the next section is of an unknown version";
        pcapng_section_begin(&f->section, offset, b);
        break;
    case BLOCK_INTERFACE:
        if (!pcapng_section_interface(&f->section, offset, b))
            return "more than 4096 interfaces";
        break;
    case BLOCK_ENHANCED_PACKET:
    case BLOCK_OLD_PACKET:
        wrong = take_timed(f, b, type == BLOCK_OLD_PACKET, r);
        *record = !wrong;
        break;
    case BLOCK_SIMPLE_PACKET:
        wrong = take_simple(f, b, r);
        *record = !wrong;
        break;
    case BLOCK_STATISTICS:
        pcapng_section_statistics(&f->section, b);
        break;
    default: /* names, secrets, custom and unknown blocks */
        break;
    }
    return wrong;
}

enum step {
    STEP_RECORD,
    STEP_OTHER,
    STEP_FULL, /* the window must move on, which the records before forbid */
    STEP_END,
    STEP_CUT,
    STEP_DAMAGED,
};

/* Have `need` octets of the block in the window. */
static enum step look(struct octets *o, size_t need, bool may_move)
{
    if ((size_t)(o->end - o->at) >= need)
        return STEP_OTHER;
    if (!may_move)
        return STEP_FULL;
    size_t have = octets_fill(o, need);
    if (have >= need)
        return STEP_OTHER;
    return have || o->failed ? STEP_CUT : STEP_END;
}

/* One block. may_move: no record lies in the window yet. */
static enum step next_block(struct pcapng_file *f, struct record *r, bool may_move,
                            const char **wrong)
{
    struct octets *o = f->source.octets;
    enum step step;

    if (f->skip) {
        if (!may_move)
            return STEP_FULL;
        if (!octets_skip(o, f->skip))
            return STEP_CUT;
        f->skip = 0;
    }
    step = look(o, BLOCK_HEAD, may_move);
    if (step != STEP_OTHER)
        return step;
    uint32_t type = octets_u32(o->at, f->section.big);
    if (type == BLOCK_SECTION && (step = look(o, BLOCK_LEAST, may_move)) != STEP_OTHER)
        return step;
    uint32_t length = block_length(f, type, wrong);
    if (!length)
        return STEP_DAMAGED;
    uint32_t seen = length < LOOK ? length : LOOK;
    if ((step = look(o, seen, may_move)) != STEP_OTHER)
        return step;
    if (seen == length && octets_u32(o->at + length - 4, f->section.big) != length) {
        *wrong = "the next block has two different lengths";
        return STEP_DAMAGED;
    }
    struct pcapng_body b = {o->at + BLOCK_HEAD, o->at + (seen == length ? length - 4 : seen)};
    bool record = false;
    *wrong = take_block(f, type, b, r, &record);
    if (*wrong)
        return STEP_DAMAGED;
    o->at += seen;
    f->skip = length - seen;
    if (record)
        r->losses = (uint16_t)f->source.about.n_losses;
    return record ? STEP_RECORD : STEP_OTHER;
}

static enum source_status next(struct source *s, struct record *records, size_t max, size_t *n,
                               struct error *err)
{
    struct pcapng_file *f = (struct pcapng_file *)s;
    const char *wrong = NULL;
    enum step step = STEP_OTHER;

    while (*n < max && (step == STEP_RECORD || step == STEP_OTHER)) {
        step = next_block(f, &records[*n], *n == 0, &wrong);
        *n += step == STEP_RECORD;
    }
    if (*n)
        return SOURCE_RECORD; /* what ended them is met again */
    switch (step) {
    case STEP_CUT:
        return source_cut(s, err);
    case STEP_DAMAGED:
        return source_damaged(s, err, "%s", wrong);
    default:
        return SOURCE_END;
    }
}

/* --- the reader ------------------------------------------------------------------------------- */

static bool knows(const uint8_t *start, size_t n)
{
    return n >= 4 && octets_u32(start, false) == BLOCK_SECTION;
}

static struct source *open_file(struct octets *o, struct error *err)
{
    struct pcapng_file *f = xcalloc(1, sizeof *f);

    (void)err;
    f->source.ops = &source_pcapng;
    f->source.octets = o;
    f->section.about = &f->source.about;
    return &f->source;
}

/* A mark's state: the section's byte order and interfaces. */
static void mark(const struct source *s, struct source_mark *mark)
{
    const struct pcapng_file *f = (const struct pcapng_file *)s;

    mark->offset = s->octets->offset - (uint64_t)(s->octets->end - s->octets->at) + f->skip;
    mark->state =
        (uint64_t)f->section.big << 32 | (uint64_t)f->section.base << 16 | f->section.n_local;
}

static bool go_back(struct source *s, const struct source_mark *mark)
{
    struct pcapng_file *f = (struct pcapng_file *)s;

    f->section.big = mark->state >> 32 & 1;
    f->section.base = mark->state >> 16 & 0xffff;
    f->section.n_local = mark->state & 0xffff;
    f->skip = 0;
    return octets_seek(s->octets, mark->offset);
}

static void close_file(struct source *s)
{
    pcapng_section_done(&((struct pcapng_file *)s)->section);
}

const struct source_ops source_pcapng = {
    .name = "pcapng",
    .knows = knows,
    .open = open_file,
    .next = next,
    .mark = mark,
    .go_back = go_back,
    .close = close_file,
};
