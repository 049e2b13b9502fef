/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A bounded table of things that are found by a key: hosts, services, pairs. What finds no place is
 * counted, so that it can be told. */
#ifndef LASTACK_DETECT_KEYED_H
#define LASTACK_DETECT_KEYED_H

#include <stddef.h>
#include <stdint.h>

enum { KEYED_MAX = 4096 };

/* The hash stands beside the entry, so that a slot of another key is passed without a look at it.
 */
struct keyed_slot {
    void *entry; /* NULL: free */
    uint32_t hash;
};

struct keyed {
    size_t n;
    void **entry; /* in order of their first use; owned, each begins with its key */
    struct keyed_slot *slot;
    uint64_t omitted; /* look-ups that found no place */
};

enum { KEYED_KEY = 40 }; /* octets of a key at most */

/* Where an entry is or will be, for who looks up many at once: memory is far away, so first all
 * places are prepared, then all entries are fetched, then they are used. */
struct keyed_place {
    struct keyed *table;
    uint32_t hash;
    uint32_t key_size;
    uint64_t key[KEYED_KEY / sizeof(uint64_t)];
    void *entry; /* from keyed_enter() */
};

/* The place of a key, which is copied; its slot is fetched. */
struct keyed_place keyed_place(struct keyed *t, const void *key, size_t key_size);
/* Fetch the first `octets` of the entry, if there is one. */
void keyed_fetch(const struct keyed_place *p, size_t octets);
/* keyed_find() for a place: sets p->entry and returns it. */
void *keyed_enter(struct keyed_place *p, size_t size);

/* The entry with that key, made of `size` zero octets behind the key when it is new; NULL when the
 * table is full. Keys are compared octet by octet: padding in them must be zero. */
void *keyed_find(struct keyed *t, const void *key, size_t key_size, size_t size);
/* Put the entries in order; compare gets pointers to pointers to them. */
void keyed_sort(struct keyed *t, size_t key_size, int (*compare)(const void *, const void *));
/* Frees the entries; what they own is their user's. */
void keyed_done(struct keyed *t);

#endif
