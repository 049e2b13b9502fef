/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/tenant.h"

#include "base/seq.h"

#include <string.h>

enum { NEAR = 1 << 24 }; /* octets; two strangers are so near in both directions once in 16000 */

bool tenant_known(const struct flow *newest, const struct segment *s, int dir)
{
    if (newest->tenant[dir] == s->tenant)
        return true;
    for (unsigned i = 0; newest->extra && i < newest->extra->n_tenants[dir]; i++)
        if (newest->extra->tenant[dir][i] == s->tenant)
            return true;
    return false;
}

void tenant_learn(struct flow *newest, const struct segment *s, int dir)
{
    if (newest->tenant[dir] == TENANT_UNKNOWN) {
        newest->tenant[dir] = s->tenant;
        return;
    }
    struct flow_extra *x = flow_extra(newest);
    if (x->n_tenants[dir] < MORE_TENANTS)
        x->tenant[dir][x->n_tenants[dir]++] = s->tenant;
}

static bool has_spoken(const struct flow *newest, int dir)
{
    for (const struct flow *f = newest; f; f = flow_older(f))
        if (f->side[dir].bits & SIDE_SEEN)
            return true;
    return false;
}

static bool near(uint32_t a, uint32_t b)
{
    uint32_t apart = a - b;

    return apart < NEAR || -apart < NEAR;
}

/* Whether the numbers of s can be those of f's direction dir: nothing that is known is far away. */
static bool continues(const struct flow *f, const struct segment *s, int dir)
{
    const struct side *mine = &f->side[dir], *other = &f->side[flow_peer(f, dir)];
    bool fits = true;

    if (mine->bits & (SIDE_ANCHORED | SIDE_ACKED))
        fits = near(s->seq, mine->bits & SIDE_ANCHORED ? mine->nxt : mine->una);
    if ((s->flags & TCP_ACK) && (other->bits & SIDE_ANCHORED))
        fits = fits && near(s->ack, other->nxt);
    return fits;
}

static bool has_ended(const struct flow *f)
{
    unsigned both = f->side[0].bits & f->side[flow_peer(f, 0)].bits;
    unsigned any = f->side[0].bits | f->side[1].bits;

    return (both & (SIDE_FIN | SIDE_FIN_MISSED)) || (any & SIDE_RST);
}

/* A SYN. One that was seen elsewhere is the same; a new one under another identifier is another
 * tenant's, unless one of the two places shows no identifier at all and the old connection is
 * over. */
static bool syn_fits(const struct flow *newest, const struct segment *s, int dir)
{
    for (const struct flow *f = newest; f; f = flow_older(f))
        if ((f->side[dir].bits & SIDE_SYN) && f->side[dir].isn == s->seq)
            return true;
    return (!s->tenant || !newest->tenant[dir]) && has_ended(newest);
}

/* A SYN-ACK, seen before or an answer to a SYN that was seen. */
static bool synack_fits(const struct flow *newest, const struct segment *s, int dir)
{
    for (const struct flow *f = newest; f; f = flow_older(f)) {
        const struct side *mine = &f->side[dir], *opener = &f->side[!dir];

        if ((mine->bits & SIDE_SYN) && mine->isn == s->seq)
            return true;
        if (side_answered(opener, s->ack))
            return true;
    }
    return false;
}

static bool numbers_fit(const struct flow *newest, const struct segment *s, int dir)
{
    if ((s->flags & (TCP_SYN | TCP_FIN | TCP_RST)) == TCP_SYN)
        return s->flags & TCP_ACK ? synack_fits(newest, s, dir) : syn_fits(newest, s, dir);
    for (const struct flow *f = newest; f; f = flow_older(f))
        if (continues(f, s, dir))
            return true;
    return false;
}

bool tenant_fits(const struct flow *newest, const struct segment *s, int dir)
{
    /* Both ends may open at the same time. */
    bool opening = (s->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;

    return (opening && !has_spoken(newest, dir)) || numbers_fit(newest, s, dir);
}

void tenant_begin(struct flow *f, const struct segment *s, int dir)
{
    const struct flow *older = flow_older(f);

    f->tenant[dir] = s->tenant;
    f->tenant[!dir] = s->tenant ? TENANT_UNKNOWN : 0;
    if (!older)
        return;
    memcpy(f->tenant, older->tenant, sizeof f->tenant);
    if (older->extra && (older->extra->n_tenants[0] || older->extra->n_tenants[1])) {
        struct flow_extra *x = flow_extra(f);

        memcpy(x->tenant, older->extra->tenant, sizeof x->tenant);
        memcpy(x->n_tenants, older->extra->n_tenants, sizeof x->n_tenants);
    }
    if (!tenant_known(f, s, dir))
        tenant_learn(f, s, dir);
}
