/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The vocabulary of verdicts: how a connection ended, as the wire shows it. */
#ifndef LASTACK_TRACK_CLOSE_H
#define LASTACK_TRACK_CLOSE_H

#include <stdbool.h>

/* enum name, printed name, what it says */
#define CLOSE_KINDS(KIND)                                                                          \
    KIND(REFUSED, "refused", "the SYN was answered by a reset or an ICMP error")                   \
    KIND(NO_ANSWER, "no-answer", "the handshake never completed")                                  \
    KIND(RESET, "reset", "ended by a reset before both FINs were acknowledged")                    \
    KIND(SIMULTANEOUS, "simultaneous", "both ends closed at once, both FINs acknowledged")         \
    KIND(CLEAN_COMBINED, "clean-combined",                                                         \
         "both FINs acknowledged, in three segments: FIN, FIN+ACK, ACK")                           \
    KIND(CLEAN, "clean", "both FINs acknowledged")                                                 \
    KIND(FINAL_ACK_MISSING, "final-ack-missing",                                                   \
         "the second FIN was repeated and never acknowledged")                                     \
    KIND(FINAL_ACK_NOT_CAPTURED, "final-ack-not-captured", "the last ACK is not in the capture")   \
    KIND(FIN_UNACKNOWLEDGED, "fin-unacknowledged", "the first FIN was never acknowledged")         \
    KIND(HALF_CLOSED, "half-closed", "one end closed, the other did not")                          \
    KIND(STRAY, "stray", "leftovers of a connection from before the capture")                      \
    KIND(OPEN, "open", "no close in the capture")                                                  \
    KIND(UNDETERMINED, "undetermined", "the capture does not tell")

enum close_kind {
#define KIND_ENUM(id, name, text) CLOSE_##id,
    CLOSE_KINDS(KIND_ENUM)
#undef KIND_ENUM
        CLOSE_KIND_COUNT
};

const char *close_kind_name(enum close_kind k); /* "clean-combined" */
const char *close_kind_text(enum close_kind k); /* one clause for people */

enum handshake {
    HANDSHAKE_NOT_CAPTURED,
    HANDSHAKE_SYN_ONLY,
    HANDSHAKE_CHALLENGED, /* the SYN was answered by an ACK that is not of it (RFC 5961 4,
                             TIME_WAIT) */
    HANDSHAKE_REFUSED,
    HANDSHAKE_NO_FINAL_ACK,
    HANDSHAKE_COMPLETE,
    HANDSHAKE_SIMULTANEOUS,
    HANDSHAKE_FAST_OPEN,
    HANDSHAKE_COUNT
};

const char *handshake_name(enum handshake h); /* "no-final-ack" */

#endif
