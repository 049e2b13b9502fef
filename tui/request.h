/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Requests and the keys that make them (request.def). */
#ifndef LASTACK_TUI_REQUEST_H
#define LASTACK_TUI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum request {
    REQUEST_NONE,
#define REQUEST(id, name, keys, group, help) REQUEST_##id,
#include "tui/request.def"
#undef REQUEST
    REQUEST_COUNT
};

/* A key as the terminal reports it: a character (its code point; control characters as they are) or
 * one of these. */
enum key {
    KEY_CODES = 0x110000, /* beyond Unicode */
    KEYS_UP,
    KEYS_DOWN,
    KEYS_LEFT,
    KEYS_RIGHT,
    KEYS_PAGE_UP,
    KEYS_PAGE_DOWN,
    KEYS_HOME,
    KEYS_END,
    KEYS_BACKSPACE,
    KEYS_DELETE,
    KEYS_BACKTAB,
    KEYS_F0, /* F1 is this plus 1, up to F12 */
};

struct request_info {
    const char *name, *keys, *group, *help;
};

const struct request_info *request_info(enum request r);
/* The request that a command names whole, or REQUEST_NONE. */
enum request request_by_name(const char *name, size_t len);
/* The request of a key, or of two typed one after the other (first 0: only one). *more: it is the
 * first of two. */
enum request request_of_keys(int first, int second, bool *more);
/* A key by its name in request.def: "k", "PgUp", "^F", "F1"; 0 unknown. */
int key_by_name(const char *name, size_t len);

#endif
