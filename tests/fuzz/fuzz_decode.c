/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The decoder alone. The input is a link type (one octet, an index into the table below) and then
 * records, each a length of two octets and its content; so fragments and tunnels of several records
 * meet in one decoder. */
#include "decode/decode.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Link types: those that are decoded, the numbers that some systems use instead, and an unknown
 * one. New ones go to the end, so that old inputs stay what they are. */
static const int link_types[] = {0,   1,   101, 108, 113, 228, 229, 276, 9999, 9,   11,  12,  13,
                                 14,  50,  51,  100, 104, 105, 107, 109, 117,  119, 127, 149, 163,
                                 166, 178, 179, 180, 181, 192, 204, 219, 239,  240, 242, 258};

/* A record in memory of its exact size, so that a sanitizer sees the first octet read beyond it. */
static void decode_record(struct decoder *d, int link_type, uint64_t number, const uint8_t *data,
                          uint32_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy)
        return;
    memcpy(copy, data, len);
    struct packet packet = {
        .at = {.packet = number, .t = (int64_t)number * 1000000},
        .data = copy,
        .caplen = len,
        .wirelen = number % 2 ? len : len + 100,
        .link_type = link_type,
    };
    struct segment segment;
    struct icmp_error icmp;
    if (decode_packet(d, &packet, &segment, &icmp) == DECODE_SEGMENT)
        decoder_path(d, segment.path);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct decoder *d = decoder_new();
    int link_type = link_types[data[0] % (sizeof link_types / sizeof *link_types)];
    size_t at = 1;
    for (uint64_t number = 1; size - at >= 2; number++) {
        size_t len = (size_t)data[at] << 8 | data[at + 1];
        at += 2;
        if (len > size - at)
            len = size - at;
        decode_record(d, link_type, number, data + at, (uint32_t)len);
        at += len;
    }
    decoder_finish(d);
    decoder_free(d);
    return 0;
}
