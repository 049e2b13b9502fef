/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A bounded table of things that are found by a key: hosts, services, pairs. What finds no place is
 * counted, so that it can be told. */
#ifndef LASTACK_DETECT_KEYED_H
#define LASTACK_DETECT_KEYED_H

#include <stddef.h>
#include <stdint.h>

enum { KEYED_MAX = 4096 };

/* The hash stands beside the number, so that a slot of another key is passed without a look at its
 * entry. */
struct keyed_slot {
    uint32_t hash;
    uint32_t number; /* of an entry + 1; 0: free */
};

struct keyed {
    size_t n;
    void **entry; /* in order of their first use; owned, each begins with its key */
    struct keyed_slot *slot;
    uint64_t omitted; /* look-ups that found no place */
};

/* The entry with that key, made of `size` zero octets behind the key when it is new; NULL when the
 * table is full. Keys are compared octet by octet: padding in them must be zero. */
void *keyed_find(struct keyed *t, const void *key, size_t key_size, size_t size);
/* Put the entries in order; compare gets pointers to pointers to them. */
void keyed_sort(struct keyed *t, size_t key_size, int (*compare)(const void *, const void *));
/* Frees the entries; what they own is their user's. */
void keyed_done(struct keyed *t);

#endif
