/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Writes captures that are made to hurt: each kind strains one thing that the analyzer keeps.
 * Always the same octets for the same arguments.
 *
 *   flood KIND N [OUT.pcap]      N: about so many packets; standard output when there is no OUT
 *   flood                        lists the kinds
 *
 * Packets are raw IPv4 (LINKTYPE_RAW), 1 us apart unless the kind says otherwise. To add a kind: a
 * function that writes its i-th group of packets, and a row in the table. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };
enum { CLIENT = 0x0a000001, SERVER = 0x0a800001, C_ISN = 1000, S_ISN = 500000000 };

static FILE *out;
static uint64_t now = 1790000000000000; /* microseconds */
static uint64_t random_state = 88172645463325252u;

static uint32_t random32(void) /* xorshift64* */
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)(random_state * 2685821657736338717u >> 32);
}

static void be16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void be32(uint8_t *p, uint32_t v)
{
    be16(p, v >> 16);
    be16(p + 2, v & 0xffff);
}

static void write_record(const uint8_t *data, uint32_t len)
{
    uint32_t header[4] = {(uint32_t)(now / 1000000), (uint32_t)(now % 1000000), len, len};

    fwrite(header, sizeof header, 1, out);
    fwrite(data, len, 1, out);
    now++;
}

static void ip_header(uint8_t *p, uint32_t src, uint32_t dst, uint32_t id, uint32_t offset,
                      uint32_t len, uint8_t protocol)
{
    memset(p, 0, 20);
    p[0] = 0x45;
    be16(p + 2, len);
    be16(p + 4, id);
    be16(p + 6, offset);
    p[8] = 64;
    p[9] = protocol;
    be32(p + 12, src);
    be32(p + 16, dst);
}

struct tcp {
    uint32_t src, dst;
    uint16_t src_port, dst_port;
    uint32_t seq, ack, len;
    uint8_t flags;
    const uint8_t *options; /* 40 octets, or NULL */
};

static uint32_t ip_id;

static uint32_t build(uint8_t *p, const struct tcp *t)
{
    uint32_t header = t->options ? 60 : 20, len = 20 + header + t->len;

    memset(p, 0, len);
    ip_header(p, t->src, t->dst, ++ip_id & 0xffff, 0, len, 6);
    p += 20;
    be16(p, t->src_port);
    be16(p + 2, t->dst_port);
    be32(p + 4, t->seq);
    be32(p + 8, t->ack);
    p[12] = (uint8_t)(header / 4 << 4);
    p[13] = t->flags;
    be16(p + 14, 64240);
    if (t->options)
        memcpy(p + 20, t->options, 40);
    return len;
}

static void put(const struct tcp *t)
{
    uint8_t packet[1600];

    write_record(packet, build(packet, t));
}

/* The five-tuple number i, seen from its client; numbers from the client's and the server's. */
static struct tcp from_client(uint64_t i, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
    return (struct tcp){.src = CLIENT + (uint32_t)(i / 50000),
                        .dst = SERVER,
                        .src_port = (uint16_t)(10000 + i % 50000),
                        .dst_port = 80,
                        .seq = C_ISN + seq,
                        .ack = flags & ACK ? S_ISN + ack : 0,
                        .len = len,
                        .flags = flags};
}

static struct tcp from_server(uint64_t i, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
    struct tcp t = from_client(i, flags, 0, 0, len);
    struct tcp back = {.src = t.dst,
                       .dst = t.src,
                       .src_port = t.dst_port,
                       .dst_port = t.src_port,
                       .seq = S_ISN + seq,
                       .ack = flags & ACK ? C_ISN + ack : 0,
                       .len = len,
                       .flags = flags};

    return back;
}

#define C(...) put(&(struct tcp[]){from_client(__VA_ARGS__)}[0])
#define S(...) put(&(struct tcp[]){from_server(__VA_ARGS__)}[0])

static void handshake(uint64_t i)
{
    C(i, SYN, 0, 0, 0);
    S(i, SYN | ACK, 0, 1, 0);
    C(i, ACK, 1, 1, 0);
}

/* --- many connections ------------------------------------------------------------------------- */

static void syn_reset(uint64_t i)
{
    C(i, SYN, 0, 0, 0);
    S(i, RST | ACK, 0, 1, 0);
}

static void syn_only(uint64_t i)
{
    C(i, SYN, 0, 0, 0);
}

static void never_ended(uint64_t i)
{
    handshake(i);
    C(i, ACK, 1, 1, 10);
}

static void middle_only(uint64_t i)
{
    C(i, ACK, 1, 1, 10);
}

static void half_closed(uint64_t i)
{
    handshake(i);
    C(i, FIN | ACK, 1, 1, 0);
    S(i, ACK, 1, 2, 0);
}

/* Every address another one, every pair used again an hour later: hosts, pairs and their curves. */
static void many_hosts(uint64_t i)
{
    struct tcp t = from_client(0, SYN, 0, 0, 0);

    t.src = (uint32_t)(i * 2654435761u);
    t.dst = (uint32_t)(i * 2246822519u + 1);
    put(&t);
    now += 3600 * (uint64_t)1000000;
    t.seq += 1000000;
    put(&t);
    now -= 3600 * (uint64_t)1000000 - 100;
}

static void many_services(uint64_t i)
{
    struct tcp t = from_client(i, SYN, 0, 0, 0);

    t.dst_port = (uint16_t)i;
    t.dst += (uint32_t)(i >> 16);
    put(&t);
    t = from_server(i, RST | ACK, 0, 1, 0);
    t.src_port = (uint16_t)i;
    t.src += (uint32_t)(i >> 16);
    put(&t);
    now += 1000000;
}

/* A clock without sense: any second from 1970 to 2100. */
static void mad_clock(uint64_t i)
{
    now = random32() % 4102444800u * (uint64_t)1000000;
    handshake(i);
    now = random32() % 4102444800u * (uint64_t)1000000;
    C(i, FIN | ACK, 1, 1, 0);
    S(i, FIN | ACK, 1, 2, 0);
    C(i, ACK, 2, 2, 0);
}

/* --- one connection --------------------------------------------------------------------------- */

static void resets(uint64_t i)
{
    if (i == 0)
        handshake(0);
    S(0, RST, 1 + (uint32_t)i, 0, 0);
}

static void same_resets(uint64_t i)
{
    if (i == 0)
        handshake(0);
    S(0, RST, 1, 0, 0);
}

static void refused_again(uint64_t i)
{
    (void)i;
    C(0, SYN, 0, 0, 0);
    S(0, RST | ACK, 0, 1, 0);
}

static void holes(uint64_t i)
{
    if (i == 0)
        handshake(0);
    C(0, ACK, 11 + 20 * (uint32_t)i, 1, 10);
}

/* The holes from the far end on: each is in front of all the others. */
static void holes_backward(uint64_t i)
{
    if (i == 0)
        handshake(0);
    C(0, ACK, 100000000 - 20 * (uint32_t)i, 1, 10);
}

static void random_data(uint64_t i)
{
    if (i == 0)
        handshake(0);
    C(0, ACK, random32() % 10000000, 1 + random32() % 1000, random32() % 100);
    S(0, ACK, random32() % 10000000, 1 + random32() % 10000000, random32() % 100);
}

static void fins(uint64_t i)
{
    if (i == 0)
        handshake(0);
    C(0, FIN | ACK, 1 + (uint32_t)i, 1, 0);
}

static void syns(uint64_t i)
{
    C(0, SYN, (uint32_t)i * 100000, 0, 0);
}

static void syn_acks(uint64_t i)
{
    if (i == 0)
        C(0, SYN, 0, 0, 0);
    S(0, SYN | ACK, (uint32_t)i * 100000, 1, 0);
}

static void keep_alives(uint64_t i)
{
    if (i == 0)
        handshake(0);
    C(0, ACK, 0, 1, 0);
    S(0, ACK, 1, 1, 0);
    now += 1000000;
}

static void ack_loop(uint64_t i)
{
    if (i == 0)
        handshake(0);
    C(0, ACK, 1, 100000, 0);
    S(0, ACK, 1, 200000, 0);
}

static void ping_pong(uint64_t i)
{
    if (i == 0)
        handshake(0);
    C(0, ACK, 1 + 10 * (uint32_t)i, 1 + 10 * (uint32_t)i, 10);
    S(0, ACK, 1 + 10 * (uint32_t)i, 11 + 10 * (uint32_t)i, 10);
    now += 1000;
}

/* A connection after the other on one five-tuple: reset, closed, and with both at once. */
static void one_incarnation(uint64_t i, uint8_t end)
{
    uint32_t at = (uint32_t)i * 70000;

    C(0, SYN, at, 0, 0);
    S(0, SYN | ACK, at, at + 1, 0);
    C(0, ACK, at + 1, at + 1, 0);
    if (end == RST) {
        C(0, RST | ACK, at + 1, at + 1, 0);
    } else {
        C(0, FIN | ACK, at + 1, at + 1, 0);
        S(0, FIN | ACK, at + 1, at + 2, 0);
        C(0, ACK, at + 2, at + 2, 0);
    }
}

static void incarnations_reset(uint64_t i)
{
    one_incarnation(i, RST);
}

static void incarnations_closed(uint64_t i)
{
    one_incarnation(i, FIN);
    now += 10;
}

static void incarnations_slow(uint64_t i)
{
    one_incarnation(i, FIN);
    now += 100000000;
}

static void options_of_one(uint64_t i)
{
    uint8_t options[40];
    struct tcp t = from_client(i, SYN, 0, 0, 0);

    for (int k = 0; k < 40; k++)
        options[k] = (uint8_t)(random32() % (i % 3 ? 6 : 256));
    t.options = options;
    put(&t);
}

/* --- below TCP -------------------------------------------------------------------------------- */

/* First fragments whose rest never comes. */
static void first_fragments(uint64_t i)
{
    uint8_t packet[1600];
    struct tcp t = from_client(i, ACK, 1, 1, 1000);
    uint32_t len = build(packet, &t);

    be16(packet + 6, 0x2000);
    be16(packet + 4, (uint32_t)i & 0xffff);
    write_record(packet, len - len % 8 + 4);
}

/* One datagram in fragments of eight octets, each twice as long as its place, again and again. */
static void tiny_fragments(uint64_t i)
{
    uint8_t packet[64] = {0};

    ip_header(packet, CLIENT, SERVER, (uint32_t)(i / 8000), 0x2000 | (uint32_t)(i * 5 % 8000), 36,
              6);
    write_record(packet, 36);
}

static void icmp_errors(uint64_t i)
{
    uint8_t packet[1600], quoted[64];
    struct tcp t = from_client(i % 1000, SYN, 0, 0, 0);

    if (i < 1000)
        put(&t);
    build(quoted, &t);
    ip_header(packet, SERVER + 1, CLIENT, 0, 0, 56, 1);
    memset(packet + 20, 0, 8);
    packet[20] = 3;
    packet[21] = 3;
    memcpy(packet + 28, quoted, 28);
    write_record(packet, 56);
}

static void noise(uint64_t i)
{
    uint8_t packet[256];
    uint32_t len = random32() % sizeof packet;

    for (uint32_t k = 0; k < len; k++)
        packet[k] = (uint8_t)random32();
    if (len > 20) {
        packet[0] = i % 4 ? 0x45 : 0x60;
        packet[i % 4 ? 9 : 6] = i % 3 ? 6 : packet[9];
    }
    write_record(packet, len);
}

static const struct kind {
    const char *name;
    uint32_t packets; /* written by each call, about */
    void (*write)(uint64_t i);
} kinds[] = {
    {"syn-reset", 2, syn_reset},
    {"syn-only", 1, syn_only},
    {"never-ended", 4, never_ended},
    {"middle-only", 1, middle_only},
    {"half-closed", 5, half_closed},
    {"many-hosts", 2, many_hosts},
    {"many-services", 2, many_services},
    {"mad-clock", 6, mad_clock},
    {"resets", 1, resets},
    {"same-resets", 1, same_resets},
    {"refused-again", 2, refused_again},
    {"holes", 1, holes},
    {"holes-backward", 1, holes_backward},
    {"random-data", 2, random_data},
    {"fins", 1, fins},
    {"syns", 1, syns},
    {"syn-acks", 1, syn_acks},
    {"keep-alives", 2, keep_alives},
    {"ack-loop", 2, ack_loop},
    {"ping-pong", 2, ping_pong},
    {"incarnations-reset", 4, incarnations_reset},
    {"incarnations-closed", 6, incarnations_closed},
    {"incarnations-slow", 6, incarnations_slow},
    {"options", 1, options_of_one},
    {"first-fragments", 1, first_fragments},
    {"tiny-fragments", 1, tiny_fragments},
    {"icmp-errors", 1, icmp_errors},
    {"noise", 1, noise},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

int main(int argc, char **argv)
{
    const uint32_t file_header[6] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 101};
    const struct kind *kind = NULL;

    for (int i = 0; argc < 3 && i < KINDS; i++)
        puts(kinds[i].name);
    for (int i = 0; argc >= 3 && i < KINDS; i++)
        if (strcmp(kinds[i].name, argv[1]) == 0)
            kind = &kinds[i];
    if (!kind)
        return argc < 3 ? 0 : 2;
    out = argc > 3 ? fopen(argv[3], "wb") : stdout;
    if (!out) {
        fprintf(stderr, "flood: %s: %s\n", argv[3], strerror(errno));
        return 1;
    }
    fwrite(file_header, sizeof file_header, 1, out);
    for (uint64_t i = 0, n = strtoull(argv[2], NULL, 10) / kind->packets; i < n; i++)
        kind->write(i);
    return fflush(out) == 0 && !ferror(out) ? 0 : 1;
}
