/* SPDX-License-Identifier: BSD-2-Clause */
#include "extract.h"

#include "base/xalloc.h"
#include "capture/dump.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FRAGMENTS_MAX = 1 << 20 }; /* remembered records of fragments; later ones are not written */

enum choice {
    CHOICE_NONE,
    CHOICE_WANTED,
    CHOICE_UNWANTED
}; /* NONE: never judged, so no connection */

/* A record that waited for the rest of its datagram. */
struct fragment_owner {
    uint64_t packet;
    uint32_t file;
    struct tracker_owner owner;
};

struct extract {
    uint8_t *choice; /* by stream, enum choice */
    size_t n_chosen;
    struct fragment_owner *fragment;
    size_t n_fragments;
    uint64_t forgotten; /* fragments beyond FRAGMENTS_MAX */
    int link_type;      /* of the packets of connections; -1: none came */
    uint16_t interface; /* of the latest of them */
    bool mixed;         /* they are of several types or interfaces */
    bool watched;       /* the first reading was seen */
    /* the second reading, and before it one to watch where the first was not */
    struct pipeline again;
    const struct options *options;
    FILE *out;
    uint64_t packets;
    struct model_summary *counts;
    const struct pipeline *first;
    struct dump *dump;
};

struct extract *extract_new(void)
{
    struct extract *e = xcalloc(1, sizeof *e);

    e->link_type = -1;
    return e;
}

void extract_free(struct extract *e)
{
    if (!e)
        return;
    free(e->choice);
    free(e->fragment);
    free(e);
}

/* --- the first reading ------------------------------------------------------------------------ */

static void remember_fragments(struct extract *e, const struct decoder *decoder,
                               const struct tracker_owner *owner)
{
    size_t n;
    const struct ref *at = decoder_earlier(decoder, &n);

    for (size_t i = 0; i < n; i++) {
        if (e->n_fragments == FRAGMENTS_MAX) {
            e->forgotten += n - i;
            return;
        }
        if ((e->n_fragments & (e->n_fragments - 1)) == 0) /* full: 0, 1, 2, 4, ... */
            e->fragment = xreallocarray(e->fragment, e->n_fragments ? 2 * e->n_fragments : 1,
                                        sizeof *e->fragment);
        e->fragment[e->n_fragments++] =
            (struct fragment_owner){.packet = at[i].packet, .file = at[i].file, .owner = *owner};
    }
}

/* A pipeline_saw. */
static void watch(void *context, const struct pipeline *p, const struct packet *packet,
                  const struct tracker_owner *owner)
{
    struct extract *e = context;

    if (owner->counted == TRACKER_NOBODY)
        return;
    e->mixed |= e->link_type >= 0 &&
                (e->link_type != packet->link_type || e->interface != packet->interface);
    e->link_type = packet->link_type;
    e->interface = packet->interface;
    remember_fragments(e, p->intake.decoder, owner);
}

void extract_watch(struct extract *e, struct pipeline *p)
{
    p->saw = watch;
    p->saw_context = e;
    e->watched = true;
}

void extract_choose(struct extract *e, uint64_t stream, bool wanted)
{
    if (stream >= e->n_chosen) {
        size_t n = e->n_chosen ? e->n_chosen : 1024;

        while (n <= stream)
            n *= 2;
        e->choice = xreallocarray(e->choice, n, 1);
        memset(e->choice + e->n_chosen, CHOICE_NONE, n - e->n_chosen);
        e->n_chosen = n;
    }
    e->choice[stream] = wanted ? CHOICE_WANTED : CHOICE_UNWANTED;
}

/* --- the second reading ----------------------------------------------------------------------- */

static enum choice choice_of(const struct extract *e, uint64_t stream)
{
    return stream < e->n_chosen ? (enum choice)e->choice[stream] : CHOICE_NONE;
}

static bool is_wanted(const struct extract *e, const struct tracker_owner *owner)
{
    enum choice counted = choice_of(e, owner->counted);

    return counted == CHOICE_WANTED ||
           (counted == CHOICE_NONE && choice_of(e, owner->before) == CHOICE_WANTED);
}

static int by_record(const void *a, const void *b)
{
    const struct fragment_owner *x = a, *y = b;

    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->packet < y->packet ? -1 : x->packet > y->packet;
}

static bool is_wanted_fragment(const struct extract *e, const struct packet *packet)
{
    const struct fragment_owner key = {.packet = packet->at.packet, .file = packet->at.file};
    const struct fragment_owner *found =
        e->n_fragments ? bsearch(&key, e->fragment, e->n_fragments, sizeof key, by_record) : NULL;

    return found && is_wanted(e, &found->owner);
}

/* A pipeline_saw. */
static void write_wanted(void *context, const struct pipeline *p, const struct packet *packet,
                         const struct tracker_owner *owner)
{
    struct extract *e = context;

    (void)p;
    if (e->counts->records > e->first->summary->records) /* a file has grown since */
        return;
    if (owner->counted != TRACKER_NOBODY ? !is_wanted(e, owner) : !is_wanted_fragment(e, packet))
        return;
    const struct record r = {.t = packet->at.t,
                             .number = packet->at.packet,
                             .data = packet->data,
                             .caplen = packet->caplen,
                             .wirelen = packet->wirelen,
                             .link_type = packet->link_type,
                             .interface = packet->interface};
    dump_record(e->dump, &r);
    e->packets++;
}

/* A tracker_finished. */
static void let_go(void *context, struct connection *c, int64_t judged_at)
{
    (void)judged_at;
    tracker_release(context, c);
}

/* The link type of an extract without packets: that of the input. */
static int input_link_type(const struct input *in)
{
    const int ethernet = 1;

    for (size_t i = 0; i < input_n_files(in); i++)
        if (input_file(in, i)->link_type >= 0)
            return input_file(in, i)->link_type;
    return ethernet;
}

/* Begin to read again, for `saw`. */
static bool begin(struct extract *e, pipeline_saw *saw, struct error *err)
{
    if (!pipeline_open_again(&e->again, e->first, err)) {
        pipeline_close(&e->again);
        return false;
    }
    e->counts = xcalloc(1, sizeof *e->counts);
    pipeline_connect(&e->again, e->options, let_go, &e->again.tracker, e->counts);
    e->again.saw = saw;
    e->again.saw_context = e;
    return true;
}

static void end(struct extract *e)
{
    pipeline_close(&e->again);
    free(e->counts);
    e->counts = NULL;
}

static bool begin_to_write(struct extract *e, struct error *err)
{
    int link_type = e->link_type >= 0 ? e->link_type : input_link_type(e->first->intake.input);

    if (!begin(e, write_wanted, err))
        return false;
    if (e->n_fragments)
        qsort(e->fragment, e->n_fragments, sizeof *e->fragment, by_record);
    e->dump = dump_open(e->out, e->mixed ? DUMP_MIXED : link_type);
    e->out = NULL;
    return true;
}

bool extract_open(struct extract *e, const struct pipeline *first, const struct options *o,
                  FILE *out, struct error *err)
{
    e->first = first;
    e->options = o;
    e->out = out;
    if (e->watched ? begin_to_write(e, err) : begin(e, watch, err))
        return true;
    fclose(out);
    return false;
}

bool extract_read(struct extract *e)
{
    struct error err;

    if (!e->counts)
        return false;
    if (e->counts->records < e->first->summary->records && pipeline_read(&e->again))
        return true;
    if (e->dump)
        return false;
    end(e); /* it was watched: now it can be written */
    e->watched = true;
    return begin_to_write(e, &err);
}

const struct intake_counts *extract_counts(const struct extract *e)
{
    return &e->again.counts;
}

uint64_t extract_packets(const struct extract *e)
{
    return e->packets;
}

bool extract_close(struct extract *e, struct error *err)
{
    bool same = e->counts && e->counts->records >= e->first->summary->records;
    bool written = e->dump && dump_close(e->dump);

    if (e->out)
        fclose(e->out);
    e->dump = NULL;
    e->out = NULL;
    end(e);
    if (!same)
        error_set(err, "the input was changed while it was read: not all packets were written");
    else if (!written)
        error_set(err, "the packets could not be written");
    else if (e->forgotten)
        error_set(err, "%" PRIu64 " fragments are more than can be remembered: not written",
                  e->forgotten);
    return same && written && !e->forgotten;
}
