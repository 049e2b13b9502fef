/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The sections of a pcapng file and their interfaces, which are numbered through the whole file. A
 * section whose interfaces are those of the section before, one by one, shares their numbers: files
 * that were put together are common. */
#ifndef LASTACK_CAPTURE_PCAPNG_SECTION_H
#define LASTACK_CAPTURE_PCAPNG_SECTION_H

#include "capture/about.h"
#include "capture/pcapng_clock.h"
#include "capture/pcapng_options.h"

/* What a block says, without its type and lengths: [at, end). */
struct pcapng_body {
    const uint8_t *at, *end;
};

struct pcapng_interface {
    uint32_t keep; /* octets of a record that are handed out at most */
    struct pcapng_clock clock;
    /* Packets that were lost: in sections before, and in this one by either way to count. */
    uint64_t lost_before, lost_by_packets, lost_by_statistics;
    int64_t told_t; /* when it was last told how many were lost, ns */
};

struct pcapng_section {
    struct about *about;
    bool big;                           /* byte order */
    uint32_t base;                      /* the number of its interface 0 in the file */
    uint32_t n_local;                   /* its interfaces so far */
    struct pcapng_interface *interface; /* by number in the file, as about->interfaces */
    struct pcapng_base *bases;          /* where in the file `base` took which value */
    size_t n_bases;
    uint64_t known; /* up to this offset all is told already: reading went back */
    int64_t last_t; /* of the last record, ns */
};

/* A section begins with the block at this offset of the file. */
void pcapng_section_begin(struct pcapng_section *s, uint64_t offset, struct pcapng_body header);
/* An interface of the section, described by the block at this offset. False when there are too
 * many. */
bool pcapng_section_interface(struct pcapng_section *s, uint64_t offset, struct pcapng_body b);
void pcapng_section_statistics(struct pcapng_section *s, struct pcapng_body b);
/* So many packets of an interface were lost since the record at `before` and before the last one,
 * which says so. */
void pcapng_section_lost(struct pcapng_section *s, uint32_t interface, uint64_t lost,
                         int64_t before);
/* Keep the option when it is a comment. */
void pcapng_section_comment(struct pcapng_section *s, uint64_t packet,
                            const struct pcapng_option *o);
void pcapng_section_done(struct pcapng_section *s);

#endif
