/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The options at the end of a pcapng block: code, length, value, filled up to four octets. */
#ifndef LASTACK_CAPTURE_PCAPNG_OPTIONS_H
#define LASTACK_CAPTURE_PCAPNG_OPTIONS_H

#include "capture/octets.h"

enum pcapng_option_code {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_IF_NAME = 2,
    OPTION_IF_DESCRIPTION = 3,
    OPTION_IF_TSRESOL = 9,
    OPTION_IF_TSOFFSET = 14,
    OPTION_EPB_DROPCOUNT = 4,
    OPTION_ISB_IFDROP = 5,
    OPTION_ISB_OSDROP = 7,
};

struct pcapng_option {
    uint16_t code, len;
    const uint8_t *value; /* len octets */
};

/* Take the next option off [*at, end). False when there is none, or when it does not fit. */
static inline bool pcapng_option(const uint8_t **at, const uint8_t *end, bool big,
                                 struct pcapng_option *o)
{
    if (end - *at < 4)
        return false;
    o->code = octets_u16(*at, big);
    o->len = octets_u16(*at + 2, big);
    o->value = *at + 4;
    if (o->code == OPTION_END || end - o->value < o->len)
        return false;
    size_t padded = (o->len + 3u) & ~3u;
    *at = (size_t)(end - o->value) < padded ? end : o->value + padded;
    return true;
}

#endif
