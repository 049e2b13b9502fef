/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/duplicate.h"

/* 32 bits of what must be equal in two records of one packet. The TCP checksum is left out: offload
 * fills it in between two taps of one host. */
static uint32_t fingerprint(const struct segment *s)
{
    uint64_t numbers = (uint64_t)s->seq << 32 | s->ack;
    uint64_t shape = (uint64_t)s->len << 32 | (uint32_t)s->flags << 16 | s->window;
    uint64_t extra =
        s->options & OPT_TIMESTAMPS ? (uint64_t)s->ts_val << 32 | s->ts_ecr : s->options;

    numbers *= 0xff51afd7ed558ccdu;
    shape *= 0x9e3779b97f4a7c15u;
    extra *= 0xc2b2ae3d27d4eb4fu;
    return (uint32_t)((numbers ^ numbers >> 32) + (shape ^ shape >> 32) + (extra ^ extra >> 32));
}

/* Within how many microseconds a copy comes: always, and where nothing else speaks for it. */
enum { COPY_US = 5000, SAME_US = 1000 };

/* Whether `now` is a record of the packet that `was` is a record of. numbered: it takes sequence
 * space, which TCP repeats after 10 ms at the earliest. Identical pure ACKs with IP id 0 are
 * legitimate, so a pure ACK needs more than its own likeness. */
static bool copy_of(const struct recent *was, const struct recent *now, bool numbered)
{
    uint32_t apart = now->t_us - was->t_us;

    if (!was->valid || was->print != now->print)
        return false;
    if (apart > UINT32_MAX / 2) /* interfaces out of order by a little */
        apart = -apart;
    bool other_link = now->via != was->via, hop = now->ttl != was->ttl;
    bool same_id = now->ip_id == was->ip_id;

    if (apart <= SAME_US && (other_link || hop || (numbered && same_id && apart < SAME_US)))
        return true;
    return apart <= COPY_US && ((same_id && now->ip_id) || (other_link && (hop || numbered)));
}

/* Records of other places lie between a packet and its copy. */
static bool seen_before(const struct flow_extra *x, int dir, const struct recent *now,
                        bool numbered)
{
    for (int i = 0; i < RECENTS; i++)
        if (copy_of(&x->recent[dir][i], now, numbered))
            return true;
    return false;
}

static void remember(struct flow_extra *x, int dir, const struct recent *r)
{
    x->recent[dir][x->recent_at[dir]] = *r;
    x->recent_at[dir] = (uint8_t)((x->recent_at[dir] + 1) % RECENTS);
}

/* Whether `now` is a second record, looked for where `last` or the records of another place give
 * reason to. */
static bool is_copy(struct flow *f, int dir, const struct recent *now, bool numbered)
{
    const struct recent *last = &f->side[dir].recent;

    if (copy_of(last, now, numbered))
        return true;
    if (f->duplicates || (last->valid && last->via != now->via)) {
        struct flow_extra *x = flow_extra(f);

        if (seen_before(x, dir, now, numbered))
            return true;
        if (last->valid)
            remember(x, dir, last);
    }
    return false;
}

bool duplicate_record(struct flow *f, int dir, const struct segment *s)
{
    struct recent *last = &f->side[dir].recent;
    uint32_t print = fingerprint(s), t_us = (uint32_t)((uint64_t)s->at.t / 1000);
    bool suspect = last->valid && (last->print == print || last->via != s->via);

    if (suspect || f->duplicates) {
        const struct recent now = {.print = print,
                                   .t_us = t_us,
                                   .via = s->via,
                                   .ip_id = s->ip_id,
                                   .ttl = s->ttl,
                                   .valid = true};

        if (is_copy(f, dir, &now, segment_seq_len(s) > 0))
            return true;
    }
    /* Field by field: a load of all at once would wait for the stores that made them. */
    last->print = print;
    last->t_us = t_us;
    last->via = s->via;
    last->ip_id = s->ip_id;
    last->ttl = s->ttl;
    last->valid = true;
    return false;
}
