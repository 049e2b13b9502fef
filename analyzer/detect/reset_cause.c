/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Why a RST was sent: the decision list of close-semantics 4.2, first match wins, as a table. Each
 * RST of a connection gets a cause, a confidence and its effect; RSTs that follow the first one for
 * the same reason are one event. Findings: R1, R3 to R9, R11 to R13, R15, R17, R18. Those that
 * other connections decide (middleboxes, idle limits, storms, scans) are raised across connections.
 */
#include "base/seq.h"
#include "detect/detect.h"
#include "detect/reset_findings.h"
#include "detect/reset_view.h"
#include "flow/observe.h"
#include "track/timers.h"

enum { TTL_OFF = 3 }; /* a TTL that differs by so much came another way */

static int64_t longer(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* --- signs of forgery (4.3, 9.15) ------------------------------------------------------------- */

static bool in_window(const struct reset_view *v)
{
    return v->r->seen & (SEEN_RST_ACCEPTABLE | SEEN_RST_IN_WINDOW);
}

static unsigned weak_signs(const struct reset_view *v)
{
    uint8_t ttl = reset_usual_ttl(v);
    bool far = ttl && (v->r->ttl > ttl ? v->r->ttl - ttl : ttl - v->r->ttl) >= TTL_OFF;
    bool no_ts = !v->reply && !v->r->has_ts && (v->flow->side[v->x].bits & SIDE_TIMESTAMPS);
    bool payload = v->r->len > 0;

    return (unsigned)far + no_ts + payload;
}

static bool forged(const struct reset_view *v, double *confidence)
{
    const struct step *r = v->r;
    bool talks = v->x_goes_beyond && in_window(v);
    bool ahead =
        seq_gt(r->seq, v->flow->side[v->x].nxt) && v->x_goes_on && (r->seen & SEEN_RST_IN_WINDOW);

    unsigned weak = weak_signs(v);
    bool outside = !in_window(v) && v->x_goes_on && weak; /* what X would not send, in no way */

    if ((v->l->mid_stream && !talks) || !v->x_known)
        return false;
    *confidence = talks || ahead ? 0.9 : 0.7;
    return talks || ahead || outside || reset_walks_the_window(v) || reset_hits_both_ends(v) ||
           weak >= 2;
}

/* --- the opening ------------------------------------------------------------------------------ */

static bool refused(const struct reset_view *v, double *confidence)
{
    *confidence = 0.95;
    return v->l->handshake == HANDSHAKE_REFUSED && v->x != v->flow->client && !v->x_spoke &&
           v->state[v->y] == ST_SYN_SENT;
}

/* A SYN-ACK that acknowledges something else, reset, and the next SYN goes through: a filter tests
 * the client. */
static bool cookie(const struct reset_view *v, double *confidence)
{
    *confidence = 0.6;
    return v->x == v->flow->client && v->trigger >= 0 &&
           v->l->step[v->trigger]->kind == STEP_SEGMENT &&
           (v->l->step[v->trigger]->seen & SEEN_ALIEN_SYNACK) && (v->flow->bits & FLOW_ESTABLISHED);
}

/* X wanted to open, got an ACK of another connection, and says so; or Y verified a RST or SYN with
 * a challenge ACK and X confirms (RFC 5961 3.2, 4.2). */
static bool challenge(const struct reset_view *v, double *confidence)
{
    *confidence = 0.9;
    if (!v->reply || v->trigger < 0 || v->l->step[v->trigger]->kind != STEP_SEGMENT)
        return false;
    const struct step *t = v->l->step[v->trigger];
    if (t->len || (t->flags & (TCP_SYN | TCP_FIN)))
        return false;
    for (int i = v->trigger - 1; i >= 0; i--) {
        const struct step *s = v->l->step[i];
        bool asked =
            s->kind == STEP_SEGMENT && s->dir == (unsigned)v->x &&
            ((s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN
                 ? s->of_other || (s->seen & SEEN_SYN_COPY)
                 : (s->flags & TCP_RST) && s->seq != t->ack); /* an exact one asks nothing */
        if (s->kind != STEP_ICMP && t->t - s->t > NS_PER_S)
            return false;
        if (asked)
            return true;
    }
    return false;
}

/* SYN, SYN-ACK, RST: the opener never meant to talk. Either shape (9.11). */
static bool probe(const struct reset_view *v, double *confidence)
{
    *confidence = 0.8;
    return v->x == v->flow->client && (v->flow->bits & FLOW_SYN_ACKED) && !v->x_spoke &&
           !(v->flow->bits & FLOW_ROLES_GUESSED) && v->r->seq == v->flow->side[v->x].isn + 1;
}

/* The server drops the connection before its application took it (9.11). */
static bool accept_abort(const struct reset_view *v, double *confidence)
{
    const struct transition *up = life_entered(v->l, v->x, ST_ESTABLISHED);
    const struct side *server = &v->flow->side[v->x];

    *confidence = 0.7;
    return v->x != v->flow->client && (v->flow->bits & FLOW_ESTABLISHED) && !v->x_data &&
           !v->x_fin && (server->bits & SIDE_SYN) && v->r->seq == server->isn + 1 && up &&
           v->r->t - up->t <= longer(v->l->rst_race, NS_PER_S) && !v->y_fin;
}

/* --- a live socket aborts --------------------------------------------------------------------- */

static bool keep_alive(const struct reset_view *v, double *confidence)
{
    *confidence = 0.9;
    return v->probes && v->flow->side[v->x].unanswered >= 2 && !v->reply;
}

/* X had input that its application had not answered: a request, or data that its TCP did not even
 * acknowledge (9.12). Whether a client read the answer to its request can't be seen. */
static bool unread(const struct reset_view *v)
{
    bool request = !v->x_data || (v->x_data_t < v->y_data_t && v->y == v->flow->client);

    return v->y_data && (request || reset_unconfirmed(v, v->y) > 0);
}

static bool abort_unread(const struct reset_view *v, double *confidence)
{
    *confidence = 0.6;
    return !v->reply && in_window(v) && unread(v) && !v->both_acked &&
           (v->state[v->x] == ST_ESTABLISHED || v->state[v->x] == ST_CLOSE_WAIT ||
            v->state[v->x] == ST_SYN_RCVD || v->x_fin);
}

/* With TCP_LINGER2 below zero Linux answers the very ACK of its FIN. */
static bool after_fin(const struct reset_view *v, double *confidence)
{
    const struct fin *fin = &v->l->fin[v->x];
    bool at_once = v->trigger == fin->acked_step;

    *confidence = 0.9;
    return v->x_fin && (!v->y_data || v->y_data_t <= fin->t) &&
           (!v->reply || v->trigger < 0 || v->both_acked || (at_once && !v->y_fin));
}

static bool abort_app(const struct reset_view *v, double *confidence)
{
    *confidence = 0.6;
    return !v->reply && in_window(v) && !v->x_fin;
}

/* --- TIME_WAIT -------------------------------------------------------------------------------- */

/* X holds TIME_WAIT and answers as if it had no socket. */
static bool truncated(const struct reset_view *v, double *confidence)
{
    const struct transition *entered = life_entered(v->l, v->x, ST_TIME_WAIT);

    *confidence = 0.8;
    return v->reply && v->trigger >= 0 && v->state[v->x] == ST_TIME_WAIT && entered &&
           v->l->step[v->trigger]->t - entered->t < v->l->time_wait[v->x] / 10 * 9;
}

/* A reset of Y ended X's TIME_WAIT, and this reply proves it (RFC 1337). */
static bool assassinated(const struct reset_view *v, double *confidence)
{
    const struct machine *m = &v->l->machine[v->x];

    *confidence = 0.8;
    for (unsigned i = 1; i < m->n; i++)
        if (m->path[i].event == EV_RCV_RST && m->path[i - 1].state == ST_TIME_WAIT &&
            m->path[i].step < v->at && v->r->t - m->path[i - 1].t < v->l->time_wait[v->x])
            return v->reply && v->trigger >= 0;
    return false;
}

/* --- a reply to what no longer has a socket --------------------------------------------------- */

/* Data that came after X's FIN, or crossed it: the FIN does not acknowledge it. */
static bool late_data(const struct reset_view *v, double *confidence)
{
    *confidence = 0.9;
    return v->x_fin && v->trigger >= 0 && !v->both_acked && !v->y_fin && v->y_data &&
           (v->y_data_t > v->l->fin[v->x].t || v->trigger < v->l->fin[v->x].step) &&
           v->l->step[v->trigger]->t - v->l->fin[v->x].t <= v->l->fin_wait_2;
}

static bool orphan(const struct reset_view *v, double *confidence)
{
    *confidence = 0.9;
    return v->x_fin && v->trigger >= 0 && !v->both_acked && v->l->fin[v->x].acked_step >= 0 &&
           v->l->fin[v->y].acked_step < 0 &&
           v->l->step[v->trigger]->t - v->l->fin[v->x].t > v->l->fin_wait_2;
}

static bool late_fin(const struct reset_view *v, double *confidence)
{
    const struct step *t = v->trigger >= 0 ? v->l->step[v->trigger] : NULL;

    *confidence = 0.8;
    return v->x_fin && t && t->kind == STEP_SEGMENT && (t->seen & SEEN_FIN_FIRST) &&
           v->l->fin[v->y].acked_step < 0;
}

static bool half_open(const struct reset_view *v, double *confidence)
{
    enum tcp_state y = v->state[v->y];
    bool ended = v->state[v->x] == ST_CLOSED || v->state[v->y] == ST_CLOSED;

    *confidence = 0.8;
    return v->reply && v->trigger >= 0 && !v->x_fin && !ended && !v->l->mid_stream &&
           (y == ST_ESTABLISHED || y == ST_FIN_WAIT_1 || y == ST_FIN_WAIT_2);
}

/* A reply, as to a segment that found no socket. One that answers nothing, of an end that is not
 * known to be gone, is no reply. */
static bool no_socket(const struct reset_view *v, double *confidence)
{
    bool gone = v->state[v->x] == ST_CLOSED || v->state[v->x] == ST_NONE || v->both_acked;

    *confidence = 0.9;
    return v->reply && (v->trigger >= 0 || gone || (v->l->mid_stream && !v->x_goes_on));
}

/* --- without effect --------------------------------------------------------------------------- */

static bool out_of_window(const struct reset_view *v, double *confidence)
{
    *confidence = 0.8;
    return !in_window(v) && (v->flow->side[v->y].bits & SIDE_SYN) && v->y_goes_on && v->x_known;
}

/* What a reply answers says why it was sent, whether it arrived or not. Without the handshake the
 * window is not known, only that both ends go on. */
static bool ineffective(const struct reset_view *v, double *confidence)
{
    *confidence = 0.8;
    return (in_window(v) || (v->l->mid_stream && v->x_goes_on)) && !(v->reply && v->trigger >= 0) &&
           v->y_goes_on && v->x_known && !v->both_acked;
}

static bool unexplained(const struct reset_view *v, double *confidence)
{
    (void)v;
    *confidence = 0.4;
    return true;
}

/* --- the list --------------------------------------------------------------------------------- */

static const struct rule {
    enum finding_id cause;
    bool (*holds)(const struct reset_view *v, double *confidence);
} rules[] = {
    {FINDING_RST_COOKIE, cookie},
    {FINDING_CHALLENGE_ACK_EXCHANGE, challenge},
    {FINDING_RST_INJECTION_SUSPECTED, forged},
    {FINDING_RST_REFUSED, refused},
    {FINDING_HALF_OPEN_PROBE, probe},
    {FINDING_RST_OUT_OF_WINDOW, out_of_window},
    {FINDING_RST_INEFFECTIVE, ineffective},
    {FINDING_ACCEPT_ABORT, accept_abort},
    {FINDING_RST_KEEPALIVE_TIMEOUT, keep_alive},
    {FINDING_RST_ABORT_UNREAD, abort_unread},
    {FINDING_RST_ABORT_APP, abort_app},
    {FINDING_TW_TRUNCATED, truncated},
    {FINDING_TW_ASSASSINATED, assassinated},
    {FINDING_FIN_WAIT_2_ORPHAN_EXPIRED, orphan},
    {FINDING_HALF_CLOSE_DATA_RESET, late_data},
    {FINDING_FIN_ANSWERED_BY_RST, late_fin},
    {FINDING_RST_AFTER_FIN, after_fin},
    {FINDING_RST_HALF_OPEN_PEER, half_open},
    {FINDING_RST_NO_SOCKET, no_socket},
    {FINDING_RST_ABORT_APP, unexplained},
};

static enum finding_id decide(const struct reset_view *v, double *confidence)
{
    for (size_t i = 0;; i++)
        if (rules[i].holds(v, confidence))
            return rules[i].cause;
}

/* --- events ----------------------------------------------------------------------------------- */

/* The RST of the same end right before this one, if it belongs to the same event: replies to all
 * that was in flight. */
static int same_event(const struct scene *s, const struct reset_view *v, enum finding_id cause)
{
    int64_t together = longer(v->l->rst_race, NS_PER_S);

    for (int i = v->at - 1; i >= 0; i--) {
        const struct step *e = v->l->step[i];

        if (!s->cause[i].known || e->dir != v->r->dir)
            continue;
        bool replies = v->reply && !(e->flags & TCP_ACK);
        if (replies && s->cause[i].id == FINDING_RST_HALF_OPEN_PEER)
            return i; /* an end that knows nothing says so each time (9.14) */
        if (replies && s->cause[i].id == FINDING_CHALLENGE_ACK_EXCHANGE && e->seq == v->r->seq)
            return i; /* each copy of the SYN asks again (9.4) */
        return (replies || s->cause[i].id == cause) && v->r->t - e->t <= together ? i : -1;
    }
    return -1;
}

static bool told(const struct scene *s, enum finding_id cause)
{
    return raised(s, cause) && cause != FINDING_RST_ABORT_APP;
}

static void run(struct scene *s)
{
    const struct life *l = s->life;

    if (!(l->survey.flags & TCP_RST))
        return;
    for (size_t i = 0; i < l->n_steps; i++) {
        const struct step *r = l->step[i];
        double confidence;

        if (r->kind != STEP_SEGMENT || !(r->flags & TCP_RST) || r->of_other)
            continue;
        struct reset_view v = reset_view(l, (int)i);
        enum finding_id cause = decide(&v, &confidence);
        bool needs_acks = cause != FINDING_RST_REFUSED && cause != FINDING_RST_AFTER_FIN &&
                          cause != FINDING_HALF_OPEN_PROBE;
        if (l->flags_only && needs_acks && s->verdict->kind != CLOSE_STRAY) {
            undetermined(s, cause, DOUBT_FILTER, 0, 0); /* what was acknowledged was filtered out */
            continue;
        }
        int event = same_event(s, &v, cause);
        if (event >= 0)
            s->cause[i] = s->cause[event];
        else
            s->cause[i] = (struct rst_cause){.known = true, .id = cause, .confidence = confidence};
        if (event < 0 && !told(s, cause))
            reset_raise(s, &v, cause, confidence);
    }
}

const struct detector detect_reset_cause = {.name = "reset-cause", .run = run};
