/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/reset_findings.h"

static void cite(struct draft *d, const struct reset_view *v, const char *trigger_role)
{
    const struct step *t = v->trigger >= 0 ? v->l->step[v->trigger] : NULL;

    if (t && t->kind == STEP_FOLD) {
        struct ref last = {.t = t->last_t, .packet = t->last_packet, .file = t->file};
        draft_evidence_at(d, &last, trigger_role);
    } else if (t) {
        draft_evidence(d, v->trigger, trigger_role);
    }
    draft_evidence(d, v->at, "RST");
}

static void raise_refused(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_RST_REFUSED, SEVERITY_NOTICE, confidence, v->x);

    if (raised(s, FINDING_TUPLE_COLLISION_HANDSHAKE) ||
        raised(s, FINDING_TUPLE_COLLISION_ESTABLISHED) ||
        raised(s, FINDING_TUPLE_COLLISION_CLOSING) || raised(s, FINDING_TW_REUSE_REFUSED))
        return; /* told there */
    cite(&d, v, "SYN");
    draft_text(&d, "%s refused the connection of %s: nothing listens there, or a filter says so.",
               s->name[v->x], s->name[v->y]);
    draft_raise_as_is(&d);
}

static void raise_unread(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_RST_ABORT_UNREAD, SEVERITY_WARNING, confidence, v->x);

    draft_evidence(&d, v->y_data_step, "last data of the other end");
    cite(&d, v, "segment before");
    draft_count(&d, "octets_unconfirmed", reset_unconfirmed(v, v->y));
    draft_text(&d,
               "%s closed%s with input that its application had not answered, so its kernel reset "
               "the connection; %s may "
               "never see what was sent last.",
               s->name[v->x], v->x_fin ? " (after its FIN)" : "", s->name[v->y]);
    draft_raise(&d);
}

/* What was lost, as a clause. */
static const char *octets(const struct scene *s, uint32_t n, const char *which)
{
    return n ? phrase(s, "; %u octet%s%s %s never confirmed", n, n == 1 ? "" : "s", which,
                      n == 1 ? "was" : "were")
             : "";
}

static void raise_abort(struct scene *s, const struct reset_view *v, double confidence)
{
    uint32_t lost = reset_unconfirmed(v, v->x), undelivered = reset_unconfirmed(v, v->y);
    struct draft d =
        draft(s, FINDING_RST_ABORT_APP, lost || undelivered ? SEVERITY_WARNING : SEVERITY_NOTICE,
              confidence, v->x);

    cite(&d, v, "segment before");
    draft_count(&d, "octets_unconfirmed", lost);
    draft_count(&d, "octets_undelivered", undelivered);
    draft_text(
        &d, "%s aborted the connection without closing it (SO_LINGER 0, a killed process%s)%s%s.",
        s->name[v->x], v->y_data ? ", or with unread input" : "",
        octets(s, lost, " that it had sent"), octets(s, undelivered, " on their way to it"));
    draft_raise(&d);
}

static void raise_after_fin(struct scene *s, const struct reset_view *v, double confidence)
{
    uint32_t pending = reset_unconfirmed(v, v->y);

    if (v->both_acked)
        return; /* a normal end */
    struct draft d = draft(s, FINDING_RST_AFTER_FIN, pending ? SEVERITY_WARNING : SEVERITY_INFO,
                           confidence, v->x);
    draft_evidence(&d, v->l->fin[v->x].step, "FIN");
    cite(&d, v, "segment before");
    draft_count(&d, "octets_unconfirmed", pending);
    draft_text(&d, "%s closed, then reset the connection %s later: a quick disposal%s.",
               s->name[v->x], span(s, v->r->t - v->l->fin[v->x].t),
               pending ? ", with data of the other end still on the way" : "");
    draft_raise(&d);
}

static void raise_no_socket(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_RST_NO_SOCKET, SEVERITY_INFO, confidence, v->x);

    cite(&d, v, "what it answers");
    draft_text(&d, "A segment reached %s for a connection that no longer exists there.",
               s->name[v->x]);
    draft_raise(&d);
}

static void raise_half_open(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_RST_HALF_OPEN_PEER, SEVERITY_WARNING, confidence, v->x);

    d.finding.layer = LAYER_HOST;
    cite(&d, v, "what it answers");
    draft_seconds(&d, "idle", v->idle);
    uint8_t other = reset_other_ttl(v->flow, v->r);
    draft_text(&d,
               "%s no longer knew the connection when %s used it after %s of silence: it was "
               "restarted, failed over, or its state expired.%s",
               s->name[v->x], s->name[v->y], span(s, v->idle),
               other ? phrase(s,
                              " Or a box on the path answered in its name: the reset has another "
                              "TTL (%u) than all else from there (%u).",
                              v->r->ttl, other)
                     : "");
    draft_raise(&d);
}

static void raise_challenge(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_CHALLENGE_ACK_EXCHANGE, SEVERITY_INFO, confidence, -1);

    const struct transition *entered = life_entered(v->l, v->y, ST_TIME_WAIT);

    if (v->state[v->y] == ST_TIME_WAIT &&
        v->r->t - entered->t < v->l->time_wait[v->y] + 3 * NS_PER_S)
        return; /* a SYN that TIME_WAIT refused: told with the new connection (T5) */
    cite(&d, v, "challenge ACK");
    draft_text(&d,
               "%s verified a request with a challenge ACK, and %s confirmed it with this reset.",
               s->name[v->y], s->name[v->x]);
    draft_raise(&d);
}

static void raise_keep_alive(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_RST_KEEPALIVE_TIMEOUT, SEVERITY_WARNING, confidence, v->y);
    unsigned unanswered = v->flow->side[v->x].unanswered;

    for (int i = v->first_probe; i < v->at; i++)
        draft_evidence(&d, i, "keep-alive");
    draft_evidence(&d, v->at, "RST");
    draft_count(&d, "probes", unanswered);
    draft_seconds(&d, "interval", (v->r->t - step_time(s, v->first_probe)) / (int64_t)v->probes);
    draft_text(&d, "%s did not answer %u keep-alives; %s gave the connection up.", s->name[v->y],
               unanswered, s->name[v->x]);
    draft_raise(&d);
}

static void raise_forged(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_RST_INJECTION_SUSPECTED, SEVERITY_ERROR, confidence, -1);

    draft_evidence(&d, v->at, "RST");
    for (size_t i = (size_t)v->at + 1; i < v->l->n_steps && d.finding.n_evidence < 4; i++)
        if (v->l->step[i]->dir == v->r->dir)
            draft_evidence(&d, (int)i, "segment of the same end after it");
    draft_count(&d, "ttl", v->r->ttl);
    draft_count(&d, "usual_ttl", reset_usual_ttl(v));
    draft_text(&d, "This reset was probably not sent by %s: %s.", s->name[v->x],
               v->x_goes_beyond ? "it goes on talking afterwards"
               : v->x_goes_on
                   ? "its number lies ahead of everything that end sent, and it goes on below it"
               : reset_walks_the_window(v)
                   ? "it comes in steps through the window, as guessed by somebody else"
               : reset_hits_both_ends(v) ? "both ends were reset at once with the same fingerprint"
                                         : "it does not look like that end's other segments");
    draft_raise(&d);
}

static void raise_window(struct scene *s, const struct reset_view *v, double confidence)
{
    unsigned n = 0;

    for (size_t i = 0; i < v->l->n_steps; i++)
        if (v->l->step[i]->kind == STEP_SEGMENT && s->cause[i].known &&
            s->cause[i].id == FINDING_RST_OUT_OF_WINDOW)
            n++;
    struct draft d = draft(s, FINDING_RST_OUT_OF_WINDOW,
                           n >= 3 ? SEVERITY_WARNING : SEVERITY_NOTICE, confidence, -1);
    draft_evidence(&d, v->at, "RST");
    draft_count(&d, "resets", n);
    draft_text(&d, "A reset outside the window, which %s had to ignore, and did.", s->name[v->y]);
    draft_raise(&d);
}

static void raise_ineffective(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_RST_INEFFECTIVE, SEVERITY_NOTICE, confidence, -1);

    draft_evidence(&d, v->at, "RST");
    draft_text(&d,
               "A reset without effect: %s goes on, so it was lost beyond the capture point, or "
               "challenged.",
               s->name[v->y]);
    draft_raise(&d);
}

static void raise_cookie(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_RST_COOKIE, SEVERITY_INFO, confidence, -1);

    cite(&d, v, "SYN-ACK with a wrong number");
    draft_text(
        &d,
        "A filter before %s tested the client with a wrong SYN-ACK, and let the next SYN through.",
        s->name[v->y]);
    draft_raise(&d);
}

static void raise_probe(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_HALF_OPEN_PROBE, SEVERITY_INFO, confidence, v->x);
    int64_t late = v->r->t - step_time(s, 0);

    cite(&d, v, "SYN-ACK");
    if (late > NS_PER_S)
        draft_text(&d, "%s reset the answer to its SYN, which came %s late: it had given up.",
                   s->name[v->x], span(s, late));
    else
        draft_text(&d,
                   "%s opened half-way and reset at once: a health check, a scan, or an attempt "
                   "given up.",
                   s->name[v->x]);
    draft_raise(&d);
}

static void raise_accept(struct scene *s, const struct reset_view *v, double confidence)
{
    struct draft d = draft(s, FINDING_ACCEPT_ABORT, SEVERITY_WARNING, confidence, v->x);

    draft_evidence(&d, 0, "SYN");
    draft_evidence(&d, v->at, "RST");
    draft_text(&d, "%s dropped the connection before its application took it%s.", s->name[v->x],
               v->y_data ? ", or its application closed it with input unread" : "");
    draft_raise(&d);
}

static void raise_truncated(struct scene *s, const struct reset_view *v, double confidence)
{
    const struct transition *entered = life_entered(v->l, v->x, ST_TIME_WAIT);
    struct draft d = draft(s, FINDING_TW_TRUNCATED, SEVERITY_WARNING, confidence, v->x);

    draft_evidence(&d, entered->step, "start of TIME_WAIT");
    cite(&d, v, "late packet");
    draft_seconds(&d, "after", v->r->t - entered->t);
    draft_seconds(&d, "time_wait", v->l->time_wait[v->x]);
    draft_text(&d,
               "%s forgot the connection after %s instead of %s: it answered a late packet of %s "
               "with a reset.",
               s->name[v->x], span(s, v->r->t - entered->t), span(s, v->l->time_wait[v->x]),
               s->name[v->y]);
    draft_raise(&d);
}

static void raise_assassinated(struct scene *s, const struct reset_view *v, double confidence)
{
    const struct machine *m = &v->l->machine[v->x];
    struct draft d = draft(s, FINDING_TW_ASSASSINATED, SEVERITY_WARNING, confidence, -1);

    for (unsigned i = 1; i < m->n; i++) {
        if (m->path[i].event == EV_RCV_RST && m->path[i - 1].state == ST_TIME_WAIT) {
            draft_evidence(&d, m->path[i].step - 1, "ACK of the holder");
            draft_evidence(&d, m->path[i].step, "RST that ended TIME_WAIT");
        }
    }
    cite(&d, v, "later packet");
    draft_text(&d,
               "A stray old packet made %s reset the TIME_WAIT of %s: it answers as if it had no "
               "socket long before its time.",
               s->name[v->y], s->name[v->x]);
    draft_raise(&d);
}

/* A4, A6 and P5 are raised with more detail in reset_close.c. */
static const struct {
    enum finding_id cause;
    void (*raise)(struct scene *s, const struct reset_view *v, double confidence);
} raisers[] = {
    {FINDING_RST_REFUSED, raise_refused},
    {FINDING_RST_ABORT_UNREAD, raise_unread},
    {FINDING_RST_ABORT_APP, raise_abort},
    {FINDING_RST_AFTER_FIN, raise_after_fin},
    {FINDING_RST_NO_SOCKET, raise_no_socket},
    {FINDING_RST_HALF_OPEN_PEER, raise_half_open},
    {FINDING_CHALLENGE_ACK_EXCHANGE, raise_challenge},
    {FINDING_RST_KEEPALIVE_TIMEOUT, raise_keep_alive},
    {FINDING_RST_INJECTION_SUSPECTED, raise_forged},
    {FINDING_RST_OUT_OF_WINDOW, raise_window},
    {FINDING_RST_INEFFECTIVE, raise_ineffective},
    {FINDING_RST_COOKIE, raise_cookie},
    {FINDING_HALF_OPEN_PROBE, raise_probe},
    {FINDING_ACCEPT_ABORT, raise_accept},
    {FINDING_TW_TRUNCATED, raise_truncated},
    {FINDING_TW_ASSASSINATED, raise_assassinated},
};

void reset_raise(struct scene *s, const struct reset_view *v, enum finding_id cause,
                 double confidence)
{
    for (size_t i = 0; i < sizeof raisers / sizeof *raisers; i++)
        if (raisers[i].cause == cause)
            raisers[i].raise(s, v, confidence);
}
