/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The states of one endpoint (RFC 9293 3.3.2), the events that move it, and the table that says
 * how. LISTEN is not among them: a passive opener appears on the wire with its SYN-ACK.
 *
 * Events are from one endpoint's point of view and already say all that matters ("an ACK of my FIN
 * arrived"): the table is the only place where a state follows from a state. */
#ifndef LASTACK_TRACK_STATE_H
#define LASTACK_TRACK_STATE_H

#include <stdbool.h>

enum tcp_state {
    ST_NONE = 1, /* nothing known yet; 0 is no state, so that a forgotten table cell can't look like
                    one */
    ST_SYN_SENT,
    ST_SYN_RCVD,
    ST_ESTABLISHED,
    ST_FIN_WAIT_1,
    ST_FIN_WAIT_2,
    ST_CLOSING,
    ST_TIME_WAIT,
    ST_CLOSE_WAIT,
    ST_LAST_ACK,
    ST_CLOSED,
    ST_COUNT
};

enum tcp_event {
    EV_SND_SYN,
    EV_SND_SYNACK,
    EV_RCV_SYN,    /* a SYN without ACK from the peer of an endpoint that sent its own: simultaneous
                      open */
    EV_RCV_SYNACK, /* a SYN-ACK that acknowledges the endpoint's SYN */
    EV_RCV_ACK_OF_SYN, /* an ACK of the endpoint's SYN-ACK */
    EV_MID_STREAM,     /* seen alive for the first time in the middle of a connection */
    EV_SND_FIN,        /* first copy */
    EV_RCV_FIN,        /* the peer's FIN, in order */
    EV_RCV_ACK_OF_FIN,
    EV_SND_RST,
    EV_RCV_RST,     /* a RST that the endpoint accepts */
    EV_RCV_REFUSAL, /* a RST or ICMP error that answers the endpoint's SYN */
    EV_TIMER,       /* 2MSL, FIN_WAIT_2, or retransmission given up: nothing on the wire says so */
    EV_REPLACED,    /* a new connection was accepted on the same ports */
    EV_COUNT
};

/* THE TABLE: the state after `event` in `state`. An event that has no place in a state leaves it as
 * it is. */
enum tcp_state tcp_next_state(enum tcp_state state, enum tcp_event event);
/* Whether the event has a place in the state (false: the cell says "odd", the state is kept). */
bool tcp_event_expected(enum tcp_state state, enum tcp_event event);

const char *tcp_state_name(enum tcp_state s); /* "FIN_WAIT_1"; "" for ST_NONE */
/* Any spelling: FIN_WAIT_1, FIN-WAIT-1, fin_wait1, fin-wait-1. */
bool tcp_state_parse(const char *text, enum tcp_state *s);
const char *tcp_event_name(enum tcp_event e); /* "snd FIN", "rcv ACK of FIN" */

#endif
