/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/wireshark.h"

#include <inttypes.h>

void wireshark_connection(const struct model_connection *c, struct strbuf *out)
{
    char text[ADDR_TEXT];

    for (enum end e = END_CLIENT; e <= END_SERVER; e++)
        strbuf_printf(out, "%s%s == %s", e == END_CLIENT ? "" : " && ",
                      addr_is_v4(&c->end[e].addr) ? "ip.addr" : "ipv6.addr",
                      addr_text(&c->end[e].addr, text));
    for (enum end e = END_CLIENT; e <= END_SERVER; e++)
        strbuf_printf(out, " && tcp.port == %u", c->end[e].port);
}

void wireshark_evidence(const struct finding *f, struct strbuf *out)
{
    for (size_t i = 0; i < f->n_evidence; i++)
        strbuf_printf(out, "%s%" PRIu64, i ? ", " : "frame.number in {", f->evidence[i].at.packet);
    if (f->n_evidence)
        strbuf_putc(out, '}');
}
