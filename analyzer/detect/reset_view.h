/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A RST and what surrounds it: its shape, what it answers, who had said what before. Facts only;
 * the decision is in reset_cause.c. */
#ifndef LASTACK_DETECT_RESET_VIEW_H
#define LASTACK_DETECT_RESET_VIEW_H

#include "detect/scene.h"

/* One RST. X is its apparent sender, Y the other end. */
struct reset_view {
    const struct life *l;
    const struct flow *flow;
    const struct step *r;
    int at;      /* its step */
    int x, y;    /* directions */
    bool reply;  /* reply shape: without ACK, or with seq 0 and ACK (close-semantics 4.1) */
    int trigger; /* step of Y that a reply answers; -1 none */
    enum tcp_state state[2];    /* likely states just before, by direction */
    bool x_fin, y_fin;          /* a FIN of X, of Y came before */
    bool x_known;               /* X sent anything but resets, a SYN at least */
    bool x_spoke;               /* X sent a segment that is no SYN and no RST before */
    bool x_goes_beyond;         /* X later sends octets beyond the RST's number */
    bool x_goes_on, y_goes_on;  /* ... sends other than RSTs later than rst_race after it */
    bool x_data, y_data;        /* payload of X, of Y came before */
    int64_t x_data_t, y_data_t; /* ... the last of it, ns */
    int y_data_step;            /* ... */
    int64_t idle; /* silence before the trigger (or before the RST when there is none), ns */
    unsigned
        probes; /* logged keep-alives of X right before, unanswered: all but perhaps the first */
    int first_probe;
    bool both_acked; /* both FINs were acknowledged before */
};

struct reset_view reset_view(const struct life *l, int at);
/* Octets that direction dir sent and that were never acknowledged, its FIN not counted. */
uint32_t reset_unconfirmed(const struct reset_view *v, int dir);
/* Resets follow within 100 ms that step through the sequence space (close-semantics 4.3 c). */
bool reset_walks_the_window(const struct reset_view *v);
/* The other end was reset within 10 ms with the same fingerprint (4.3 d). */
bool reset_hits_both_ends(const struct reset_view *v);
/* The TTL that X's other segments have, or the first of them; 0 when it sent none. */
uint8_t reset_usual_ttl(const struct reset_view *v);
/* The TTL of all else that the sender of a RST sent, from its SYN to the latest segment, when it is
 * not that of the RST; 0 when it is, or these are too few, or differ. */
uint8_t reset_other_ttl(const struct flow *f, const struct step *rst);

#endif
