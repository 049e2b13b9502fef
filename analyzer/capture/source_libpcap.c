/* SPDX-License-Identifier: BSD-2-Clause
 *
 * libpcap reads from a pipe that a thread fills: so compressed input and standard input, whose
 * first octets were looked at already, are read like any other. */
#define _DEFAULT_SOURCE /* pcap.h uses u_int and u_char */
#include "capture/source_libpcap.h"

#include "base/xalloc.h"
#include "capture/linktype.h"
#include "capture/octets.h"
#include "capture/savefile.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct libpcap_file {
    struct source source;
    pcap_t *pcap;
    int link_type;
    pthread_t feeder;
    bool joined; /* the feeder has ended */
    int to;      /* the pipe's end that is written */
};

static bool write_all(int fd, const uint8_t *octets, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, octets, n);

        if (written < 0 && errno != EINTR)
            return false; /* closed: nobody reads on */
        octets += written > 0 ? written : 0;
        n -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

static void *feed(void *context)
{
    struct libpcap_file *f = context;
    struct octets *o = f->source.octets;

    while (octets_fill(o, 1) > 0 && write_all(f->to, o->at, (size_t)(o->end - o->at)))
        o->at = o->end;
    close(f->to);
    return NULL;
}

static void join_feeder(struct libpcap_file *f)
{
    if (!f->joined)
        pthread_join(f->feeder, NULL);
    f->joined = true;
}

/* The pipe as libpcap's input; NULL when there is no pipe or no thread. */
static FILE *start_feeder(struct libpcap_file *f)
{
    int ends[2];
    sigset_t all, before;

    if (pipe(ends) != 0)
        return NULL;
    FILE *from = fdopen(ends[0], "rb");
    f->to = ends[1];
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = from && pthread_create(&f->feeder, NULL, feed, f) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started)
        return from;
    if (from)
        fclose(from);
    else
        close(ends[0]);
    close(ends[1]);
    return NULL;
}

static bool knows(const uint8_t *start, size_t n)
{
    (void)start;
    (void)n;
    return true;
}

static struct source *open_file(struct octets *o, struct error *err)
{
    struct libpcap_file *f = xcalloc(1, sizeof *f);
    char reason[PCAP_ERRBUF_SIZE] = "";

    f->source.ops = &source_libpcap;
    f->source.octets = o;
    FILE *from = start_feeder(f);
    if (from)
        f->pcap =
            pcap_fopen_offline_with_tstamp_precision(from, PCAP_TSTAMP_PRECISION_NANO, reason);
    if (!f->pcap) {
        error_set(err, "%s: %s", o->path, from ? reason : strerror(errno));
        if (from) {
            fclose(from);
            pthread_join(f->feeder, NULL);
        }
        octets_close(o);
        free(f);
        return NULL;
    }
    f->link_type = linktype_of_dlt(pcap_datalink(f->pcap));
    return &f->source;
}

static enum source_status next(struct source *s, struct record *record, size_t max, size_t *n,
                               struct error *err)
{
    struct libpcap_file *f = (struct libpcap_file *)s;
    struct pcap_pkthdr *header;
    const unsigned char *data;

    (void)max; /* the data of one are gone when the next one is read */
    switch (pcap_next_ex(f->pcap, &header, &data)) {
    case 1:
        *n = 1;
        *record = (struct record){
            /* 32 bits in every format but pcapng's; libpcap widens them with a sign (2038) */
            .t = savefile_time((uint32_t)header->ts.tv_sec, header->ts.tv_usec),
            .number = ++s->records,
            .data = data,
            .caplen = header->caplen,
            .wirelen = header->len > header->caplen ? header->len : header->caplen,
            .link_type = f->link_type,
            .file = s->file,
        };
        return SOURCE_RECORD;
    case PCAP_ERROR_BREAK: /* the feeder has closed the pipe: it is done with the octets */
        join_feeder(f);
        return octets_failure(s->octets) ? source_cut(s, err) : SOURCE_END;
    default:
        return octets_interrupted() ? SOURCE_END
                                    : source_damaged(s, err, "%s", pcap_geterr(f->pcap));
    }
}

static void close_file(struct source *s)
{
    struct libpcap_file *f = (struct libpcap_file *)s;

    octets_stop(s->octets);
    pcap_close(f->pcap);
    join_feeder(f);
}

const struct source_ops source_libpcap = {
    .name = "libpcap",
    .knows = knows,
    .open = open_file,
    .next = next,
    .close = close_file,
};
