/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/pcapng_section.h"

#include "base/xalloc.h"
#include "capture/savefile.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t most_lost = 1000000000000000; /* more is a damaged number */

/* From this offset on `base` is the number of the section's first interface. */
struct pcapng_base {
    uint64_t offset;
    uint32_t base;
};

void pcapng_section_comment(struct pcapng_section *s, uint64_t packet,
                            const struct pcapng_option *o)
{
    if (o->code == OPTION_COMMENT)
        about_comment(s->about, packet, o->value, o->len);
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* Whether the block at this offset was read before; then `base` is what it was there. */
static bool read_before(struct pcapng_section *s, uint64_t offset)
{
    if (offset >= s->known)
        return false;
    for (size_t i = s->n_bases; i-- > 0;) {
        if (s->bases[i].offset <= offset) {
            s->base = s->bases[i].base;
            return true;
        }
    }
    s->base = 0;
    return true;
}

/* Give the section numbers of its own, from the block at this offset on. */
static void new_base(struct pcapng_section *s, uint64_t offset)
{
    s->base = (uint32_t)s->about->n_interfaces;
    s->bases = xreallocarray(s->bases, s->n_bases + 1, sizeof *s->bases);
    s->bases[s->n_bases++] = (struct pcapng_base){.offset = offset, .base = s->base};
}

void pcapng_section_begin(struct pcapng_section *s, uint64_t offset, struct pcapng_body header)
{
    struct pcapng_option o;

    s->n_local = 0;
    if (read_before(s, offset))
        return;
    s->known = offset + 1;
    for (header.at += 16; pcapng_option(&header.at, header.end, s->big, &o);)
        pcapng_section_comment(s, 0, &o);
}

/* --- interfaces ------------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same(const struct capture_interface *a, const struct pcapng_interface *of_a,
                 const struct capture_interface *b, const struct pcapng_interface *of_b)
{
    return a->link_type == b->link_type && of_a->keep == of_b->keep &&
           of_a->clock.resolution == of_b->clock.resolution &&
           of_a->clock.offset == of_b->clock.offset && same_text(a->name, b->name) &&
           same_text(a->description, b->description);
}

static void append(struct pcapng_section *s, const struct capture_interface *i,
                   const struct pcapng_interface *more)
{
    if (!s->interface)
        s->interface = xcalloc(ABOUT_INTERFACES, sizeof *s->interface);
    uint32_t at = about_interface(s->about, i->link_type);
    s->about->interfaces[at].name = i->name;
    s->about->interfaces[at].description = i->description;
    s->interface[at] =
        (struct pcapng_interface){.keep = more->keep, .clock = more->clock, .told_t = s->last_t};
}

static char *copy_text(struct about *about, const char *text)
{
    return text ? about_text(about, (const uint8_t *)text, strlen(text)) : NULL;
}

/* The section is not like the one before, although its first interfaces were: copy these. */
static void leave_shared(struct pcapng_section *s, uint64_t offset)
{
    struct about *about = s->about;
    uint32_t from = s->base;

    new_base(s, offset);
    for (uint32_t k = from; k < from + s->n_local; k++) {
        struct capture_interface copy = {
            .link_type = about->interfaces[k].link_type,
            .name = copy_text(about, about->interfaces[k].name),
            .description = copy_text(about, about->interfaces[k].description),
        };

        append(s, &copy, &s->interface[k]);
    }
}

static void describe(struct pcapng_section *s, struct pcapng_body b, struct capture_interface *i,
                     struct pcapng_interface *more)
{
    uint8_t resolution = PCAPNG_MICROSECONDS;
    int64_t offset = 0;
    struct pcapng_option o;

    i->link_type = octets_u16(b.at, s->big);
    more->keep = savefile_snaplen(octets_u32(b.at + 4, s->big));
    for (b.at += 8; pcapng_option(&b.at, b.end, s->big, &o);) {
        pcapng_section_comment(s, 0, &o);
        if (o.code == OPTION_IF_NAME && !i->name)
            i->name = about_text(s->about, o.value, o.len);
        else if (o.code == OPTION_IF_DESCRIPTION && !i->description)
            i->description = about_text(s->about, o.value, o.len);
        else if (o.code == OPTION_IF_TSRESOL && o.len >= 1)
            resolution = o.value[0];
        else if (o.code == OPTION_IF_TSOFFSET && o.len >= 8)
            offset = (int64_t)octets_u64(o.value, s->big);
    }
    more->clock = pcapng_clock(resolution, offset);
}

bool pcapng_section_interface(struct pcapng_section *s, uint64_t offset, struct pcapng_body b)
{
    struct about *about = s->about;
    struct capture_interface i = {0};
    struct pcapng_interface more = {0};

    if (read_before(s, offset)) {
        s->n_local++;
        return true;
    }
    s->known = offset + 1;
    describe(s, b, &i, &more);
    uint32_t at = s->base + s->n_local;
    bool known =
        at < about->n_interfaces && same(&i, &more, &about->interfaces[at], &s->interface[at]);
    size_t room = ABOUT_INTERFACES - about->n_interfaces;
    bool good = known || room > (at < about->n_interfaces ? s->n_local : 0);
    if (known) {
        s->interface[at].lost_before = about->interfaces[at].dropped;
        s->interface[at].lost_by_packets = s->interface[at].lost_by_statistics = 0;
    } else if (good) {
        if (at < about->n_interfaces)
            leave_shared(s, offset);
        append(s, &i, &more);
    }
    if (known || !good) {
        free(i.name);
        free(i.description);
    }
    s->n_local += good;
    return good;
}

/* --- what was lost ---------------------------------------------------------------------------- */

static uint64_t sum(uint64_t a, uint64_t b)
{
    return a > most_lost || b > most_lost ? most_lost : a + b;
}

static void tell_losses(struct pcapng_section *s, uint32_t interface, int64_t since)
{
    struct pcapng_interface *i = &s->interface[interface];
    uint64_t here =
        i->lost_by_packets > i->lost_by_statistics ? i->lost_by_packets : i->lost_by_statistics;

    about_dropped(s->about, interface, sum(i->lost_before, here),
                  (struct capture_loss){.from = since, .to = s->last_t});
    i->told_t = s->last_t;
}

void pcapng_section_statistics(struct pcapng_section *s, struct pcapng_body b)
{
    uint32_t local = octets_u32(b.at, s->big), interface = s->base + local;
    struct pcapng_option o;
    uint64_t lost = 0;
    bool told = false;

    if (local >= s->n_local)
        return;
    for (b.at += 12; pcapng_option(&b.at, b.end, s->big, &o);) {
        pcapng_section_comment(s, 0, &o);
        if ((o.code == OPTION_ISB_IFDROP || o.code == OPTION_ISB_OSDROP) && o.len >= 8) {
            lost = sum(lost, octets_u64(o.value, s->big));
            told = true;
        }
    }
    if (!told)
        return;
    if (lost > s->interface[interface].lost_by_statistics)
        s->interface[interface].lost_by_statistics = lost;
    tell_losses(s, interface, s->interface[interface].told_t);
}

void pcapng_section_lost(struct pcapng_section *s, uint32_t interface, uint64_t lost,
                         int64_t before)
{
    s->interface[interface].lost_by_packets = sum(s->interface[interface].lost_by_packets, lost);
    tell_losses(s, interface, before);
}

void pcapng_section_done(struct pcapng_section *s)
{
    free(s->interface);
    free(s->bases);
}
