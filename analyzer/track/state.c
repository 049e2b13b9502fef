/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The state of an endpoint, as an observer may follow it.
 *
 * The vantage: lastack sees a segment once, somewhere on its way. What an endpoint sent is certain.
 * What it received is decided afterwards, by the ACK field of what it sends next; only then is the
 * table read (replay.c). So each event here is settled: RCV_FIN means that the FIN was taken, in
 * order, not that it passed the tap.
 *
 * One segment gives a short list of events in the order of RFC 9293 3.10.7.4: RST, SYN, ACK, FIN. A
 * FIN+ACK that arrives in FIN_WAIT_1 is two look-ups, by way of FIN_WAIT_2 to TIME_WAIT; a FIN
 * without that ACK leads to CLOSING. */
#include "track/state.h"

#include "base/word.h"

#include <stddef.h>
#include <string.h>

/* Short names for the table. `oo`: odd, the event has no place here; the state stays and detectors
 * may look.
 * `==`-like cells are written out: the state again. No cell may be 0. */
enum {
    NO = ST_NONE,
    SS = ST_SYN_SENT,
    SR = ST_SYN_RCVD,
    ES = ST_ESTABLISHED,
    F1 = ST_FIN_WAIT_1,
    F2 = ST_FIN_WAIT_2,
    CG = ST_CLOSING,
    TW = ST_TIME_WAIT,
    CW = ST_CLOSE_WAIT,
    LA = ST_LAST_ACK,
    CD = ST_CLOSED,
    oo = 64,
};

/* clang-format off */
static const unsigned char table[EV_COUNT][ST_COUNT] = {
/*                     -   NO  SS  SR  ES  F1  F2  CG  TW  CW  LA  CD */
[EV_SND_SYN]        = {oo, SS, SS, SR, oo, oo, oo, oo, oo, oo, oo, SS},
/*  NO -> SS  active open (3.5); SS, SR: a copy, or both open at once
    CD -> SS  opens again; a SYN in any other state starts another incarnation, which has endpoints of its own */
[EV_SND_SYNACK]     = {oo, SR, SR, SR, oo, oo, oo, oo, oo, oo, oo, SR},
/*  NO -> SR  LISTEN got a SYN (3.10.7.2)
    SS -> SR  simultaneous open: the SYN of the peer came (3.10.7.3) */
[EV_RCV_SYN]        = {oo, NO, SR, SR, ES, F1, F2, CG, TW, CW, LA, CD},
/*  SS -> SR  simultaneous open; elsewhere a copy, answered by a challenge ACK (RFC 5961 4) */
[EV_RCV_SYNACK]     = {oo, NO, ES, ES, ES, F1, F2, CG, TW, CW, LA, CD},
/*  SS -> ES  our SYN is acknowledged (3.10.7.3)
    SR -> ES  simultaneous open completes; elsewhere a copy */
[EV_RCV_ACK_OF_SYN] = {oo, NO, oo, ES, ES, F1, F2, CG, TW, CW, LA, CD},
/*  SR -> ES  third segment of the handshake (3.10.7.4) */
[EV_MID_STREAM]     = {oo, ES, ES, ES, ES, F1, F2, CG, TW, CW, LA, CD},
/*  NO -> ES  first seen in the middle: assumed, never proven
    SS, SR -> ES  goes on as only a synchronized end can, its handshake was not captured whole */
[EV_SND_FIN]        = {oo, F1, F1, F1, F1, F1, F2, CG, TW, LA, LA, oo},
/*  ES -> F1  close first (3.6 case 1); SR -> F1 (3.10.4); SS -> F1 Fast Open: data and FIN before the SYN-ACK is in
    CW -> LA  close second (3.6 case 2); NO -> F1 mid-stream; the others: a copy */
[EV_RCV_FIN]        = {oo, NO, oo, CW, CW, CG, TW, CG, TW, CW, LA, CD},
/*  SR, ES -> CW  the peer closes first
    F1 -> CG  both closed at once, our FIN is not acknowledged yet (3.6 case 3)
    F2 -> TW  the second FIN of an ordinary close; the others: a copy */
[EV_RCV_ACK_OF_FIN] = {oo, NO, oo, oo, oo, F2, F2, TW, TW, oo, CD, CD},
/*  F1 -> F2  our FIN arrived; CG -> TW both FINs arrived; LA -> CD the last ACK */
[EV_SND_RST]        = {oo, NO, CD, CD, CD, CD, CD, CD, CD, CD, CD, CD},
/*  NO        a reply for no socket; any other end is gone with the RST it sends (3.10.5), TIME_WAIT too: only a host
              that has forgotten the connection resets it there */
[EV_RCV_RST]        = {oo, NO, SS, CD, CD, CD, CD, CD, CD, CD, CD, CD},
/*  SR -> CD  LISTEN again, this connection is gone; SS needs EV_RCV_REFUSAL; TW -> CD RFC 9293, Linux; RFC 1337 asks to ignore it */
[EV_RCV_REFUSAL]    = {oo, NO, CD, CD, oo, oo, oo, oo, oo, oo, oo, CD},
/*  SS -> CD  connection refused (3.10.7.3) */
[EV_TIMER]          = {oo, NO, CD, CD, CD, CD, CD, CD, CD, oo, CD, CD},
/*  TW -> CD  2MSL is over; F2 -> CD an orphan is dropped; LA, F1, CG, ES, SS, SR -> CD gave up repeating.
              CLOSE_WAIT has no timer: it waits for the application (3.3.2) */
[EV_REPLACED]       = {oo, NO, CD, CD, CD, CD, CD, CD, CD, CD, CD, CD},
/*  nobody accepts or opens a connection on ports that still have one: TW -> CD is legal (RFC 6191), the others ended
    out of sight */
};
/* clang-format on */

_Static_assert(sizeof table == EV_COUNT * ST_COUNT, "a row for each event, a cell for each state");

enum tcp_state tcp_next_state(enum tcp_state state, enum tcp_event event)
{
    unsigned char cell = table[event][state];

    return cell == oo ? state : (enum tcp_state)cell;
}

bool tcp_event_expected(enum tcp_state state, enum tcp_event event)
{
    return table[event][state] != oo;
}

static const char *const state_names[ST_COUNT] = {
    [0] = "",
    [ST_NONE] = "",
    [ST_SYN_SENT] = "SYN_SENT",
    [ST_SYN_RCVD] = "SYN_RCVD",
    [ST_ESTABLISHED] = "ESTABLISHED",
    [ST_FIN_WAIT_1] = "FIN_WAIT_1",
    [ST_FIN_WAIT_2] = "FIN_WAIT_2",
    [ST_CLOSING] = "CLOSING",
    [ST_TIME_WAIT] = "TIME_WAIT",
    [ST_CLOSE_WAIT] = "CLOSE_WAIT",
    [ST_LAST_ACK] = "LAST_ACK",
    [ST_CLOSED] = "CLOSED",
};

static const char *const event_names[EV_COUNT] = {
    [EV_SND_SYN] = "snd SYN",
    [EV_SND_SYNACK] = "snd SYN-ACK",
    [EV_RCV_SYN] = "rcv SYN",
    [EV_RCV_SYNACK] = "rcv SYN-ACK",
    [EV_RCV_ACK_OF_SYN] = "rcv ACK of SYN",
    [EV_MID_STREAM] = "seen mid-stream",
    [EV_SND_FIN] = "snd FIN",
    [EV_RCV_FIN] = "rcv FIN",
    [EV_RCV_ACK_OF_FIN] = "rcv ACK of FIN",
    [EV_SND_RST] = "snd RST",
    [EV_RCV_RST] = "rcv RST",
    [EV_RCV_REFUSAL] = "rcv refusal",
    [EV_TIMER] = "timer",
    [EV_REPLACED] = "new connection on the same ports",
};

const char *tcp_state_name(enum tcp_state s)
{
    return state_names[s];
}

const char *tcp_event_name(enum tcp_event e)
{
    return event_names[e];
}

bool tcp_state_parse(const char *text, enum tcp_state *s)
{
    if (word_same(text, "SYN_RECEIVED")) {
        *s = ST_SYN_RCVD;
        return true;
    }
    for (size_t i = ST_SYN_SENT; i < ST_COUNT; i++) {
        if (word_same(text, state_names[i])) {
            *s = (enum tcp_state)i;
            return true;
        }
    }
    return false;
}
