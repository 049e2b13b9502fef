/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/style.h"

enum { OWN = -1, BLACK = 0, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, BRIGHT = 8 };

/* Sky blue, bluish green, orange and the like are the nearest of the 256. */
static const struct style_look looks[STYLE_COUNT] = {
    [STYLE_TEXT] = {OWN, OWN, OWN, OWN, 0, 0},
    [STYLE_DIM] = {245, OWN, OWN, OWN, 0, ATTR_DIM},
    [STYLE_STRONG] = {OWN, OWN, OWN, OWN, ATTR_BOLD, ATTR_BOLD},
    [STYLE_TITLE] = {231, 24, WHITE, BLUE, ATTR_BOLD, ATTR_REVERSE | ATTR_BOLD},
    [STYLE_HEAD] = {OWN, OWN, OWN, OWN, ATTR_BOLD | ATTR_UNDERLINE, ATTR_BOLD | ATTR_UNDERLINE},
    [STYLE_KEY] = {OWN, OWN, OWN, OWN, ATTR_BOLD, ATTR_BOLD},
    [STYLE_LABEL] = {16, 37, BLACK, CYAN, 0, ATTR_REVERSE},
    [STYLE_FILTER] = {220, OWN, YELLOW, OWN, 0, ATTR_BOLD},
    [STYLE_PROMPT] = {OWN, OWN, OWN, OWN, ATTR_BOLD, ATTR_BOLD},
    [STYLE_ALERT] = {209, OWN, RED, OWN, ATTR_BOLD, ATTR_BOLD},
    [STYLE_GOOD] = {36, OWN, GREEN, OWN, 0, 0},
    [STYLE_INFO] = {74, OWN, BLUE, OWN, 0, 0},
    [STYLE_NOTICE] = {80, OWN, CYAN, OWN, 0, 0},
    [STYLE_WARNING] = {214, OWN, YELLOW, OWN, ATTR_BOLD, ATTR_BOLD},
    [STYLE_ERROR] = {209, OWN, RED, OWN, ATTR_BOLD, ATTR_BOLD | ATTR_UNDERLINE},
    [STYLE_FIN] = {214, OWN, YELLOW, OWN, ATTR_BOLD, ATTR_BOLD},
    [STYLE_RST] = {209, OWN, RED, OWN, ATTR_BOLD, ATTR_BOLD},
    [STYLE_SYN] = {36, OWN, GREEN, OWN, ATTR_BOLD, ATTR_BOLD},
    [STYLE_FOLD] = {245, OWN, OWN, OWN, 0, ATTR_DIM},
    [STYLE_STATE + ST_NONE] = {245, OWN, OWN, OWN, 0, ATTR_DIM},
    [STYLE_STATE + ST_SYN_SENT] = {16, 250, BLACK, WHITE, 0, 0},
    [STYLE_STATE + ST_SYN_RCVD] = {16, 250, BLACK, WHITE, 0, 0},
    [STYLE_STATE + ST_ESTABLISHED] = {16, 36, BLACK, GREEN, 0, 0},
    [STYLE_STATE + ST_FIN_WAIT_1] = {16, 227, BLACK, YELLOW, 0, ATTR_BOLD},
    [STYLE_STATE + ST_FIN_WAIT_2] = {16, 221, BLACK, YELLOW, 0, ATTR_BOLD},
    [STYLE_STATE + ST_CLOSING] = {16, 227, BLACK, YELLOW, 0, ATTR_BOLD},
    [STYLE_STATE + ST_TIME_WAIT] = {16, 74, BLACK, CYAN, 0, ATTR_UNDERLINE},
    [STYLE_STATE + ST_CLOSE_WAIT] = {16, 208, BLACK, RED, ATTR_BOLD, ATTR_REVERSE},
    [STYLE_STATE + ST_LAST_ACK] = {16, 175, BLACK, MAGENTA, 0, ATTR_REVERSE},
    [STYLE_STATE + ST_CLOSED] = {245, OWN, OWN, OWN, 0, ATTR_DIM},
};

const struct style_look *style_look(enum style s)
{
    return &looks[s];
}

enum style style_of_severity(enum severity s)
{
    return (enum style)(STYLE_INFO + s);
}

enum style style_of_state(enum tcp_state s)
{
    return (enum style)(STYLE_STATE + s);
}

const char *state_short(enum tcp_state s)
{
    static const char *const names[ST_COUNT] = {
        [ST_SYN_SENT] = "SYN_S",    [ST_SYN_RCVD] = "SYN_R",    [ST_ESTABLISHED] = "ESTAB",
        [ST_FIN_WAIT_1] = "FIN_W1", [ST_FIN_WAIT_2] = "FIN_W2", [ST_CLOSING] = "CLOSNG",
        [ST_TIME_WAIT] = "TIME_W",  [ST_CLOSE_WAIT] = "CLOS_W", [ST_LAST_ACK] = "LASTAK",
        [ST_CLOSED] = "CLOSED",
    };

    return s < ST_COUNT && names[s] ? names[s] : "";
}

char state_letter(enum tcp_state s)
{
    static const char letters[ST_COUNT] = {
        [ST_NONE] = ' ',       [ST_SYN_SENT] = 'S',   [ST_SYN_RCVD] = 'R', [ST_ESTABLISHED] = 'E',
        [ST_FIN_WAIT_1] = '1', [ST_FIN_WAIT_2] = '2', [ST_CLOSING] = 'X',  [ST_TIME_WAIT] = 'T',
        [ST_CLOSE_WAIT] = 'W', [ST_LAST_ACK] = 'L',   [ST_CLOSED] = '.',
    };

    return s < ST_COUNT && letters[s] ? letters[s] : ' ';
}
