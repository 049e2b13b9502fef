/* SPDX-License-Identifier: BSD-2-Clause */
#include "detect/twins.h"

#include <inttypes.h>

bool twins_add(struct twins *t, const struct facts *f)
{
    if (!f->translated)
        return false;
    if (!t->n || f->stream < t->stream) {
        t->stream = f->stream;
        t->first = f->first;
        for (int end = 0; end < 2; end++) {
            t->addr[end] = f->end[end].addr;
            t->port[end] = f->end[end].port;
        }
    }
    cross_member(t->member, t->n < CROSS_MEMBERS ? (size_t)t->n : CROSS_MEMBERS, f->stream);
    t->n++;
    return true;
}

void twins_finish(const struct twins *t, struct cross_list *out)
{
    char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];

    if (!t->n)
        return;
    struct across_draft d =
        across_draft(out->arena, FINDING_TRANSLATED_COPY, SEVERITY_NOTICE, 0.95, "capture");
    across_count(&d, "connections", (int64_t)t->n);
    across_evidence(&d, &t->first, "first packet of a copy");
    for (size_t i = 0; i < t->n && i < CROSS_MEMBERS; i++)
        across_member(&d, t->member[i]);
    d.out.n_members = t->n;
    d.out.first = d.out.last = t->first;
    across_text(&d,
                "%" PRIu64 " connection%s here twice, before and after an address translation; "
                "stream %" PRIu64 ", %s -> %s, is a copy with other addresses. Hosts, populations "
                "and storms count each connection once.",
                t->n, t->n == 1 ? " is" : "s are", t->stream,
                endpoint_text(&t->addr[0], t->port[0], client),
                endpoint_text(&t->addr[1], t->port[1], server));
    cross_list_add(out, &d);
}
