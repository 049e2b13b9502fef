/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/words.h"

#include "base/timetext.h"
#include "decode/segment.h"
#include "report/flags.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *role_text(const struct addr *addr, uint16_t service, enum end role,
                      char text[static ROLE_TEXT])
{
    char host[ADDR_TEXT];

    if (role == END_SERVER)
        return endpoint_text(addr, service, text);
    snprintf(text, ROLE_TEXT, "%s to port %u", addr_text(addr, host), service);
    return text;
}

void connection_words(const struct model_connection *c, struct strbuf *out)
{
    char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];
    const struct model_endpoint *a = &c->end[END_CLIENT], *b = &c->end[END_SERVER];

    strbuf_printf(out, "stream %llu", (unsigned long long)c->stream);
    if (c->incarnation > 1)
        strbuf_printf(out, " (incarnation %u)", c->incarnation);
    strbuf_printf(out, "  %s -> %s", endpoint_text(&a->addr, a->port, client),
                  endpoint_text(&b->addr, b->port, server));
    if (c->tap)
        strbuf_printf(out, "  (capture point %u)", c->tap);
    if (c->roles_guessed)
        strbuf_puts(out, "  (who is the client is a guess)");
    if (c->path[0])
        strbuf_printf(out, "  [%s]", c->path);
}

static const char *holders(const struct model_connection *c)
{
    const bool *h = c->holder;

    return h[END_CLIENT] && h[END_SERVER] ? "both" : h[END_CLIENT] ? "client" : "server";
}

void closer_words(const struct model_connection *c, struct strbuf *out)
{
    char text[TIME_TEXT];

    if (!c->closed_by_somebody)
        return;
    strbuf_printf(out, "closed first: %s",
                  c->first_closer_both    ? "both at once"
                  : c->first_closer_known ? end_name(c->first_closer)
                                          : "unknown");
    if (!c->holder_known)
        strbuf_puts(out, "; TIME_WAIT: unknown");
    else if (c->holder[END_CLIENT] || c->holder[END_SERVER])
        strbuf_printf(out, "; TIME_WAIT: %s%s", holders(c), c->holder_open ? ", perhaps both" : "");
    else
        strbuf_puts(out, "; TIME_WAIT: nobody");
    if (c->half_closed)
        strbuf_printf(out, "; half-closed for %s", time_human(c->half_closed_for, text));
}

static void segment_words(const struct model_step *s, struct strbuf *out)
{
    char flags[FLAGS_TEXT];

    strbuf_printf(out, "%s  seq %" PRId64 " (%" PRIu32 ")", flags_text(s->flags, flags), s->seq,
                  s->seq_raw);
    if (s->flags & TCP_ACK)
        strbuf_printf(out, "  ack %" PRId64 " (%" PRIu32 ")", s->ack, s->ack_raw);
    strbuf_printf(out, "  length %" PRIu32, s->len);
    if (s->note)
        strbuf_printf(out, "  %s", s->note);
    if (s->of_other)
        strbuf_printf(out, "\ncounted in stream %" PRIu64, s->of);
}

void step_words(const struct model_connection *c, const struct model_step *s, size_t n_files,
                struct strbuf *out)
{
    const struct model_endpoint *e = &c->end[s->from];
    char from[ENDPOINT_TEXT], time[TIME_TEXT], lasted[TIME_TEXT];

    strbuf_printf(out, "packet %" PRIu64, s->at.packet);
    if (s->fold && s->last.packet != s->at.packet)
        strbuf_printf(out, " to %" PRIu64, s->last.packet);
    if (n_files > 1)
        strbuf_printf(out, " of file %u", s->at.file);
    strbuf_printf(out, ", %s, %s %s\n", time_rfc3339(s->at.t, time), end_name(s->from),
                  endpoint_text(&e->addr, e->port, from));
    if (s->fold)
        strbuf_printf(out,
                      "folded: %" PRIu64 " octet%s in %" PRIu64 " segment%s and %" PRIu64
                      " pure ACK%s within %s",
                      s->bytes, s->bytes == 1 ? "" : "s", s->segments, s->segments == 1 ? "" : "s",
                      s->acks, s->acks == 1 ? "" : "s", time_human(s->last.t - s->at.t, lasted));
    else if (s->icmp)
        strbuf_puts(out, s->note);
    else
        segment_words(s, out);
}

void question_words(enum finding_id id, enum doubt_reason reason, const struct model_question *q,
                    struct strbuf *out)
{
    static const char *const because[] = {
        [DOUBT_CAPTURE_END] = "the capture ended too early",
        [DOUBT_CAPTURE_START] = "it needs packets from before the capture",
        [DOUBT_GAP] = "the capture misses packets",
        [DOUBT_CLOCK] = "the clock stepped",
        [DOUBT_FILTER] = "packets that would tell were filtered out",
        [DOUBT_CONFIDENCE] = "too little speaks for it",
    };
    char have[TIME_TEXT], need[TIME_TEXT];

    strbuf_printf(out, "%s in %" PRIu64 " connection%s: %s", finding_info(id)->id, q->count,
                  q->count == 1 ? "" : "s", because[reason]);
    if (q->need)
        strbuf_printf(out, ", %s%s of silence where %s would tell", q->count > 1 ? "at most " : "",
                      time_human(q->have, have), time_human(q->need, need));
}

void crowd_words(const struct model_cross_finding *c, struct strbuf *out)
{
    char first[TIME_TEXT], last[TIME_TEXT];

    if (c->first.packet) {
        time_rfc3339(c->first.t, first);
        time_rfc3339(c->last.packet ? c->last.t : c->first.t, last);
        if (strncmp(first, last, 19) == 0)
            strbuf_printf(out, "at %.19sZ", first);
        else
            strbuf_printf(out, "from %.19sZ to %.19sZ", first, last);
    }
    if (c->n_connections)
        strbuf_printf(out, "%sfor example stream %" PRIu64, c->first.packet ? "; " : "",
                      c->connections[0]);
}
