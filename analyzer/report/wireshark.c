/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/wireshark.h"

#include "base/timetext.h"

#include <inttypes.h>

void wireshark_connection(const struct model_connection *c, size_t n_files, struct strbuf *out)
{
    char text[ADDR_TEXT], first[TIME_TEXT], last[TIME_TEXT];

    for (enum end e = END_CLIENT; e <= END_SERVER; e++)
        strbuf_printf(out, "%s%s == %s", e == END_CLIENT ? "" : " && ",
                      addr_is_v4(&c->end[e].addr) ? "ip.addr" : "ipv6.addr",
                      addr_text(&c->end[e].addr, text));
    for (enum end e = END_CLIENT; e <= END_SERVER; e++)
        strbuf_printf(out, " && tcp.port == %u", c->end[e].port);
    if (n_files > 1)
        strbuf_printf(out, " && frame.time_epoch >= %s && frame.time_epoch <= %s",
                      time_seconds(c->first.t, 9, first), time_seconds(c->last.t, 9, last));
    else
        strbuf_printf(out, " && frame.number >= %" PRIu64 " && frame.number <= %" PRIu64,
                      c->first.packet, c->last.packet);
}

void wireshark_evidence(const struct finding *f, struct strbuf *out)
{
    bool any = false;

    for (size_t i = 0; i < f->n_evidence; i++) {
        if (f->evidence[i].at.file != f->evidence[0].at.file)
            continue;
        strbuf_printf(out, "%s%" PRIu64, any ? ", " : "frame.number in {",
                      f->evidence[i].at.packet);
        any = true;
    }
    if (any)
        strbuf_putc(out, '}');
}
