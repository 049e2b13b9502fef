/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/peers.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/* The stir of splitmix64, over all octets: the lowest values must be a fair sample. */
static uint64_t stir(uint64_t h)
{
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
    h = (h ^ h >> 27) * 0x94d049bb133111ebu;
    return h ^ h >> 31;
}

/* The same number on every machine. */
static uint64_t word(const uint8_t *octets)
{
    uint64_t w = 0;

    for (int i = 0; i < 8; i++)
        w = w << 8 | octets[i];
    return w;
}

static uint64_t hash_of(const struct addr *addr, uint16_t port)
{
    return stir(stir(word(addr->octets) + port) ^ word(addr->octets + 8));
}

static size_t find(const struct peers *p, uint64_t hash)
{
    size_t low = 0, high = p->n;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (p->peer[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void peers_add(struct peers *p, const struct addr *addr, uint16_t port, int64_t t)
{
    uint64_t hash = hash_of(addr, port);

    if (p->more && hash > p->peer[PEERS_MAX - 1].hash)
        return;
    size_t i = find(p, hash);
    if (i < p->n && p->peer[i].hash == hash) {
        p->peer[i].first = t < p->peer[i].first ? t : p->peer[i].first;
        p->peer[i].last = t > p->peer[i].last ? t : p->peer[i].last;
        return;
    }
    if (p->n == PEERS_MAX) {
        p->more = true;
        if (i == PEERS_MAX)
            return;
        p->n--; /* the highest gives way */
    }
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 4;
        p->peer = xreallocarray(p->peer, p->cap, sizeof *p->peer);
    }
    memmove(&p->peer[i + 1], &p->peer[i], (p->n - i) * sizeof *p->peer);
    p->peer[i] = (struct peer){.hash = hash, .first = t, .last = t};
    p->n++;
}

uint64_t peers_between(const struct peers *p, int64_t from, int64_t to)
{
    uint64_t n = 0;

    for (size_t i = 0; i < p->n; i++)
        n += p->peer[i].first <= to && p->peer[i].last >= from;
    if (!p->more)
        return n;
    /* The kept hashes are the share up to the highest of them. */
    return (n << 32) / ((p->peer[p->n - 1].hash >> 32) + 1);
}

void peers_done(struct peers *p)
{
    free(p->peer);
    *p = (struct peers){0};
}
