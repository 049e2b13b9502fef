/* SPDX-License-Identifier: BSD-2-Clause */
#define _DEFAULT_SOURCE /* pcap.h uses u_int and u_char */
#include "capture/bpf.h"

#include "base/xalloc.h"
#include "capture/linktype.h"

#include <pcap/pcap.h>
#include <stdlib.h>

enum { LARGEST_RECORD = 262144 };

/* Ethernet first, then the LINKTYPE_ values that captures of TCP have: null, PPP, raw IP, 802.11,
 * loop, Linux cooked, radiotap, IPv4, IPv6, Linux cooked v2. */
static const int usual_link_types[] = {1, 0, 9, 101, 105, 108, 113, 127, 228, 229, 276};

struct compiled {
    int link_type;
    bool good;
    struct error err; /* why not good */
    struct bpf_program program;
};

struct bpf {
    char *expression;
    size_t n, last; /* last: the one used for the record before */
    struct compiled *of;
};

static struct compiled *compile(struct bpf *b, int link_type)
{
    b->of = xreallocarray(b->of, b->n + 1, sizeof *b->of);
    struct compiled *c = &b->of[b->n++];
    pcap_t *dead = pcap_open_dead(linktype_to_dlt(link_type), LARGEST_RECORD);

    *c = (struct compiled){.link_type = link_type};
    if (!dead) {
        error_set(&c->err, "out of memory");
        return c;
    }
    c->good = pcap_compile(dead, &c->program, b->expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!c->good)
        error_set(&c->err, "filter '%s': %s", b->expression, pcap_geterr(dead));
    pcap_close(dead);
    return c;
}

struct bpf *bpf_new(const char *expression)
{
    struct bpf *b = xcalloc(1, sizeof *b);

    b->expression = xstrdup(expression);
    bool good = true; /* a name that nobody knows is not asked for again and again */
    for (size_t i = 0; good && i < sizeof usual_link_types / sizeof *usual_link_types; i++)
        good = compile(b, usual_link_types[i])->good || i > 0;
    return b;
}

static struct compiled *find(struct bpf *b, int link_type)
{
    if (b->last < b->n && b->of[b->last].link_type == link_type)
        return &b->of[b->last];
    for (size_t i = 0; i < b->n; i++) {
        if (b->of[i].link_type == link_type) {
            b->last = i;
            return &b->of[i];
        }
    }
    return NULL;
}

bool bpf_prepare(struct bpf *b, int link_type, struct error *err)
{
    struct compiled *c = find(b, link_type);

    if (!c)
        c = compile(b, link_type);
    if (!c->good && err)
        *err = c->err;
    return c->good;
}

bool bpf_matches(struct bpf *b, const struct record *r)
{
    struct compiled *c = find(b, r->link_type);
    struct pcap_pkthdr header = {.caplen = r->caplen, .len = r->wirelen};

    if (!c)
        c = compile(b, r->link_type);
    return c->good && pcap_offline_filter(&c->program, &header, r->data) != 0;
}

void bpf_free(struct bpf *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->n; i++)
        if (b->of[i].good)
            pcap_freecode(&b->of[i].program);
    free(b->of);
    free(b->expression);
    free(b);
}
