/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Connections that never opened, or that only one end believes in: S1 syn-unanswered, S2
 * syn-rejected-by-icmp, S3 accept-queue-overflow. */
#include "base/seq.h"
#include "decode/segment.h"
#include "detect/detect.h"
#include "flow/observe.h"

static const int64_t syn_patience =
    3 * NS_PER_S; /* the first SYN copy comes after 1 s, on old stacks after 3 */

static void unanswered(struct scene *s)
{
    const struct life *l = s->life;
    unsigned copies = 0;
    int last = 0;

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *st = l->step[i];

        if (st->of_other || st->kind != STEP_SEGMENT)
            return; /* somebody answered */
        if (st->seen & SEEN_SYN_COPY) {
            copies++;
            last = (int)i;
        }
    }
    int64_t silence = l->eoc - step_time(s, last);
    bool enough = copies >= 2 && l->eoc - step_time(s, 0) >= syn_patience;
    if (!enough && (!copies || silence < syn_patience)) {
        undetermined(s, FINDING_SYN_UNANSWERED, DOUBT_CAPTURE_END, l->eoc - step_time(s, 0),
                     step_time(s, last) - step_time(s, 0) + syn_patience);
        return;
    }
    struct draft d = draft(s, FINDING_SYN_UNANSWERED, SEVERITY_NOTICE, 0.9, !s->flow->client);
    for (size_t i = 0; i < l->n_steps; i++)
        draft_evidence(&d, (int)i, i ? "SYN copy" : "SYN");
    draft_count(&d, "syn_copies", copies);
    draft_seconds(&d, "silent_for", silence);
    draft_text(&d, "%s sent its SYN %u times over %s and %s never answered.",
               s->name[s->flow->client], copies + 1, span(s, step_time(s, last) - step_time(s, 0)),
               s->name[!s->flow->client]);
    draft_raise_as_is(&d);
}

static void rejected(struct scene *s)
{
    const struct life *l = s->life;
    bool v6 = !addr_is_v4(&s->flow->key.addr[0]);

    for (size_t i = 0; i < l->n_steps; i++) {
        if (l->step[i]->kind != STEP_ICMP)
            continue;
        unsigned type = l->step[i]->icmp >> 8, code = l->step[i]->icmp & 0xff;
        const char *name = icmp_error_name(v6, type, code);
        struct draft d =
            draft(s, FINDING_SYN_REJECTED_BY_ICMP, SEVERITY_NOTICE, 0.95, !s->flow->client);
        draft_evidence(&d, 0, "SYN");
        draft_evidence(&d, (int)i, "ICMP error");
        draft_count(&d, "type", type);
        draft_count(&d, "code", code);
        draft_text(&d, "The SYN of %s to %s was answered by an ICMP error, type %u code %u%s%s.",
                   s->name[s->flow->client], s->name[!s->flow->client], type, code,
                   name ? ": " : "", name ? name : "");
        draft_raise_as_is(&d);
        return;
    }
}

static bool repeats_synack(const struct scene *s)
{
    if (!(s->life->survey.seen & SEEN_SYN_COPY))
        return false;
    for (size_t i = 0; i < s->life->n_steps; i++) {
        const struct step *st = s->life->step[i];

        if (st->kind == STEP_SEGMENT && (st->seen & SEEN_SYN_COPY) &&
            (int)st->dir != s->flow->client)
            return true;
    }
    return false;
}

/* The server repeats its SYN-ACK behind data of the client that acknowledged it. */
static void queue_overflow(struct scene *s)
{
    const struct life *l = s->life;
    int client = s->flow->client, data = -1, first = -1;
    unsigned copies = 0;

    if (!repeats_synack(s) || s->flow->side[!client].bytes)
        return;
    struct draft d = draft(s, FINDING_ACCEPT_QUEUE_OVERFLOW, SEVERITY_WARNING, 0.8, !client);

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *st = l->step[i];
        bool from_client = (int)st->dir == client;

        if (st->kind == STEP_ICMP || st->of_other)
            continue;
        if (from_client && (st->kind == STEP_FOLD ? st->bytes > 0 : st->len > 0) && data < 0)
            data = (int)i;
        if (st->kind == STEP_SEGMENT && !from_client && (st->flags & TCP_SYN) &&
            (st->seen & SEEN_SYN_COPY) && data >= 0) {
            first = first < 0 ? (int)i : first;
            draft_evidence(&d, (int)i, "SYN-ACK again");
            copies++;
        }
    }
    if (!copies)
        return;
    draft_evidence(&d, data, "data of the client");
    draft_count(&d, "synack_copies", copies);
    draft_text(&d,
               "%s repeats its SYN-ACK %u time%s although %s acknowledged it and sent data: its "
               "accept queue is full, and the "
               "client believes it is connected.",
               s->name[!client], copies, copies == 1 ? "" : "s", s->name[client]);
    draft_raise(&d);
}

/* A copy of the client's first octets, and small enough for every path. */
static bool repeats_first_data(const struct scene *s, const struct step *st)
{
    enum { FITS_EVERYWHERE = 536 };
    int client = s->flow->client;

    return st->kind == STEP_SEGMENT && (int)st->dir == client && !st->of_other &&
           (st->seen & SEEN_RETRANSMISSION) && st->len <= FITS_EVERYWHERE &&
           st->seq == s->flow->side[client].isn + 1;
}

/* Behind a SYN cookie the server repeats nothing: it has forgotten the SYN, and drops what it has
 * no room for until a copy of the client's first data finds some. A path that loses all of them but
 * the last looks the same. */
static void ignored(struct scene *s)
{
    enum { LOGGED_LEAST = 2 }; /* the first copy is not in the log */
    const struct life *l = s->life;
    int data = -1, last = -1;
    unsigned logged = 0;

    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *st = l->step[i];
        bool fold = st->kind == STEP_FOLD, octets = fold ? st->bytes > 0 : st->len > 0;

        if (st->kind == STEP_ICMP || st->of_other || (!fold && (st->flags & TCP_SYN)))
            continue;
        if ((int)st->dir != s->flow->client)
            break;
        data = data < 0 && octets ? (int)i : data;
        last = repeats_first_data(s, st) ? (int)i : last;
        logged += last == (int)i;
    }
    int64_t lasted = logged < LOGGED_LEAST ? 0 : step_time(s, last) - step_time(s, data);
    if (lasted < NS_PER_S)
        return;
    struct draft d =
        draft(s, FINDING_ACCEPT_QUEUE_OVERFLOW, SEVERITY_WARNING, 0.5, !s->flow->client);
    draft_evidence(&d, data, "data of the client");
    draft_evidence(&d, last, "last copy of it");
    draft_count(&d, "data_copies", logged + 1);
    draft_seconds(&d, "ignored_for", lasted);
    draft_text(
        &d,
        "%s answered the SYN of %s, then ignored its first data for %s and took them when "
        "they came the %uth time. A full accept queue behind SYN cookies looks like this; so "
        "does a path that loses the others.",
        s->name[!s->flow->client], s->name[s->flow->client], span(s, lasted), logged + 2);
    draft_raise(&d);
}

/* Whether data of the client had to be repeated, and were taken in the end; all in sight. */
static bool repeated_until_taken(const struct scene *s)
{
    const struct side *client = &s->flow->side[s->flow->client];

    return (s->life->survey.seen & SEEN_RETRANSMISSION) && !s->life->flags_only &&
           s->life->handshake == HANDSHAKE_COMPLETE && (client->bits & SIDE_ACKED) &&
           seq_gt(client->una, client->isn + 1) &&
           !((client->bits | s->flow->side[!s->flow->client].bits) & SIDE_GAP);
}

static void run(struct scene *s)
{
    if (s->verdict->kind == CLOSE_NO_ANSWER && s->life->handshake == HANDSHAKE_SYN_ONLY &&
        !raised(s, FINDING_TW_REUSE_REFUSED))
        unanswered(s);
    if (s->verdict->kind == CLOSE_REFUSED)
        rejected(s);
    if (s->verdict->kind == CLOSE_STRAY || s->life->one_directional)
        return;
    queue_overflow(s);
    if (repeated_until_taken(s) && !raised(s, FINDING_ACCEPT_QUEUE_OVERFLOW))
        ignored(s);
}

const struct detector detect_opening = {.name = "opening", .run = run};
