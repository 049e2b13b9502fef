/* SPDX-License-Identifier: BSD-2-Clause */
#define _DEFAULT_SOURCE /* pcap.h uses u_int and u_char */
#include "capture/dump.h"

#include "base/ref.h"
#include "base/xalloc.h"
#include "capture/linktype.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

enum { SNAPSHOT = 262144 }; /* said of every capture; libpcap takes none that is longer */

struct dump {
    FILE *out;
    /* classic pcap */
    pcap_t *dead; /* NULL: pcapng */
    pcap_dumper_t *dumper;
    /* pcapng */
    uint32_t n_interfaces;
    struct interface {
        int link_type;
        uint16_t number; /* that the records give */
    } * interface;
};

/* --- pcapng (draft-ietf-opsawg-pcapng), in this machine's byte order -------------------------- */

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
};

static void put_words(FILE *out, const uint32_t *words, size_t n)
{
    fwrite(words, sizeof *words, n, out);
}

static void put_section(FILE *out)
{
    const uint16_t version[2] = {1, 0};
    uint32_t words[] = {BLOCK_SECTION, 28, BYTE_ORDER_MAGIC, 0, UINT32_MAX, UINT32_MAX, 28};

    memcpy(&words[3], version, sizeof version);
    put_words(out, words, 7);
}

static void put_interface(FILE *out, int link_type)
{
    const uint16_t type[2] = {(uint16_t)link_type, 0};
    const uint16_t resolution[2] = {9, 1}; /* option if_tsresol, one octet: */
    const uint8_t nano[4] = {9};           /* 10^-9 s */
    uint32_t words[] = {BLOCK_INTERFACE, 32, 0, SNAPSHOT, 0, 0, 0 /* end of options */, 32};

    memcpy(&words[2], type, sizeof type);
    memcpy(&words[4], resolution, sizeof resolution);
    memcpy(&words[5], nano, sizeof nano);
    put_words(out, words, 8);
}

/* The interface of a record; a new one when it is its first. */
static uint32_t interface_of(struct dump *d, const struct record *r)
{
    for (uint32_t i = 0; i < d->n_interfaces; i++)
        if (d->interface[i].link_type == r->link_type && d->interface[i].number == r->interface)
            return i;
    d->interface = xreallocarray(d->interface, d->n_interfaces + 1, sizeof *d->interface);
    d->interface[d->n_interfaces] =
        (struct interface){.link_type = r->link_type, .number = r->interface};
    put_interface(d->out, r->link_type);
    return d->n_interfaces++;
}

static void put_packet(struct dump *d, const struct record *r)
{
    uint32_t interface = interface_of(d, r);
    uint32_t padding = -r->caplen & 3, length = 32 + r->caplen + padding;
    const uint32_t words[] = {
        BLOCK_PACKET,   length,    interface, (uint32_t)((uint64_t)r->t >> 32),
        (uint32_t)r->t, r->caplen, r->wirelen};

    put_words(d->out, words, 7);
    fwrite(r->data, 1, r->caplen, d->out);
    fwrite("\0\0\0", 1, padding, d->out);
    put_words(d->out, &length, 1);
}

/* --- both ------------------------------------------------------------------------------------- */

static bool open_classic(struct dump *d, int link_type)
{
    d->dead = pcap_open_dead_with_tstamp_precision(linktype_to_dlt(link_type), SNAPSHOT,
                                                   PCAP_TSTAMP_PRECISION_NANO);
    d->dumper = d->dead ? pcap_dump_fopen(d->dead, d->out) : NULL;
    if (!d->dumper && d->dead)
        pcap_close(d->dead);
    if (!d->dumper)
        d->dead = NULL;
    return d->dumper != NULL;
}

struct dump *dump_open(FILE *out, int link_type)
{
    struct dump *d = xcalloc(1, sizeof *d);

    d->out = out;
    if (link_type == DUMP_MIXED || !open_classic(d, link_type))
        put_section(out);
    return d;
}

void dump_record(struct dump *d, const struct record *r)
{
    if (!d->dead) {
        put_packet(d, r);
        return;
    }
    const struct pcap_pkthdr header = {
        .ts = {.tv_sec = (time_t)(r->t / NS_PER_S), .tv_usec = (suseconds_t)(r->t % NS_PER_S)},
        .caplen = r->caplen,
        .len = r->wirelen};
    pcap_dump((unsigned char *)d->dumper, &header, r->data);
}

bool dump_close(struct dump *d)
{
    bool good = fflush(d->out) == 0 && !ferror(d->out);

    if (d->dead) {
        pcap_dump_close(d->dumper); /* and out */
        pcap_close(d->dead);
    } else {
        good &= fclose(d->out) == 0;
    }
    free(d->interface);
    free(d);
    return good;
}
