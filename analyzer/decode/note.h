/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the decoder could not use, counted by kind with the first packets as samples. Bad input is
 * data: notes are part of the report, never errors. To add a kind: one row in NOTE_KINDS. */
#ifndef LASTACK_DECODE_NOTE_H
#define LASTACK_DECODE_NOTE_H

#include "base/ref.h"

#include <stdbool.h>
#include <stdint.h>

/* name, text for people, damage: true when it means that input was damaged or lost (false: merely
 * not ours to decode) */
#define NOTE_KINDS(NOTE)                                                                           \
    NOTE(LINK_UNSUPPORTED, "link-type-unsupported", "link type not supported", true)               \
    NOTE(LINK_TRUNCATED, "link-header-truncated", "cut inside the link header", true)              \
    NOTE(LINK_MALFORMED, "link-header-malformed", "link header makes no sense", true)              \
    NOTE(IP_TRUNCATED, "ip-header-truncated", "cut inside the IP header", true)                    \
    NOTE(IP_MALFORMED, "ip-header-malformed", "IP header makes no sense", true)                    \
    NOTE(TCP_TRUNCATED, "tcp-header-truncated", "cut inside the TCP header", true)                 \
    NOTE(TCP_MALFORMED, "tcp-header-malformed", "TCP header makes no sense", true)                 \
    NOTE(TCP_OPTIONS_TRUNCATED, "tcp-options-truncated", "snap length cuts the TCP options",       \
         false)                                                                                    \
    NOTE(TCP_OPTIONS_MALFORMED, "tcp-options-malformed", "TCP option with an impossible length",   \
         true)                                                                                     \
    NOTE(FRAGMENT_INCOMPLETE, "fragment-incomplete",                                               \
         "IP fragments of a datagram that never became whole", true)                               \
    NOTE(FRAGMENT_MALFORMED, "fragment-malformed",                                                 \
         "IP fragments that overlap or exceed 65535 octets", true)                                 \
    NOTE(FRAGMENT_EVICTED, "fragment-evicted", "IP fragments dropped to bound memory", true)       \
    NOTE(ICMP_TRUNCATED, "icmp-truncated", "ICMP error too short to tell its connection", false)   \
    NOTE(TUNNEL_TRUNCATED, "tunnel-header-truncated", "cut inside a tunnel header", true)          \
    NOTE(TUNNEL_MALFORMED, "tunnel-header-malformed", "tunnel header makes no sense", true)        \
    NOTE(TUNNEL_DEEP, "tunnel-too-deep", "more than 16 layers of encapsulation", true)             \
    NOTE(PATH_LIMIT, "path-limit", "encapsulation not told apart, to bound memory", true)          \
    NOTE(WLAN_ENCRYPTED, "wlan-encrypted", "encrypted IEEE 802.11 frame", false)                   \
    NOTE(WLAN_BAD_FCS, "wlan-bad-fcs", "IEEE 802.11 frame with a bad checksum", false)             \
    NOTE(WLAN_AGGREGATE, "wlan-aggregate",                                                         \
         "IEEE 802.11 aggregate (A-MSDU): only its first frame is decoded", true)                  \
    NOTE(WLAN_FRAGMENT, "wlan-fragment", "IEEE 802.11 fragment: not put together", true)           \
    NOTE(ESP, "esp", "encrypted by IPsec (ESP)", false)

enum note_kind {
#define NOTE_ENUM(id, name, text, damage) NOTE_##id,
    NOTE_KINDS(NOTE_ENUM)
#undef NOTE_ENUM
        NOTE_KIND_COUNT
};

enum { NOTE_SAMPLES = 3 };

struct note {
    uint64_t count;
    struct ref first[NOTE_SAMPLES]; /* the first min(count, NOTE_SAMPLES) packets */
    int detail;                     /* link type of LINK_UNSUPPORTED's first packet; else 0 */
};

struct notes {
    struct note of[NOTE_KIND_COUNT];
};

/* Count one. */
void notes_add(struct notes *n, enum note_kind kind, const struct ref *at, int detail);
const char *note_name(enum note_kind kind); /* "ip-header-truncated" */
const char *note_text(enum note_kind kind);
bool note_is_damage(enum note_kind kind);

#endif
