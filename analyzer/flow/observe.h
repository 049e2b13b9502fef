/* SPDX-License-Identifier: BSD-2-Clause
 *
 * One segment against what is known of its flow: updates both directions in sequence space and says
 * what the segment is (new data, a copy, a probe, the first FIN, an ACK of the FIN, ...). All
 * sequence arithmetic of the analyzer ends here: the layers above ask for these bits only. */
#ifndef LASTACK_FLOW_OBSERVE_H
#define LASTACK_FLOW_OBSERVE_H

#include "flow/flow.h"

enum seen_bit {
    SEEN_NEW_DATA = 0x00001,
    SEEN_RETRANSMISSION = 0x00002, /* octets or a FIN that were sent before, nothing new */
    SEEN_OUT_OF_ORDER = 0x00004,   /* fills a hole */
    SEEN_KEEP_ALIVE = 0x00008,     /* probe of an idle connection (close-semantics 1.7) */
    SEEN_ZERO_PROBE = 0x00010,     /* probe of a closed window */
    SEEN_SYN_FIRST = 0x00020,
    SEEN_SYN_COPY = 0x00040,
    SEEN_FIN_FIRST = 0x00080,
    SEEN_FIN_COPY = 0x00100,
    SEEN_ACKS_SYN = 0x00200,      /* first to acknowledge the peer's SYN or SYN-ACK */
    SEEN_ACKS_FIN = 0x00400,      /* first to acknowledge the peer's FIN */
    SEEN_ACK_AGAIN = 0x00800,     /* acknowledges the peer's FIN once more */
    SEEN_ACK_BEYOND = 0x01000,    /* acknowledges one octet that the peer was not seen to send */
    SEEN_ACK_INVALID = 0x02000,   /* acknowledges what the peer can't have sent */
    SEEN_FIN_CONFIRMED = 0x04000, /* goes on behind a FIN that the tap missed */
    SEEN_AFTER_FIN = 0x08000,     /* octets beyond the sender's own FIN */
    SEEN_OLD = 0x10000,           /* lies below everything that this incarnation sent */
    SEEN_MALFORMED =
        0x20000, /* flags that no stack sends; no state change unless a RST is among them */
    SEEN_RST_ACCEPTABLE = 0x40000, /* RST within what its receiver can take as exact */
    SEEN_RST_IN_WINDOW = 0x80000,  /* RST in the window but not exact: challenged (RFC 5961 3.2) */
    SEEN_ALIEN_SYNACK = 0x100000,  /* SYN-ACK that does not acknowledge the SYN */
};

/* Take segment s of direction dir into account. *new_octets: payload never seen before. */
uint32_t flow_observe(struct flow *f, int dir, const struct segment *s, uint32_t *new_octets);

#endif
