/* SPDX-License-Identifier: BSD-2-Clause */
#include "track/close.h"

static const struct {
    const char *name, *text;
} kinds[CLOSE_KIND_COUNT] = {
#define KIND_ROW(id, name, text) [CLOSE_##id] = {name, text},
    CLOSE_KINDS(KIND_ROW)
#undef KIND_ROW
};

static const char *const handshakes[HANDSHAKE_COUNT] = {
    [HANDSHAKE_NOT_CAPTURED] = "not-captured", [HANDSHAKE_SYN_ONLY] = "syn-only",
    [HANDSHAKE_CHALLENGED] = "challenged",     [HANDSHAKE_REFUSED] = "refused",
    [HANDSHAKE_NO_FINAL_ACK] = "no-final-ack", [HANDSHAKE_COMPLETE] = "complete",
    [HANDSHAKE_SIMULTANEOUS] = "simultaneous", [HANDSHAKE_FAST_OPEN] = "fast-open",
};

const char *close_kind_name(enum close_kind k)
{
    return kinds[k].name;
}

const char *close_kind_text(enum close_kind k)
{
    return kinds[k].text;
}

const char *handshake_name(enum handshake h)
{
    return handshakes[h];
}
