/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What things look like: a style is a name, the table behind it (style.c) says its colours on
 * terminals with 256, with 16 and without colours. Colours only repeat what letters and words say;
 * they are chosen so that colour-blind people can tell them apart (after Okabe and Ito). */
#ifndef LASTACK_TUI_STYLE_H
#define LASTACK_TUI_STYLE_H

#include "detect/finding.h"
#include "track/state.h"

#include <stdint.h>

enum style {
    STYLE_TEXT,
    STYLE_DIM,
    STYLE_STRONG,
    STYLE_TITLE,  /* the top line */
    STYLE_HEAD,   /* column heads */
    STYLE_KEY,    /* the bar of keys: the key, */
    STYLE_LABEL,  /* and what it does */
    STYLE_FILTER, /* the filter that is on */
    STYLE_PROMPT,
    STYLE_ALERT, /* a message about a failure */
    STYLE_GOOD,
    STYLE_INFO, /* the four severities, in order */
    STYLE_NOTICE,
    STYLE_WARNING,
    STYLE_ERROR,
    STYLE_FIN, /* segments with a FIN, */
    STYLE_RST, /* with a RST, */
    STYLE_SYN, /* with a SYN */
    STYLE_FOLD,
    STYLE_STATE, /* a state's style is this plus the state */
    STYLE_COUNT = STYLE_STATE + ST_COUNT
};

enum attribute { ATTR_BOLD = 1, ATTR_DIM = 2, ATTR_REVERSE = 4, ATTR_UNDERLINE = 8 };

struct style_look {
    int16_t fg256, bg256; /* -1: the terminal's own */
    int16_t fg16, bg16;
    uint8_t attributes; /* with colours, and */
    uint8_t mono;       /* without; enum attribute */
};

enum { STATE_SHORT = 6 };

const struct style_look *style_look(enum style s);
enum style style_of_severity(enum severity s);
enum style style_of_state(enum tcp_state s);
/* A name of at most STATE_SHORT letters for narrow screens: "FIN_W2". */
const char *state_short(enum tcp_state s);
/* One letter for a state, for bars of one cell a moment. */
char state_letter(enum tcp_state s);

#endif
