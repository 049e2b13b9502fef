/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Encapsulations as small numbers: few different ones occur in a capture, so a segment carries a
 * number and the text is made once. */
#ifndef LASTACK_DECODE_PATH_H
#define LASTACK_DECODE_PATH_H

#include <stdint.h>

enum { PATHS = 4096, PATH_LAYERS = 8 };

/* The tags of one packet, outermost first. */
struct path_key {
    uint32_t n;
    uint16_t vlan[PATH_LAYERS];
};

struct path_entry {
    struct path_key key;
    char *text;
};

struct path_table {
    struct path_entry *entries; /* number 1 is entries[0] */
    uint32_t n, last;
};

/* The number of an encapsulation, from 1; 0 for none, and when there are more than PATHS different
 * ones. */
uint16_t path_number(struct path_table *t, const struct path_key *key);
/* "vlan 12, vlan 7"; "" for 0. */
const char *path_text(const struct path_table *t, uint16_t number);
void path_done(struct path_table *t);

#endif
