/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Huffman codes of limited length, one set for each preceding octet. They are canonical: made from
 * their lengths, shorter ones first. */
#include "base/squeeze.h"

#include "base/xalloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { OCTETS = 256, CODES = 1 << SQUEEZE_CODE, LENGTH_BITS = 4 };

_Static_assert(SQUEEZE_CODE < 1 << LENGTH_BITS && SQUEEZE_CODE + LENGTH_BITS <= 16,
               "a code and its length fit into 16 bits");
_Static_assert(SQUEEZE_CODE <= 8 * SQUEEZE_AHEAD, "a code is read at once");

struct squeezer {
    uint32_t (*count)[OCTETS];      /* by the octet before, until it is settled */
    uint16_t code[OCTETS][OCTETS];  /* code << LENGTH_BITS | its length */
    uint16_t decode[OCTETS][CODES]; /* by the next bits: octet << LENGTH_BITS | length */
};

struct squeezer *squeezer_new(void)
{
    struct squeezer *s = xcalloc(1, sizeof *s);

    s->count = xcalloc(OCTETS, sizeof *s->count);
    return s;
}

void squeezer_free(struct squeezer *s)
{
    if (s)
        free(s->count);
    free(s);
}

void squeezer_learn(struct squeezer *s, const uint8_t *record, size_t n)
{
    uint8_t before = 0;

    for (size_t i = 0; i < n; i++) {
        s->count[before][record[i]]++;
        before = record[i];
    }
}

/* --- lengths ---------------------------------------------------------------------------------- */

struct node {
    uint64_t weight;
    unsigned at; /* of a leaf its octet; later the node above */
};

static int by_weight(const void *a, const void *b)
{
    const struct node *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Lengths of the codes for octets of these weights, none of which is 0. Returns the greatest. */
static unsigned measure(const uint64_t *weight, uint8_t *length)
{
    struct node node[2 * OCTETS];
    unsigned octet[OCTETS], depth[2 * OCTETS], leaf = 0, inner = OCTETS, longest = 0;

    for (unsigned i = 0; i < OCTETS; i++)
        node[i] = (struct node){weight[i], i};
    qsort(node, OCTETS, sizeof *node, by_weight);
    for (unsigned i = 0; i < OCTETS; i++)
        octet[i] = node[i].at;
    /* Leaves and inner nodes each stand in order of weight: the two lightest are in front. */
    for (unsigned made = OCTETS; made < 2 * OCTETS - 1; made++) {
        node[made].weight = 0;
        for (int k = 0; k < 2; k++) {
            bool of_leaves =
                leaf < OCTETS && (inner == made || node[leaf].weight <= node[inner].weight);
            struct node *least = &node[of_leaves ? leaf++ : inner++];

            node[made].weight += least->weight;
            least->at = made;
        }
    }
    depth[2 * OCTETS - 2] = 0;
    for (unsigned i = 2 * OCTETS - 2; i-- > 0;) {
        depth[i] = depth[node[i].at] + 1;
        if (i < OCTETS) {
            length[octet[i]] = (uint8_t)depth[i];
            longest = depth[i] > longest ? depth[i] : longest;
        }
    }
    return longest;
}

/* The same, none longer than SQUEEZE_CODE: weights are made more alike until that is so. What never
 * was counted may come all the same. */
static void find_lengths(const uint32_t *count, uint8_t *length)
{
    uint64_t weight[OCTETS];

    for (unsigned i = 0; i < OCTETS; i++)
        weight[i] = 16 * (uint64_t)count[i] + 1;
    while (measure(weight, length) > SQUEEZE_CODE)
        for (unsigned i = 0; i < OCTETS; i++)
            weight[i] = (weight[i] + 1) / 2;
}

/* --- codes ------------------------------------------------------------------------------------ */

static void make_codes(const uint8_t *length, uint16_t *code, uint16_t *decode)
{
    unsigned next = 0; /* in units of the longest code */

    for (unsigned bits = 1; bits <= SQUEEZE_CODE; bits++) {
        for (unsigned octet = 0; octet < OCTETS; octet++) {
            unsigned span = 1u << (SQUEEZE_CODE - bits);

            if (length[octet] != bits)
                continue;
            code[octet] = (uint16_t)(next / span << LENGTH_BITS | bits);
            for (unsigned i = 0; i < span; i++)
                decode[next++] = (uint16_t)(octet << LENGTH_BITS | bits);
        }
    }
}

void squeezer_settle(struct squeezer *s)
{
    for (unsigned before = 0; before < OCTETS; before++) {
        uint8_t length[OCTETS];

        find_lengths(s->count[before], length);
        make_codes(length, s->code[before], s->decode[before]);
    }
    free(s->count);
    s->count = NULL;
}

size_t squeeze(const struct squeezer *s, const uint8_t *record, size_t n, uint8_t *to)
{
    uint8_t *p = to, before = 0;
    uint32_t bits = 0; /* the lowest `waiting` of them are still to be written */
    unsigned waiting = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned code = s->code[before][record[i]], length = code & ((1 << LENGTH_BITS) - 1);

        before = record[i];
        bits = bits << length | code >> LENGTH_BITS;
        for (waiting += length; waiting >= 8; waiting -= 8)
            *p++ = (uint8_t)(bits >> (waiting - 8));
    }
    if (waiting)
        *p++ = (uint8_t)(bits << (8 - waiting));
    return (size_t)(p - to);
}

void unsqueeze(const struct squeezer *s, const uint8_t *from, uint8_t *record, size_t n)
{
    uint8_t before = 0;
    uint32_t bits = 0; /* the lowest `ready` of them were not looked at yet */
    unsigned ready = 0;

    for (size_t i = 0; i < n; i++) {
        for (; ready < SQUEEZE_CODE; ready += 8)
            bits = bits << 8 | *from++;
        unsigned found = s->decode[before][bits >> (ready - SQUEEZE_CODE) & (CODES - 1)];
        ready -= found & ((1 << LENGTH_BITS) - 1);
        record[i] = before = (uint8_t)(found >> LENGTH_BITS);
    }
}
