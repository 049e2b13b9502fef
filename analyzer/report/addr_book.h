/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Addresses by number: millions of connections have few different ones. */
#ifndef LASTACK_REPORT_ADDR_BOOK_H
#define LASTACK_REPORT_ADDR_BOOK_H

#include "base/addr.h"

#include <stddef.h>

struct addr_book {
    struct addr *addr; /* by number; owned */
    size_t n, cap;
    uint32_t *slot; /* a hash table of numbers + 1; owned */
    size_t n_slots; /* a power of two */
};

/* {0} is an empty book. The number of an address, the same each time. */
uint32_t addr_book_number(struct addr_book *b, const struct addr *a);
void addr_book_done(struct addr_book *b);

#endif
