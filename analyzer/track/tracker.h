/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The engine's inner loop: each segment goes to its connection and into its step log; a connection
 * that ended and that nothing can change any more is handed on and forgotten. The result for a
 * connection depends on its own segments, the options and the end of the capture, never on other
 * connections. */
#ifndef LASTACK_TRACK_TRACKER_H
#define LASTACK_TRACK_TRACKER_H

#include "base/arena.h"
#include "base/pool.h"
#include "decode/decode.h"
#include "flow/table.h"
#include "track/connection.h"
#include "track/settings.h"

/* Takes over a finished connection. judged_at: up to when its silence is known, ns. The receiver
 * calls tracker_release() when it is done with it, then or later. */
typedef void tracker_finished(void *context, struct connection *c, int64_t judged_at);

/* A finished connection that rested, as it is kept (frozen.h). */
struct rested {
    const uint8_t *octets;        /* valid during the call */
    size_t size;                  /* at most so many of them mean something */
    uint16_t clock_steps, losses; /* these count, not those in the octets */
    int64_t judged_at;
};

/* The connection, all of it in the arena. */
struct connection *rested_thaw(const struct rested *r, struct arena *arena);

/* The same for one that rested, which needs no release: for who puts it aside. */
typedef void tracker_rested(void *context, const struct rested *r);

/* Hears of a connection when its first segment was taken into account, for those who show what is
 * not finished yet. */
typedef void tracker_began(void *context, const struct connection *c);
/* The connection of that number was none: it will never be handed on. */
typedef void tracker_dropped(void *context, uint64_t stream);

/* Which connection a packet belongs to, by stream; TRACKER_NOBODY: none. */
struct tracker_owner {
    uint64_t counted; /* the one that counts it */
    uint64_t before;  /* to which it belongs if `counted` turns out to be none: the incarnation
                         before a SYN that may not be accepted */
};

#define TRACKER_NOBODY UINT64_MAX

/* Flows that are not packed. */
enum whole_list {
    WHOLE_LIVE,
    WHOLE_OVER, /* those in FLOW_OVER */
    WHOLE_LISTS
};

struct whole_queue {
    struct flow *first, *last;
    size_t n;
};

struct tracker {
    struct flow_table flows;
    struct pool chunks; /* of STEPS_CHUNK steps */
    int64_t linger;     /* ns: an ended connection is kept so long, for its TIME_WAIT and strays */
    const struct settings *settings;
    const uint32_t *tap_of; /* by file; see flow/taps.h */
    int64_t *clock;         /* by tap: the latest time of its records, ns */
    uint16_t clock_steps;   /* this and the next: of the latest record */
    uint16_t losses;
    tracker_finished *finished;
    tracker_began *began; /* these three: NULL unless the user sets them after tracker_init() */
    tracker_dropped *dropped;
    tracker_rested *rested; /* NULL: whole ones only are handed on */
    void *context;
    struct whole_queue whole[WHOLE_LISTS]; /* see keep.h */
    size_t whole_least;                    /* so many may be whole at any rate; tests set it to 0 */
    const struct flow_entry *due_of;       /* the first that is over: */
    int64_t due;                           /* until when it is waited for, ns */
    uint32_t due_tap;
    struct flow_entry **ending; /* what is left to hand on at the end, in order of stream; NULL
                                    before */
    size_t n_ending, ended;
    struct arena found;            /* of tracker_find() */
    unsigned tenants;              /* highest flow_key.tenant so far */
    struct tracker_owner owner;    /* of the latest segment or ICMP error */
    uint64_t segments, duplicates; /* counted over the capture */
    struct limits evicted;         /* what each limit took, as limits.h says */
};

/* A record on its way into the tracker. */
struct tracker_record {
    enum decode_kind kind; /* which of the last two is valid */
    uint32_t file;
    int64_t t;
    uint16_t clock_steps; /* this and the next: see struct record */
    uint16_t losses;
    bool translated;  /* no record, but the news that the connection of this SYN-ACK, which was
                         taken before, is a copy (flow/translation.h); of the rest nothing counts */
    uint64_t ordinal; /* the number of a connection that begins with it; 0: numbers are counted */
    struct flow_lookup lookup; /* of a segment; made with the keying of the tracker's flows, which
                                  another thread may have done. The tracker changes it */
    union {
        struct segment segment;
        struct icmp_error icmp;
    };
};

/* settings: what is assumed, borrowed. tap_of: the tap of each file, borrowed; n_taps
 * of them. */
void tracker_init(struct tracker *t, const struct settings *settings, const uint32_t *tap_of,
                  uint32_t n_taps, tracker_finished *finished, void *context);
/* Free everything. Counts stay; nothing is found any more. More calls of it do no harm. */
void tracker_done(struct tracker *t);
/* Take records into account, in order. Records without a segment are needed, too: their times tell
 * what has been quiet long enough to be handed on. An ICMP error that quotes a SYN which is still
 * unanswered refuses it (RFC 9293 3.9.2.2, close-semantics 1.7). Many at once are faster: memory is
 * asked for ahead. */
void tracker_take(struct tracker *t, struct tracker_record *records, size_t n);
/* The capture ends with the latest record of each tap: hand on everything, in order of stream, and
 * free it. */
void tracker_end(struct tracker *t);
/* The same in pieces: hand on at most n connections. False when there are no more, and everything
 * is freed, as by tracker_done(). No segment may come in between. */
bool tracker_end_some(struct tracker *t, size_t n);
/* A connection that was not handed on yet, or NULL; *judged_at: up to when its silence is known.
 * Valid until the next call of any function here. */
const struct connection *tracker_find(struct tracker *t, const struct flow_key *key,
                                      uint64_t stream, int64_t *judged_at);
void tracker_release(struct tracker *t, struct connection *c);

#endif
