/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a capture file says about itself, beside its packets: the interfaces it was taken on, what
 * they lost, and what people wrote into it. Texts are kept as they stand in the file (cut, never
 * escaped): whoever shows them escapes them. */
#ifndef LASTACK_CAPTURE_ABOUT_H
#define LASTACK_CAPTURE_ABOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ABOUT_INTERFACES = 4096, /* of one file; the last one stands for all beyond */
    ABOUT_COMMENTS = 256,    /* kept of one file; all are counted */
    ABOUT_TEXT = 256,        /* octets kept of a name or comment */
    ABOUT_LOSSES = 1024,     /* of one file; the last one lasts for ever */
    ABOUT_TEXTS = 64 * 1024, /* octets kept of all of them */
};

struct capture_interface {
    char *name, *description; /* owned; NULL: not told, or beyond what is kept */
    int link_type;            /* LINKTYPE_ value */
    uint64_t records;
    uint64_t dropped; /* packets that it or its system lost; valid when drops_told */
    bool drops_told;
};

struct capture_comment {
    uint64_t packet; /* what it is on; 0: the file or an interface */
    char *text;      /* owned */
};

/* Packets were lost at some time between these two (of records, ns). */
struct capture_loss {
    int64_t from, to;
};

struct about {
    struct capture_interface *interfaces; /* owned; none in formats without them */
    size_t n_interfaces;
    struct capture_comment *comments; /* owned, in file order */
    size_t n_comments;
    uint64_t total_comments;
    uint64_t dropped; /* by all interfaces */
    bool drops_told;
    struct capture_loss *losses; /* owned, as the file tells them; INT64_MAX: it can't tell more */
    size_t n_losses;
    uint64_t untimed;        /* records without a time: they got that of the record before */
    const char *compression; /* "gzip"; NULL when it is plain */
    size_t text;             /* octets kept in texts */
};

/* The next interface and its number in the file. */
uint32_t about_interface(struct about *f, int link_type);
void about_comment(struct about *f, uint64_t packet, const uint8_t *text, size_t n);
/* A copy of a text that ends at n octets or at a NUL; NULL when enough is kept already. */
char *about_text(struct about *f, const uint8_t *text, size_t n);
/* An interface's counter of lost packets: the greatest value told counts. What it counts more than
 * before was lost between these times. */
void about_dropped(struct about *f, uint32_t interface, uint64_t dropped, struct capture_loss when);
void about_done(struct about *f);

#endif
