/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A five-tuple used again: T1 to T5 while an end holds TIME_WAIT (close-semantics 2.7), C1 to C3
 * while the other end has not closed at all, C6 and C7. A refused SYN and what became of it is one
 * finding of the new connection. */
#include "base/seq.h"
#include "detect/detect.h"
#include "detect/reuse_view.h"
#include "flow/observe.h"

#include <string.h>

static const int64_t timer_slack = 3 * NS_PER_S; /* Linux's timer wheel (9.22, 9.26) */
static const uint32_t linux_reuse = 65537;       /* old SND.NXT + 65535 + 2 */

/* The exchange up to the SYN-ACK: an episode, however many packets it took. */
static void cite_exchange(struct draft *d, const struct reuse_view *v)
{
    size_t end = v->synack_step >= 0 ? (size_t)v->synack_step : v->l->n_steps;

    for (size_t i = 1; i < end; i++) {
        const struct step *s = v->l->step[i];
        bool from_x = (int)s->dir == v->x;

        if (s->kind != STEP_SEGMENT)
            continue;
        if (s->flags & TCP_RST)
            draft_evidence(d, (int)i, from_x ? "RST of the opener" : "reset");
        else if (from_x && (s->seen & SEEN_SYN_COPY))
            draft_evidence(d, (int)i, "SYN copy");
        else if (!from_x && v->answer == ANSWER_ACK && (s->flags & TCP_ACK) && !s->len)
            draft_evidence(d, (int)i, "ACK with the old numbers");
    }
    draft_evidence(d, v->synack_step, "SYN-ACK");
}

static void cite(struct draft *d, const struct reuse_view *v)
{
    draft_evidence_at(d, &v->old->last, "last packet of the old connection");
    draft_evidence(d, 0, "SYN");
    cite_exchange(d, v);
    draft_stream(d, "old_stream", v->old->stream);
    if (v->holder >= 0 && v->l->time_wait_assumed[v->holder])
        d->finding.confidence *= 0.8; /* nothing is known of the holder's system */
    if (v->holder >= 0)
        draft_seconds(d, "gap", v->gap);
    draft_count(d, "isn_minus_last_seq", (int64_t)seq_diff(v->syn->seq, v->old->last_seq[v->x]));
    if (v->ts_old && v->ts_new)
        draft_count(d, "ts_newer_by", (int64_t)seq_diff(v->syn->ts_val, v->old->ts_last[v->x]));
    draft_count(d, "syn_copies", v->syn_copies);
    if (v->synack_step >= 0)
        draft_seconds(d, "delay", v->delay);
}

/* Behind a NAT the numbers of one machine say nothing about those of another (C7). */
static const char *shared_text(const struct reuse_view *v)
{
    return v->other_machine ? " Two different machines seem to share this external port (NAT)."
                            : "";
}

/* --- TIME_WAIT (2.7) -------------------------------------------------------------------------- */

/* How a refused attempt ended, and what it cost. */
static const char *resolution(struct scene *s, const struct reuse_view *v)
{
    if (v->synack_step >= 0)
        return phrase(s, "The connection came about %s late%s.", span(s, v->delay),
                      v->rst_step >= 0 ? ", after the opener's reset had ended TIME_WAIT" : "");
    if (v->rst_step >= 0 && v->syn_copies)
        return phrase(
            s,
            "The connection did not come about in %d attempts over %s: resets of the opener do not "
            "end this TIME_WAIT (RFC 1337), or a filter drops them.",
            v->syn_copies + 1, span(s, v->tried_for));
    return v->syn_copies ? phrase(s, "The connection did not come about in %d attempts over %s.",
                                  v->syn_copies + 1, span(s, v->tried_for))
                         : "The connection did not come about.";
}

static void refused(struct scene *s, const struct reuse_view *v)
{
    static const char *const how[] = {[ANSWER_ACK] = "an ACK with the old numbers",
                                      [ANSWER_RST] = "a reset",
                                      [ANSWER_SILENCE] = "silence"};
    struct draft d = draft(s, FINDING_TW_REUSE_REFUSED, SEVERITY_WARNING,
                           v->answer == ANSWER_SILENCE ? 0.6 : 0.9, v->x);

    d.finding.layer = LAYER_HOST;
    cite(&d, v);
    draft_text(&d,
               "%s re-opened its port pair %s after the close; %s, still in TIME_WAIT, answered "
               "with %s. %s%s",
               s->name[v->x], span(s, v->gap), s->name[v->z], how[v->answer], resolution(s, v),
               shared_text(v));
    draft_raise(&d);
}

static void legal(struct scene *s, const struct reuse_view *v)
{
    struct draft d = draft(s, FINDING_TW_EARLY_REUSE_LEGAL, SEVERITY_INFO, 0.9, -1);

    cite(&d, v);
    draft_text(&d, "The port pair was re-opened %s after the close, in a way the standards allow.",
               span(s, v->gap));
    draft_raise(&d);
}

static void by_holder(struct scene *s, const struct reuse_view *v)
{
    bool linux_isn = v->syn->seq == v->old->last_seq[v->x] + linux_reuse;
    struct draft d =
        draft(s, FINDING_TW_EARLY_REUSE_BY_HOLDER, SEVERITY_NOTICE, linux_isn ? 1.0 : 0.9, v->x);

    cite(&d, v);
    draft_text(&d,
               "%s reuses its own TIME_WAIT after %s (Linux tcp_tw_reuse, or a fixed source port); "
               "timestamps and a higher "
               "number protect the new connection.",
               s->name[v->x], span(s, v->gap));
    draft_raise(&d);
}

static void risky(struct scene *s, const struct reuse_view *v)
{
    struct draft d = draft(s, FINDING_TW_REUSE_RISKY, SEVERITY_WARNING, 0.7, v->x);

    cite(&d, v);
    draft_text(&d, "The port pair was re-opened after %s with only one safeguard (%s).",
               span(s, v->gap),
               v->ts_newer ? "newer timestamps; the initial number lies in the old space"
                           : "a higher initial number; no timestamps");
    draft_raise(&d);
}

static void violation(struct scene *s, const struct reuse_view *v, const char *why)
{
    bool close_to_end = v->gap >= s->life->time_wait[v->holder] / 10 * 9;
    struct draft d = draft(s, FINDING_TW_2MSL_VIOLATION,
                           close_to_end ? SEVERITY_WARNING : SEVERITY_ERROR, 0.8, v->x);

    cite(&d, v);
    draft_text(&d,
               "The port pair was re-opened %s after the close although TIME_WAIT should last %s, "
               "and nothing tells old packets "
               "from new: %s.",
               span(s, v->gap), span(s, s->life->time_wait[v->holder]), why);
    draft_raise(&d);
}

/* What RFC 6191 lets the other end accept; what the kernel did is not the measure. */
static bool acceptable(const struct reuse_view *v)
{
    if (v->ts_old)
        return v->ts_newer || ((v->ts_equal || !v->ts_new) && v->seq_ok);
    return v->ts_new || v->seq_ok;
}

static void accepted_in_time_wait(struct scene *s, const struct reuse_view *v)
{
    if (v->holder != v->x) {
        if (!acceptable(v))
            violation(s, v,
                      v->ts_old && v->ts_new ? "the timestamp is older, and the holder ignores it"
                                             : "the initial number lies in the old space");
        else if (!v->z_isn_ok)
            violation(s, v, "the answering end's initial number lies in its old space");
        else if (v->seq_ok && (v->ts_newer || v->far))
            legal(s, v);
        else
            risky(s, v);
    } else if (!v->accepted) {
        return; /* perhaps an old SYN that the network kept: its sender did not take the answer */
    } else if (v->ts_newer && v->seq_ok) {
        by_holder(s, v);
    } else if (v->seq_ok && v->far) {
        risky(s, v);
    } else {
        violation(s, v, "the end that holds TIME_WAIT did not keep it");
    }
}

/* A reset came while the holder was in TIME_WAIT. Linux derives the next initial number from a
 * TIME_WAIT that is alive (9.17); of other systems only an accepted SYN that none would accept
 * tells. */
static bool survived(const struct reuse_view *v)
{
    int dir = v->holder;
    const struct step *first = dir == v->x           ? v->syn
                               : v->synack_step >= 0 ? v->l->step[v->synack_step]
                                                     : NULL;
    const char *system = v->l->time_wait_name[dir];

    if (!first || !v->old->numbered[dir])
        return true;
    if (system && strcmp(system, "linux") == 0)
        return first->seq == v->old->last_seq[dir] + linux_reuse;
    return dir == v->x || acceptable(v);
}

static void assassinated(struct scene *s, const struct reuse_view *v)
{
    bool protected = v->seq_ok && (v->ts_newer || v->far);
    struct draft d =
        draft(s, FINDING_TW_ASSASSINATED, protected ? SEVERITY_WARNING : SEVERITY_ERROR, 0.8, -1);

    if (v->gap >= v->l->time_wait[v->holder] - timer_slack || !v->accepted)
        return;
    draft_evidence_at(&d, &v->old->killed[v->holder], "RST that ended TIME_WAIT");
    cite(&d, v);
    draft_text(&d,
               "A reset ended the TIME_WAIT of %s, and the port pair was re-opened %s after the "
               "close%s.",
               s->name[v->holder], span(s, v->gap),
               protected ? "; numbers or timestamps still tell old packets from new"
                         : ", with nothing that tells old packets from new");
    draft_raise(&d);
}

static void time_wait(struct scene *s, const struct reuse_view *v)
{
    bool was_refused =
        v->answer == ANSWER_ACK || v->answer == ANSWER_RST || v->answer == ANSWER_SILENCE;
    int64_t slack = timer_slack < s->life->time_wait[v->holder] / 4
                        ? timer_slack
                        : s->life->time_wait[v->holder] / 4;

    if (!v->old->both_acked)
        return;
    if (was_refused && v->holder == v->z) {
        refused(s, v);
        return;
    }
    if (v->other_machine) /* nothing follows from their numbers */
        return;
    if (v->gap >= s->life->time_wait[v->holder] - slack || v->answer != ANSWER_SYNACK)
        return;
    if (!v->old->whole || !v->old->numbered[v->x])
        undetermined(s, FINDING_TW_2MSL_VIOLATION, v->old->whole ? DOUBT_CAPTURE_START : DOUBT_GAP,
                     0, 0);
    else
        accepted_in_time_wait(s, v);
}

/* --- the other end has not closed (3) --------------------------------------------------------- */

static const char *outcome(struct scene *s, const struct reuse_view *v)
{
    if (v->synack_step >= 0)
        return phrase(s, "after %s it was accepted%s", span(s, v->delay),
                      v->rst_step >= 0 ? ", once a reset had ended the old connection" : "");
    if (v->answer == ANSWER_RST)
        return "it was reset";
    return v->syn_copies ? "the attempt stalls" : "nothing came of it";
}

static void collision(struct scene *s, const struct reuse_view *v, enum finding_id id,
                      enum severity severity, double confidence)
{
    struct draft d = draft(s, id, severity, confidence, v->x);

    d.finding.layer = LAYER_HOST;
    cite(&d, v);
    draft_text(&d, "%s tried a new connection on a port pair that %s still has in %s: %s.%s",
               s->name[v->x], s->name[v->z], tcp_state_name(v->old->state[v->z]), outcome(s, v),
               shared_text(v));
    draft_raise(&d);
}

/* C1 and C2 need an outcome (9.4), and an answer other than the SYN-ACK at once, which says that
 * the close was missed. */
static bool has_outcome(const struct reuse_view *v)
{
    return v->answer != ANSWER_NONE && v->answer != ANSWER_SYNACK &&
           (v->accepted || v->answer == ANSWER_RST || v->syn_copies > 0 || v->rst_step >= 0);
}

static void not_closed(struct scene *s, const struct reuse_view *v)
{
    if (v->old->maybe_closed[v->z]) { /* an end in TIME_WAIT would answer alike */
        if (has_outcome(v))
            undetermined(s, FINDING_TUPLE_COLLISION_CLOSING, DOUBT_CAPTURE_START, 0, 0);
        return;
    }
    switch (v->old->state[v->z]) {
    case ST_SYN_RCVD:
        if (v->answer == ANSWER_RST || v->answer == ANSWER_ACK)
            collision(s, v, FINDING_TUPLE_COLLISION_HANDSHAKE, SEVERITY_NOTICE, 0.8);
        break;
    case ST_ESTABLISHED:
        if (has_outcome(v))
            collision(s, v, FINDING_TUPLE_COLLISION_ESTABLISHED, SEVERITY_ERROR, 0.9);
        break;
    case ST_CLOSE_WAIT:
        if (has_outcome(v))
            collision(s, v, FINDING_TUPLE_COLLISION_CLOSING, SEVERITY_ERROR, 0.85);
        break;
    case ST_FIN_WAIT_1:
    case ST_FIN_WAIT_2:
    case ST_CLOSING:
    case ST_LAST_ACK:
        if (has_outcome(v))
            collision(s, v, FINDING_TUPLE_COLLISION_CLOSING, SEVERITY_WARNING, 0.85);
        break;
    default:
        break;
    }
}

/* --- numbers and machines --------------------------------------------------------------------- */

/* The new numbers run over old ones, and no timestamps tell them apart (RFC 6528). */
static void overlap(struct scene *s, const struct reuse_view *v)
{
    uint32_t below = v->old->last_seq[v->x] - v->syn->seq;
    uint32_t window = v->old->max_window[v->z] ? v->old->max_window[v->z] : 65535;

    if (!v->accepted || !v->old->numbered[v->x] || (v->ts_old && v->ts_new) || v->old->by_reset ||
        below == 0 || below > window || !seq_gt(v->syn->seq, v->old->isn[v->x]))
        return;
    struct draft d = draft(s, FINDING_ISN_SPACE_OVERLAP, SEVERITY_WARNING, 0.7, v->x);
    d.finding.layer = LAYER_HOST;
    cite(&d, v);
    draft_count(&d, "overlap", below);
    draft_text(&d,
               "The initial number of the new connection lies %u octets below the end of the old "
               "one's: the numbers overlap.",
               below);
    draft_raise(&d);
}

static void shared_port(struct scene *s, const struct reuse_view *v)
{
    struct draft d = draft(s, FINDING_NAT_PORT_REUSE, SEVERITY_NOTICE, 0.5, -1);

    d.finding.layer = LAYER_PATH;
    draft_evidence_at(&d, &v->old->first, "first SYN");
    draft_evidence(&d, 0, "second SYN");
    draft_stream(&d, "old_stream", v->old->stream);
    draft_count(&d, "old_ttl", v->old->syn_ttl[v->x]);
    draft_count(&d, "ttl", v->flow->side[v->x].syn_ttl);
    draft_text(&d,
               "Two different machines seem to share the external port %s: their SYNs differ in "
               "TTL and options.",
               s->name[v->x]);
    draft_raise(&d);
}

static void run(struct scene *s)
{
    struct reuse_view v;
    size_t before = s->n_findings;

    if (!reuse_view(s, &v))
        return;
    if (v.other_machine)
        shared_port(s, &v);
    if (v.holder >= 0 && v.killed && !survived(&v))
        assassinated(s, &v);
    else if (v.holder >= 0)
        time_wait(s, &v);
    else
        not_closed(s, &v);
    if (s->n_findings == before)
        overlap(s, &v);
}

const struct detector detect_reuse = {.name = "reuse", .run = run};
