/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/steplog.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

size_t steplog_first(const struct steps *log)
{
    return log->most / 4u * 3;
}

/* Where push number i stands: beyond the first ones the newest overwrite the oldest of a ring. */
static size_t slot_of(const struct steps *log, uint64_t i)
{
    size_t first = steplog_first(log);

    return i < first ? (size_t)i : first + (size_t)((i - first) % (log->most - first));
}

static void give_back(struct steps *log, struct pool *chunks)
{
    if (log->cap == STEPS_CHUNK)
        pool_give(chunks, log->at);
    else
        free(log->at);
}

static uint32_t next_cap(const struct steps *log, uint32_t cap)
{
    return !cap ? STEPS_CHUNK : cap * 2 > log->most ? log->most : cap * 2;
}

static struct step *push(struct steps *log, struct pool *chunks)
{
    size_t slot = slot_of(log, log->total);

    if (slot >= log->cap) {
        uint32_t cap = next_cap(log, log->cap);
        struct step *at = cap == STEPS_CHUNK ? pool_take(chunks) : xcalloc(cap, sizeof *at);

        if (log->cap) {
            memcpy(at, log->at, log->cap * sizeof *at);
            give_back(log, chunks);
        }
        log->at = at;
        log->cap = cap;
    }
    for (int dir = 0; dir < 2; dir++)
        if (log->open_fold[dir] == slot + 1)
            log->open_fold[dir] = 0;
    log->total++;
    memset(&log->at[slot], 0, sizeof log->at[slot]);
    return &log->at[slot];
}

static struct step *push_at(struct steps *log, struct pool *chunks, const struct ref *at, int dir,
                            enum step_kind kind)
{
    struct step *step = push(log, chunks);

    step->t = at->t;
    step->packet = at->packet & 0xffffffffffu;
    step->file = at->file & 0xffffu;
    step->dir = (unsigned)dir & 1u;
    step->kind = (unsigned)kind & 3u;
    return step;
}

struct step *steplog_add(struct steps *log, struct pool *chunks, const struct segment *s, int dir,
                         uint32_t seen)
{
    struct step *step = push_at(log, chunks, &s->at, dir, STEP_SEGMENT);

    log->open_fold[0] = log->open_fold[1] = 0;
    step->seq = s->seq;
    step->ack = s->ack;
    step->len = s->len & 0xffffffu;
    step->seen = seen & 0x3fffffu;
    step->flags = s->flags & 0x1ffu;
    step->window = s->window;
    step->ip_id = s->ip_id;
    step->ttl = s->ttl;
    step->ts_val = s->ts_val;
    step->has_ts = (s->options & OPT_TIMESTAMPS) != 0;
    return step;
}

static const uint64_t fold_octets_max = 0xffffffffffu, fold_count_max = 0xffffffu;

static bool fold_is_full(const struct step *fold, const struct segment *s, uint32_t new_octets)
{
    return fold->file != s->at.file || fold->bytes + new_octets > fold_octets_max ||
           fold->segments == fold_count_max || fold->acks == fold_count_max;
}

void steplog_fold(struct steps *log, struct pool *chunks, const struct segment *s, int dir,
                  uint32_t new_octets, bool acks_too)
{
    struct step *fold = log->open_fold[dir] ? &log->at[log->open_fold[dir] - 1] : NULL;

    if (fold && fold_is_full(fold, s, new_octets))
        fold = NULL;
    if (fold) {
        ;
    } else if (s->len == 0 && !acks_too) {
        return;
    } else {
        fold = push_at(log, chunks, &s->at, dir, STEP_FOLD);
        log->open_fold[dir] = (uint16_t)(fold - log->at + 1);
    }
    fold->last_t = s->at.t;
    fold->last_packet = s->at.packet & 0xffffffffffu;
    fold->bytes = (fold->bytes + new_octets) & fold_octets_max;
    if (s->len)
        fold->segments = (fold->segments + 1u) & fold_count_max;
    else
        fold->acks = (fold->acks + 1u) & fold_count_max;
}

void steplog_icmp(struct steps *log, struct pool *chunks, const struct icmp_error *e, int dir)
{
    struct step *step = push_at(log, chunks, &e->at, dir, STEP_ICMP);

    step->icmp = (uint32_t)e->type << 8 | e->code;
    step->seq = e->seq;
}

const struct step *steplog_last(const struct steps *log)
{
    return log->total ? &log->at[slot_of(log, log->total - 1)] : NULL;
}

void steplog_done(struct steps *log, struct pool *chunks)
{
    if (log->cap)
        give_back(log, chunks);
    *log = (struct steps){0};
}

size_t steplog_kept(const struct steps *log)
{
    return log->total < log->most ? (size_t)log->total : log->most;
}

void steplog_make_room(struct steps *log, struct pool *chunks)
{
    size_t n = steplog_kept(log);

    for (log->cap = STEPS_CHUNK; log->cap < n; log->cap = next_cap(log, log->cap))
        ;
    if (!n)
        log->cap = 0;
    else
        log->at = log->cap == STEPS_CHUNK ? pool_take(chunks) : xcalloc(log->cap, sizeof *log->at);
}

const struct step **steplog_read(const struct steps *log, struct arena *arena, size_t *n,
                                 uint64_t *omitted)
{
    size_t kept = steplog_kept(log);
    const struct step **list = arena_take(arena, (kept + 1) * sizeof *list);

    *n = 0;
    *omitted = log->total - kept;
    for (; !*omitted && *n < kept; ++*n)
        list[*n] = &log->at[*n];
    for (uint64_t i = *n; i < log->total; i++) {
        if (i == steplog_first(log) && *omitted)
            i += *omitted;
        list[(*n)++] = &log->at[slot_of(log, i)];
    }
    return list;
}
