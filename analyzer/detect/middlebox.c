/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/middlebox.h"

#include "base/timetext.h"

#include <inttypes.h>
#include <string.h>

/* Idle times below this are pauses of the application; a TTL this far off came another way. */
static const int64_t idle_least = 30 * NS_PER_S;
enum { TTL_OFF = 3, IDLE_LEAST = 3, STRANGERS_LEAST = 2 };

/* --- adding ----------------------------------------------------------------------------------- */

static void add_ttl(struct box *b, uint8_t ttl, bool refused, uint64_t stream)
{
    size_t i = 0;

    while (i < b->n_ttls && b->ttl[i].ttl != ttl)
        i++;
    if (i == BOX_TTLS)
        return;
    if (i == b->n_ttls)
        b->ttl[b->n_ttls++] = (struct box_ttl){.ttl = ttl, .stream = UINT64_MAX};
    b->ttl[i].answers += !refused;
    b->ttl[i].refusals += refused;
    if (refused && stream < b->ttl[i].stream)
        b->ttl[i].stream = stream;
}

/* Keep the earliest attempts, in order. */
static void add_attempt(struct box *b, const struct box_attempt *a)
{
    size_t i = b->n_attempts;

    while (i > 0 && (a->t != b->attempt[i - 1].t ? a->t < b->attempt[i - 1].t
                                                 : a->stream < b->attempt[i - 1].stream))
        i--;
    if (i == BOX_ATTEMPTS)
        return;
    b->n_attempts -= b->n_attempts == BOX_ATTEMPTS;
    memmove(&b->attempt[i + 1], &b->attempt[i], (b->n_attempts - i) * sizeof b->attempt[0]);
    b->attempt[i] = *a;
    b->n_attempts++;
}

static void add_opening(struct box *b, const struct facts *f)
{
    bool refused = f->kind == CLOSE_REFUSED && f->has_reset && !f->reset_by_icmp;
    uint8_t ttl = refused ? f->reset_ttl : f->end[END_SERVER].syn_ttl;

    if (!refused && !f->answered)
        return;
    if (ttl)
        add_ttl(b, ttl, refused, f->stream);
    add_attempt(b, &(struct box_attempt){f->first.t, f->stream, refused});
}

/* Whether the connection is the first of them. */
static bool add_reset(struct box_resets *r, const struct facts *f)
{
    bool first = !r->n || f->stream < r->stream;

    r->stream = first ? f->stream : r->stream;
    r->first = !r->n || f->reset.t < r->first.t ? f->reset : r->first;
    r->last = !r->n || f->reset.t > r->last.t ? f->reset : r->last;
    r->n++;
    return first;
}

static void add_idle(struct box *b, const struct facts *f)
{
    if (f->kind != CLOSE_RESET || !f->has_reset || f->reset_by_icmp || f->reset_idle < idle_least)
        return;
    add_reset(&b->idle_of, f);
    dwell_add(&b->idle, f->reset_idle);
}

/* Resets that blame an end which may not have sent them. */
static bool blames_end(enum finding_id cause)
{
    return cause == FINDING_RST_HALF_OPEN_PEER || cause == FINDING_RST_ABORT_APP;
}

static bool same_stranger(const struct box_stranger *r, const struct facts *f)
{
    return r->cause == f->reset_cause && r->end == f->reset_end &&
           r->ttl - r->other_ttl == f->reset_ttl - f->reset_other_ttl;
}

static void add_stranger(struct box *b, const struct facts *f)
{
    struct box_stranger *r = b->stranger;

    if (!f->reset_other_ttl || !blames_end(f->reset_cause))
        return;
    while (r < b->stranger + b->n_strangers && !same_stranger(r, f))
        r++;
    if (r == b->stranger + BOX_STRANGERS)
        return;
    b->n_strangers += r == b->stranger + b->n_strangers;
    if (add_reset(&r->of, f)) {
        r->cause = f->reset_cause;
        r->end = f->reset_end;
        r->ttl = f->reset_ttl;
        r->other_ttl = f->reset_other_ttl;
    }
}

static struct keyed_place place(struct keyed *t, const struct facts *f, int which)
{
    struct service_key key;

    (void)which;
    memset(&key, 0, sizeof key); /* with its padding */
    key.addr = f->end[END_SERVER].addr;
    key.port = f->end[END_SERVER].port;
    return keyed_place(t, &key, sizeof key);
}

static void add(void *entry, const struct facts *f, int which)
{
    (void)which;
    add_opening(entry, f);
    add_idle(entry, f);
    add_stranger(entry, f);
}

const struct tally box_tally = {
    .size = sizeof(struct box), .common = sizeof(struct service_key), .place = place, .add = add};

/* --- R10 -------------------------------------------------------------------------------------- */

static const char *name_of(const struct box *b, struct arena *arena)
{
    char text[ENDPOINT_TEXT];

    return arena_printf(arena, "%s", endpoint_text(&b->key.addr, b->key.port, text));
}

/* n of the resets are what the finding is about. */
static void cite(struct across_draft *d, const struct box_resets *r, uint64_t n)
{
    across_member(d, r->stream);
    d->out.n_members = n;
    d->out.first = r->first;
    d->out.last = r->last;
    across_evidence(d, &r->first, "first");
    across_evidence(d, &r->last, "last");
}

/* Idle times that cluster within 10 % of their median. */
static bool idle_limit(const struct box *b, struct cross_list *out)
{
    int64_t median = dwell_percentile(&b->idle, 50);
    uint64_t near = dwell_between(&b->idle, median - median / 10, median + median / 10);
    char text[TIME_TEXT];

    if (near < IDLE_LEAST || near * 10 < b->idle.n * 8)
        return false;
    struct across_draft d = across_draft(out->arena, FINDING_RST_IDLE_TIMEOUT, SEVERITY_WARNING,
                                         0.7, name_of(b, out->arena));
    int64_t about = near == b->idle.n ? dwell_mean(&b->idle) : median;
    across_seconds(&d, "idle", about);
    across_count(&d, "connections", (int64_t)near);
    across_supersede(&d, FINDING_RST_HALF_OPEN_PEER);
    across_supersede(&d, FINDING_RST_NO_SOCKET);
    across_supersede(&d, FINDING_RST_ABORT_APP);
    cite(&d, &b->idle_of, near);
    across_text(&d,
                "%" PRIu64 " connections of %s were reset after about %s of silence: a device "
                "forgets idle flows after that time.",
                near, name_of(b, out->arena), time_human(about, text));
    cross_list_add(out, &d);
    return true;
}

/* --- R7, R11 ---------------------------------------------------------------------------------- */

static void other_sender(const struct box *b, const struct box_stranger *r, struct cross_list *out)
{
    if (r->of.n < STRANGERS_LEAST)
        return;
    bool forgotten = r->cause == FINDING_RST_HALF_OPEN_PEER;
    struct across_draft d =
        across_draft(out->arena, forgotten ? r->cause : FINDING_RST_INJECTION_SUSPECTED,
                     SEVERITY_WARNING, 0.6, name_of(b, out->arena));

    d.out.finding.layer = LAYER_PATH;
    across_count(&d, "resets", (int64_t)r->of.n);
    across_count(&d, "ttl", r->ttl);
    across_count(&d, "ttl_of_others", r->other_ttl);
    across_supersede(&d, r->cause);
    cite(&d, &r->of, r->of.n);
    across_text(&d,
                "%" PRIu64 " resets in the name of %s%s came with a TTL of %u, all else from there "
                "with %u: a device on the path sent them%s, or another machine behind that "
                "address.",
                r->of.n, r->end == END_CLIENT ? "clients of " : "", name_of(b, out->arena), r->ttl,
                r->other_ttl, forgotten ? ", which does not know the connections" : "");
    cross_list_add(out, &d);
}

/* --- R2 --------------------------------------------------------------------------------------- */

static struct across_draft refusal_draft(const struct box *b, struct cross_list *out)
{
    struct across_draft d = across_draft(out->arena, FINDING_RST_TO_SYN_MIDDLEBOX, SEVERITY_WARNING,
                                         0.6, name_of(b, out->arena));

    across_supersede(&d, FINDING_RST_REFUSED);
    return d;
}

/* Refusals that come from another distance than the service's own answers. */
static bool other_distance(const struct box *b, struct cross_list *out)
{
    const struct box_ttl *own = NULL, *strange = NULL;
    struct across_draft d = refusal_draft(b, out);

    for (size_t i = 0; i < b->n_ttls; i++)
        if (b->ttl[i].answers && (!own || b->ttl[i].answers > own->answers ||
                                  (b->ttl[i].answers == own->answers && b->ttl[i].ttl < own->ttl)))
            own = &b->ttl[i];
    for (size_t i = 0; own && i < b->n_ttls; i++) {
        int off = (int)b->ttl[i].ttl - (int)own->ttl;

        if (!b->ttl[i].refusals || (off < TTL_OFF && off > -TTL_OFF))
            continue;
        across_member(&d, b->ttl[i].stream);
        d.out.n_members += b->ttl[i].refusals;
        strange = !strange || b->ttl[i].stream < strange->stream ? &b->ttl[i] : strange;
    }
    if (!strange)
        return false;
    across_count(&d, "refusals", (int64_t)d.out.n_members);
    across_count(&d, "ttl_of_answers", own->ttl);
    across_count(&d, "ttl_of_a_refusal", strange->ttl);
    across_text(&d,
                "%" PRIu64 " refusal%s in the name of %s came with another TTL (%u) than its "
                "SYN-ACKs (%u): a device on the path refused.",
                d.out.n_members, d.out.n_members == 1 ? "" : "s", name_of(b, out->arena),
                strange->ttl, own->ttl);
    cross_list_add(out, &d);
    return true;
}

/* Two or more refusals between successes of other clients within a second (9.10). */
static bool in_between(const struct box *b, struct cross_list *out)
{
    for (size_t from = 0; from < b->n_attempts; from++) {
        size_t refusals = 0, to = from + 1;

        for (; to < b->n_attempts && b->attempt[to].refused; to++)
            refusals++;
        if (b->attempt[from].refused || refusals < 2 || to == b->n_attempts ||
            b->attempt[to].t - b->attempt[from].t > NS_PER_S)
            continue;
        struct across_draft d = refusal_draft(b, out);
        across_count(&d, "refusals", (int64_t)refusals);
        across_seconds(&d, "within", b->attempt[to].t - b->attempt[from].t);
        for (size_t i = from + 1; i < to; i++)
            across_member(&d, b->attempt[i].stream);
        d.out.n_members = refusals;
        across_text(&d,
                    "%zu attempts on %s were refused while others within the same second got "
                    "through: a device on the path refused them.",
                    refusals, name_of(b, out->arena));
        cross_list_add(out, &d);
        return true;
    }
    return false;
}

void boxes_finish(const struct boxes *t, struct cross_list *out)
{
    for (size_t i = 0; i < t->of.n; i++) {
        const struct box *b = t->of.entry[i];

        bool idle = idle_limit(b, out); /* which tells more of the same device */
        for (size_t k = 0; k < b->n_strangers && !idle; k++)
            other_sender(b, &b->stranger[k], out);
        if (!other_distance(b, out))
            in_between(b, out);
    }
}

void boxes_done(struct boxes *t)
{
    for (size_t i = 0; i < t->of.n; i++)
        dwell_done(&((struct box *)t->of.entry[i])->idle);
    keyed_done(&t->of);
}
