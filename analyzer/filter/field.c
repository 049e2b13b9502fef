/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/field.h"

#include "filter/get.h"

#include <strings.h>

static const struct filter_field fields[] = {
    {"ip.addr", TYPE_ADDRESS, get_address, END_NONE, "either end's address, IPv4 or IPv6"},
    {"ip.src", TYPE_ADDRESS, get_address, END_CLIENT, "the client's: who opened the connection"},
    {"ip.dst", TYPE_ADDRESS, get_address, END_SERVER, "the server's"},
    {"ip.version", TYPE_NUMBER, get_one, ONE_VERSION, "4 or 6"},
    {"tcp.port", TYPE_NUMBER, get_port, END_NONE, "either end's port"},
    {"tcp.srcport", TYPE_NUMBER, get_port, END_CLIENT, "the client's"},
    {"tcp.dstport", TYPE_NUMBER, get_port, END_SERVER, "the server's: the service"},
    {"tcp.stream", TYPE_NUMBER, get_one, ONE_STREAM, "lastack's number of the connection"},
    {"incarnation", TYPE_NUMBER, get_one, ONE_INCARNATION,
     "how often its five-tuple was used up to then, from 1"},
    {"tap", TYPE_NUMBER, get_one, ONE_TAP, "the capture point, when files show the same traffic"},
    {"path", TYPE_TEXT, get_path, 0, "encapsulation, as \"vlan 12, vxlan 7\""},
    {"self", TYPE_FLAG, get_flag, IS_SELF, "a socket connected to itself"},
    {"mid_stream", TYPE_FLAG, get_flag, IS_MID_STREAM,
     "its opening is not in the capture: which end is the client is a guess"},

    {"close.kind", TYPE_KIND, get_name, NAME_KIND, "how it ended"},
    {"close.first_closer", TYPE_CLOSER, get_name, NAME_CLOSER,
     "whose FIN or reset came first; none when nobody closed"},
    {"handshake", TYPE_HANDSHAKE, get_name, NAME_HANDSHAKE, "how it began"},
    {"half_closed_for", TYPE_DURATION, get_span, SPAN_HALF_CLOSED,
     "from the ACK of the first FIN to the second, or to the end"},
    {"time_wait.holder", TYPE_HOLDER, get_holder, 0, "which ends went through TIME_WAIT"},
    {"fin.copies", TYPE_NUMBER, get_fin_copies, 0, "how often each end repeated its FIN"},

    {"state", TYPE_STATE, get_state, END_NONE, "any state that either end went through"},
    {"client.state", TYPE_STATE, get_state, END_CLIENT, "the client's at the end of the capture"},
    {"server.state", TYPE_STATE, get_state, END_SERVER, "the server's at the end of the capture"},
    {"held.syn_sent", TYPE_DURATION, get_held, ST_SYN_SENT, "how long either end was in it"},
    {"held.syn_rcvd", TYPE_DURATION, get_held, ST_SYN_RCVD, "the same"},
    {"held.established", TYPE_DURATION, get_held, ST_ESTABLISHED, "the same"},
    {"held.fin_wait_1", TYPE_DURATION, get_held, ST_FIN_WAIT_1, "the same"},
    {"held.fin_wait_2", TYPE_DURATION, get_held, ST_FIN_WAIT_2, "the same"},
    {"held.closing", TYPE_DURATION, get_held, ST_CLOSING, "the same"},
    {"held.time_wait", TYPE_DURATION, get_held, ST_TIME_WAIT, "the same"},
    {"held.close_wait", TYPE_DURATION, get_held, ST_CLOSE_WAIT, "the same"},
    {"held.last_ack", TYPE_DURATION, get_held, ST_LAST_ACK, "the same"},

    {"finding", TYPE_FINDING, get_finding, FINDING_ID,
     "id or rule of a finding about this connection alone"},
    {"severity", TYPE_SEVERITY, get_finding, FINDING_WORST, "of its worst finding"},
    {"blame", TYPE_END, get_finding, FINDING_BLAME, "whom its findings blame"},
    {"layer", TYPE_LAYER, get_finding, FINDING_LAYER, "where its findings see the fault"},
    {"undetermined", TYPE_FINDING, get_open_rule, 0, "a rule that could not be decided"},

    {"rst", TYPE_NUMBER, get_rst_count, END_NONE, "resets that were sent, by either end"},
    {"client.rst", TYPE_NUMBER, get_rst_count, END_CLIENT, "by the client"},
    {"server.rst", TYPE_NUMBER, get_rst_count, END_SERVER, "by the server"},
    {"rst.cause", TYPE_FINDING, get_reset, RESET_CAUSE,
     "why the reset came that ended the connection; none when unknown"},
    {"rst.by", TYPE_END, get_reset, RESET_BY, "who sent it"},
    {"rst.after_fin", TYPE_AFTER_FIN, get_reset, RESET_AFTER_FIN,
     "whose FINs had passed before it, seen from its sender"},

    {"duration", TYPE_DURATION, get_span, SPAN_DURATION, "from its first packet to its last"},
    {"start", TYPE_TIME, get_span, SPAN_START, "when its first packet came"},
    {"t", TYPE_TIME, get_span, SPAN_START, "the same as start"},
    {"end", TYPE_TIME, get_span, SPAN_END, "when its last packet came"},
    {"packets", TYPE_NUMBER, get_count, COUNT_PACKETS + END_NONE, "of both ends"},
    {"client.packets", TYPE_NUMBER, get_count, COUNT_PACKETS + END_CLIENT, "sent by the client"},
    {"server.packets", TYPE_NUMBER, get_count, COUNT_PACKETS + END_SERVER, "sent by the server"},
    {"bytes", TYPE_NUMBER, get_count, COUNT_BYTES + END_NONE,
     "octets of data of both ends, each counted once"},
    {"client.bytes", TYPE_NUMBER, get_count, COUNT_BYTES + END_CLIENT, "sent by the client"},
    {"server.bytes", TYPE_NUMBER, get_count, COUNT_BYTES + END_SERVER, "sent by the server"},
    {"retransmissions", TYPE_NUMBER, get_count, COUNT_RETRANSMISSIONS + END_NONE,
     "segments with data or FIN that were sent again"},
    {"client.retransmissions", TYPE_NUMBER, get_count, COUNT_RETRANSMISSIONS + END_CLIENT,
     "by the client"},
    {"server.retransmissions", TYPE_NUMBER, get_count, COUNT_RETRANSMISSIONS + END_SERVER,
     "by the server"},
    {"os", TYPE_TEXT, get_os, END_NONE, "either end's system, guessed from its SYN"},
    {"client.os", TYPE_TEXT, get_os, END_CLIENT, "the client's"},
    {"server.os", TYPE_TEXT, get_os, END_SERVER, "the server's"},
};

const struct filter_field *filter_fields(size_t *n)
{
    *n = sizeof fields / sizeof *fields;
    return fields;
}

const struct filter_field *filter_field_find(const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcasecmp(name, fields[i].name) == 0)
            return &fields[i];
    return NULL;
}

bool filter_field_in_row(const struct filter_field *f)
{
    if (f->get == get_span)
        return f->of != SPAN_HALF_CLOSED;
    if (f->get == get_name)
        return f->of == NAME_KIND;
    if (f->get == get_finding)
        return f->of == FINDING_ID || f->of == FINDING_WORST;
    if (f->get == get_count)
        return f->of == COUNT_PACKETS + END_NONE || f->of == COUNT_BYTES + END_NONE;
    return f->get == get_address || f->get == get_port || f->get == get_one;
}
