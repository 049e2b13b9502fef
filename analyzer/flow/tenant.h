/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Networks of several tenants in one capture: the same addresses and ports may belong to several
 * connections at a time, told apart by VLAN, virtual network or GRE key (segment.tenant).
 *
 * These identifiers are no part of the five-tuple as such. The two directions of one connection may
 * carry different ones (asymmetric routing between VLANs; a distributed router that puts each
 * packet into the network of its destination), and a packet may be seen in several (both sides of a
 * router, inside and outside a tunnel). So what separates is contradiction: a direction has the
 * identifiers under which it was seen; a segment with another one belongs to it as well when its
 * numbers fit, and to a tenant of its own, with its own flow_key.tenant, when they don't. */
#ifndef LASTACK_FLOW_TENANT_H
#define LASTACK_FLOW_TENANT_H

#include "flow/flow.h"

enum {
    TENANTS = 16,            /* of one five-tuple at a time; more share the last one */
    TENANT_UNKNOWN = 0xffff, /* as a direction's identifier: not seen yet */
};

/* Whether s, of direction dir, has the identifier of this direction's first segment: nearly all
 * have.
 */
static inline bool tenant_first(const struct flow *newest, const struct segment *s, int dir)
{
    return newest->tenant[dir] == s->tenant;
}

/* Whether it has any of those under which the incarnations of newest were seen in this direction.
 */
bool tenant_known(const struct flow *newest, const struct segment *s, int dir);
/* Whether it may belong to them all the same, by its numbers. */
bool tenant_fits(const struct flow *newest, const struct segment *s, int dir);
/* It does: its identifier is known from now on. */
void tenant_learn(struct flow *newest, const struct segment *s, int dir);
/* f begins with s: take the identifiers over from an older incarnation or from s. */
void tenant_begin(struct flow *f, const struct segment *s, int dir);

#endif
