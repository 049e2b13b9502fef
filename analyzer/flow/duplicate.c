/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/duplicate.h"

#include <stddef.h>

/* 32 bits of what must be equal in two records of one packet. The TCP checksum is left out: offload
 * fills it in between two taps of one host. */
static uint32_t fingerprint(const struct segment *s)
{
    uint64_t h = 0x9e3779b97f4a7c15u;
    uint64_t parts[] = {
        (uint64_t)s->seq << 32 | s->ack,
        (uint64_t)s->len << 32 | (uint32_t)s->flags << 16 | s->window,
        (s->options & OPT_TIMESTAMPS) ? (uint64_t)s->ts_val << 32 | s->ts_ecr : s->options,
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        h = (h ^ parts[i]) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    return (uint32_t)h;
}

bool duplicate_record(struct side *side, const struct segment *s)
{
    struct recent *last = &side->recent;
    struct recent now = {
        .print = fingerprint(s),
        .t_us = (uint32_t)((uint64_t)s->at.t / 1000),
        .via = s->via,
        .ip_id = s->ip_id,
        .ttl = s->ttl,
        .valid = true,
    };
    bool duplicate = false;

    if (last->valid && last->print == now.print) {
        uint32_t apart = now.t_us - last->t_us;
        bool elsewhere = now.via != last->via || now.ttl != last->ttl;
        bool same_id = now.ip_id && now.ip_id == last->ip_id;
        /* Identical pure ACKs with IP id 0 are legitimate; TCP repeats what it numbers only after
         * 10 ms or more. */
        bool numbered = segment_seq_len(s) > 0;

        duplicate = (same_id && apart <= 5000) || (elsewhere && apart <= 1000) ||
                    (elsewhere && now.via != last->via && apart <= 5000 && now.ttl != last->ttl) ||
                    (numbered && now.ip_id == last->ip_id && apart < 1000);
    }
    if (!duplicate)
        *last = now;
    return duplicate;
}
