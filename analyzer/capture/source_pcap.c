/* SPDX-License-Identifier: BSD-2-Clause */
#define _DEFAULT_SOURCE /* pcap.h uses u_int and u_char */
#include "capture/source_pcap.h"

#include "base/ref.h"
#include "base/xalloc.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct source_file {
    struct source source;
    pcap_t *pcap;
    char *path;
    uint64_t records;
    uint64_t size; /* octets; 0: unknown */
    int link_type;
};

/* libpcap turns LINKTYPE_RAW into a number of the system's own. */
static int link_type_of(int dlt)
{
    return dlt == DLT_RAW ? 101 : dlt;
}

static struct source *open_file(const char *path, struct error *err)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    pcap_t *pcap =
        pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, reason);
    size_t prefix = strlen(path);
    struct stat st;

    if (!pcap) {
        /* Some of libpcap's messages name the file, some don't. */
        const char *text = strncmp(reason, path, prefix) == 0 && reason[prefix] == ':'
                               ? reason + prefix + 1 + (reason[prefix + 1] == ' ')
                               : reason;
        error_set(err, "%s: %s", path, text);
        return NULL;
    }
    struct source_file *f = xcalloc(1, sizeof *f);
    f->source.ops = &source_pcap;
    f->pcap = pcap;
    f->path = xstrdup(path);
    f->link_type = link_type_of(pcap_datalink(pcap));
    if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode))
        f->size = (uint64_t)st.st_size;
    return &f->source;
}

/* Times outside 1970 to 2223 are damage; they are cut so that differences of two never overflow. */
static int64_t record_time(const struct pcap_pkthdr *h)
{
    const int64_t last = 8000000000;
    int64_t s = (int64_t)h->ts.tv_sec, ns = (int64_t)h->ts.tv_usec;

    if (s < 0 || s >= last)
        return s < 0 ? 0 : last * NS_PER_S;
    if (ns < 0 || ns > last)
        ns = 0;
    return s * NS_PER_S + ns;
}

static enum source_status next_record(struct source *s, struct record *record, struct error *err)
{
    struct source_file *f = (struct source_file *)s;
    struct pcap_pkthdr *header;
    const unsigned char *data;

    switch (pcap_next_ex(f->pcap, &header, &data)) {
    case 1:
        *record = (struct record){
            .t = record_time(header),
            .number = ++f->records,
            .data = data,
            .caplen = header->caplen,
            .wirelen = header->len > header->caplen ? header->len : header->caplen,
            .link_type = f->link_type,
        };
        return SOURCE_RECORD;
    case PCAP_ERROR_BREAK:
        return SOURCE_END;
    default:
        error_set(err, "%s: unreadable after packet %llu: %s", f->path,
                  (unsigned long long)f->records, pcap_geterr(f->pcap));
        return SOURCE_DAMAGED;
    }
}

static void progress(const struct source *s, uint64_t *done, uint64_t *total)
{
    const struct source_file *f = (const struct source_file *)s;
    long at = f->size ? ftell(pcap_file(f->pcap)) : -1;

    *done = at > 0 ? (uint64_t)at : 0;
    *total = f->size;
}

static void close_file(struct source *s)
{
    struct source_file *f = (struct source_file *)s;

    pcap_close(f->pcap);
    free(f->path);
    free(f);
}

const struct source_ops source_pcap = {
    .name = "libpcap",
    .open = open_file,
    .next = next_record,
    .progress = progress,
    .close = close_file,
};
