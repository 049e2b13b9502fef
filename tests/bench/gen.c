/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Writes a capture for the benchmark: many short connections of all kinds of close, interleaved in
 * time as on a busy server. Always the same octets for the same arguments.
 *
 *   gen [-c CONNECTIONS] [-p PACKETS] [-l | -H | -F | -O | -R] [-s SNAP] [-d SECONDS] OUT.pcap
 *
 * -p adds data exchanges until there are about so many packets; -d is the time over which
 * connections start; -s is how many octets of a packet are kept (96). In place of closes of all
 * kinds:
 *   -l  quiet live connections: a handshake and one exchange, all alive at the end
 *   -H  a healthy server: clean closes of all shapes, retransmissions, keep-alives, half-closes,
 * and ports that come back long after TIME_WAIT -F  a flood: each connection is a SYN and the RST
 * that answers it -O  half-open connections: a SYN each, and nothing else ever -R  resets instead
 * of data exchanges */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LARGEST = 1514, MSS = 1448, REQUEST = 320, SERVICES = 10, CLIENTS = 400 };

/* A kind of connection is a word; each letter is a packet, small ones from the client:
 *   s SYN   a SYN-ACK   n RST,ACK (refusal)   k K ACK   d D data   f F FIN,ACK   t SYN again   r R
 * RST X the server's FIN again   G the server's FIN, crossing the client's   * the place for more
 * data exchanges */
static const struct kind {
    int weight; /* per thousand */
    const char *word;
} kinds[] = {
    {430, "sakdKDk*DkfKFk"}, /* clean, the client first */
    {200, "sakdKDk*DkFkfK"}, /* clean, the server first */
    {120, "sakdKDk*fFk"},    /* in three segments */
    {20, "sakdKDk*fGkK"},    /* both at once */
    {50, "sakdKf K*DkDkFk"}, /* half-closed for a while */
    {70, "sakdKDk*R"},       /* reset after data */
    {20, "sn"},              /* refused */
    {10, "sttt"},            /* no answer */
    {10, "sakdKfKFXXX"},     /* the last ACK is missing */
    {30, "sakdKDk*fK"},      /* CLOSE_WAIT for ever */
    {40, "sakdKDk*"},        /* never closed */
};
static const struct kind healthy[] = {
    {350, "sakdKDk*fKFk"},   /* clean, the client first */
    {200, "sakdKDk*FkfK"},   /* clean, the server first */
    {200, "sakdKDk*fFk"},    /* in three segments */
    {50, "sakdKDkfGkK"},     /* both at once */
    {70, "sakdKfK*DkDkFk"},  /* half-closed for a while */
    {70, "sakdyKDk*fKFk"},   /* a retransmission */
    {60, "sakdKDkvKvKfKFk"}, /* keep-alives, answered */
};
static const struct kind quiet = {1000, "sakdKDk"}, flood = {1000, "sn"}, half_open = {1000, "s"},
                         resets = {1000, "sakdKDk*"};

struct connection {
    uint64_t t;       /* of its next packet, microseconds */
    const char *next; /* letters to come */
    uint32_t nxt[2], fin_ack, id;
    uint32_t more; /* exchanges to insert at the star */
    uint8_t timestamps, in_more;
};

static const char *exchange = "Dk"; /* what stands for a star, as often as it takes */
static uint32_t snap = 96;
static uint32_t ports = 64000; /* a client\'s, towards one service */

static struct connection *connections;
static uint32_t *heap; /* indexes, the earliest next packet first */
static uint32_t n_heap;
static uint64_t random_state = 88172645463325252u;
static FILE *out;

static uint32_t random32(void) /* xorshift64* */
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)(random_state * 2685821657736338717u >> 32);
}

/* --- the heap --------------------------------------------------------------------------------- */

static void sink(uint32_t i)
{
    for (;;) {
        uint32_t least = i;

        for (uint32_t child = 2 * i + 1; child <= 2 * i + 2 && child < n_heap; child++)
            if (connections[heap[child]].t < connections[heap[least]].t)
                least = child;
        if (least == i)
            return;
        uint32_t swap = heap[i];
        heap[i] = heap[least];
        heap[least] = swap;
        i = least;
    }
}

/* --- packets ---------------------------------------------------------------------------------- */

static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v & 0xffff);
}

static void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static void address(uint8_t *ip, uint16_t *port, const struct connection *c, int end)
{
    uint32_t i = c->id;

    ip[0] = 10;
    if (end == 0) {
        ip[1] = 1;
        put16(ip + 2, 256 + i % CLIENTS);
        *port = (uint16_t)(1025 + i / CLIENTS / SERVICES % ports);
    } else {
        ip[1] = 2;
        put16(ip + 2, 1 + i / CLIENTS % SERVICES);
        *port = (uint16_t)(8000 + i / CLIENTS % SERVICES);
    }
}

static void emit(const struct connection *c, int from, uint8_t flags, uint32_t seq, uint32_t ack,
                 uint32_t len)
{
    uint8_t r[16 + LARGEST] = {0}, *eth = r + 16, *ip = eth + 14, *tcp = ip + 20;
    uint32_t options = c->timestamps ? 12 : 0, total = 40 + options + len, wire = 14 + total;
    uint16_t port[2];

    if (wire < 60)
        wire = 60;
    put_le32(r, (uint32_t)(1767225600 + c->t / 1000000));
    put_le32(r + 4, (uint32_t)(c->t % 1000000));
    put_le32(r + 8, wire < snap ? wire : snap);
    put_le32(r + 12, wire);
    eth[5] = (uint8_t)(from ? 1 : 2);
    eth[11] = (uint8_t)(from ? 2 : 1);
    put16(eth + 12, 0x0800);
    ip[0] = 0x45;
    put16(ip + 2, total);
    put16(ip + 4, random32() & 0xffff);
    ip[8] = 64;
    ip[9] = 6;
    address(ip + (from ? 16 : 12), &port[0], c, 0);
    address(ip + (from ? 12 : 16), &port[1], c, 1);
    put16(tcp, port[from]);
    put16(tcp + 2, port[!from]);
    put32(tcp + 4, seq);
    put32(tcp + 8, flags & 0x10 ? ack : 0);
    tcp[12] = (uint8_t)((20 + options) / 4 << 4);
    tcp[13] = flags;
    put16(tcp + 14, flags & 4 ? 0 : 64240);
    if (options) {
        memcpy(tcp + 20, "\x01\x01\x08\x0a", 4);
        put32(tcp + 24, (uint32_t)(c->t / 1000) + c->id);
        put32(tcp + 28, (uint32_t)(c->t / 1000) + c->id - 1);
    }
    fwrite(r, 16 + (wire < snap ? wire : snap), 1, out);
}

static void play(struct connection *c, char letter)
{
    enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };
    uint32_t *nxt = c->nxt;

    switch (letter) {
    case 's':
        emit(c, 0, SYN, nxt[0]++, 0, 0);
        break;
    case 't':
        emit(c, 0, SYN, nxt[0] - 1, 0, 0);
        break;
    case 'a':
        emit(c, 1, SYN | ACK, nxt[1]++, nxt[0], 0);
        break;
    case 'n':
        emit(c, 1, RST | ACK, 0, nxt[0], 0);
        break;
    case 'k':
    case 'K':
        emit(c, letter == 'K', ACK, nxt[letter == 'K'], nxt[letter != 'K'], 0);
        break;
    case 'd':
        emit(c, 0, PSH | ACK, nxt[0], nxt[1], REQUEST);
        nxt[0] += REQUEST;
        break;
    case 'y':
        emit(c, 0, PSH | ACK, nxt[0] - REQUEST, nxt[1], REQUEST);
        break;
    case 'v':
        emit(c, 0, ACK, nxt[0] - 1, nxt[1], 0);
        break;
    case 'D':
        emit(c, 1, PSH | ACK, nxt[1], nxt[0], MSS);
        nxt[1] += MSS;
        break;
    case 'f':
        emit(c, 0, FIN | ACK, nxt[0]++, nxt[1], 0);
        break;
    case 'F':
    case 'G':
        c->fin_ack = nxt[0] - (letter == 'G');
        emit(c, 1, FIN | ACK, nxt[1]++, c->fin_ack, 0);
        break;
    case 'X':
        emit(c, 1, FIN | ACK, nxt[1] - 1, c->fin_ack, 0);
        break;
    case 'R':
        emit(c, 1, RST | ACK, nxt[1], nxt[0], 0);
        break;
    default:
        break;
    }
}

/* The packet that is due, and when the next one is; false at the end of the connection. */
static int step(struct connection *c)
{
    if (*c->next == '*' || *c->next == ' ') {
        if (*c->next == '*' && c->more) {
            play(c, exchange[c->in_more]);
            c->in_more ^= 1;
            c->more -= !c->in_more;
        } else {
            c->next++;
            return *c->next != 0;
        }
    } else {
        play(c, *c->next);
        c->next++;
    }
    char coming = *c->next;
    c->t += coming == 'X' || coming == 't' ? 900000 + random32() % 2000000
            : coming == 'y'                ? 210000
            : coming == 'v'                ? 10000000
            : coming == 'G'                ? 200
            : random32() % 16 == 0         ? random32() % 4000000
                                           : 200 + random32() % 40000;
    return coming != 0;
}

/* --- the capture ------------------------------------------------------------------------------ */

static const struct kind *pick(const struct kind *from, size_t n)
{
    int at = (int)(random32() % 1000);

    for (size_t i = 0; i < n; i++) {
        at -= from[i].weight;
        if (at < 0)
            return &from[i];
    }
    return &from[0];
}

static const struct kind *pick_for(char mode)
{
    if (mode == 'H')
        return pick(healthy, sizeof healthy / sizeof *healthy);
    return mode == 'l'   ? &quiet
           : mode == 'F' ? &flood
           : mode == 'O' ? &half_open
           : mode == 'R' ? &resets
                         : pick(kinds, sizeof kinds / sizeof *kinds);
}

static void write_capture(uint32_t n, uint64_t packets, char mode, uint64_t span)
{
    const uint64_t usual = 12; /* packets of a connection without more data */
    uint64_t more = packets > n * usual ? (packets - n * usual) / 2 : 0, given = 0;

    for (uint32_t i = 0; i < n; i++) {
        struct connection *c = &connections[i];

        *c = (struct connection){.t = span * 1000000 / n * i, .id = i};
        c->next = pick_for(mode)->word;
        c->nxt[0] = random32();
        c->nxt[1] = random32();
        c->timestamps = random32() % 5 != 0;
        c->more = (uint32_t)(more * (i + 1) / n - given);
        given += c->more;
        heap[n_heap++] = i; /* in order of time: a heap already */
    }
    while (n_heap) {
        if (!step(&connections[heap[0]]))
            heap[0] = heap[--n_heap];
        sink(0);
    }
}

int main(int argc, char **argv)
{
    static const uint8_t head[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0,
                                     0,    0,    0,    0,    0, 0, 4, 0, 1, 0, 0, 0};
    unsigned long n = 200000, packets = 0, span = 400;
    char mode = 0;
    int option;

    while ((option = getopt(argc, argv, "c:p:d:s:lHFOR")) != -1) {
        unsigned long value = optarg ? strtoul(optarg, NULL, 10) : 0;

        if (option == 'c')
            n = value;
        else if (option == 'p')
            packets = value;
        else if (option == 'd')
            span = value;
        else if (option == 's' && value >= 54 && value <= LARGEST)
            snap = (uint32_t)value;
        else if (option != 's' && strchr("lHFOR", option))
            mode = (char)option;
        else
            return 2;
    }
    if (optind + 1 != argc || n == 0 || n > 100000000) {
        fprintf(
            stderr,
            "usage: gen [-c connections] [-p packets] [-d seconds] [-s snap] [-l | -H | -F | -O | "
            "-R] out.pcap\n");
        return 2;
    }
    out = fopen(argv[optind], "wb");
    connections = calloc(n, sizeof *connections);
    heap = calloc(n, sizeof *heap);
    if (!out || !connections || !heap) {
        fprintf(stderr, "gen: %s: %s\n", argv[optind], strerror(errno));
        return 1;
    }
    if (mode == 'H')
        ports = 3; /* so few that they come back */
    if (mode == 'R')
        exchange = "RR";
    setvbuf(out, NULL, _IOFBF, 1 << 20);
    fwrite(head, sizeof head, 1, out);
    write_capture((uint32_t)n, packets, mode, span);
    free(heap);
    free(connections);
    if (fclose(out) != 0) {
        fprintf(stderr, "gen: %s: %s\n", argv[optind], strerror(errno));
        return 1;
    }
    return 0;
}
