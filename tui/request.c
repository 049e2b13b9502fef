/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/request.h"

#include <stdlib.h>
#include <string.h>

static const struct request_info requests[REQUEST_COUNT] = {
    [REQUEST_NONE] = {"", "", "", ""},
#define REQUEST(id, name, keys, group, help) [REQUEST_##id] = {name, keys, group, help},
#include "tui/request.def"
#undef REQUEST
};

static const struct {
    const char *name;
    int key;
} named[] = {
    {"Up", KEYS_UP},
    {"Down", KEYS_DOWN},
    {"Left", KEYS_LEFT},
    {"Right", KEYS_RIGHT},
    {"PgUp", KEYS_PAGE_UP},
    {"PgDn", KEYS_PAGE_DOWN},
    {"Home", KEYS_HOME},
    {"End", KEYS_END},
    {"Backspace", KEYS_BACKSPACE},
    {"Delete", KEYS_DELETE},
    {"BackTab", KEYS_BACKTAB},
    {"Enter", '\r'},
    {"Space", ' '},
    {"Tab", '\t'},
    {"Esc", 27},
};

const struct request_info *request_info(enum request r)
{
    return &requests[r];
}

enum request request_by_name(const char *name, size_t len)
{
    for (int r = REQUEST_NONE + 1; r < REQUEST_COUNT; r++)
        if (strlen(requests[r].name) == len && memcmp(requests[r].name, name, len) == 0)
            return (enum request)r;
    return REQUEST_NONE;
}

int key_by_name(const char *name, size_t len)
{
    if (len == 1)
        return (unsigned char)name[0];
    if (len == 2 && name[0] == '^')
        return name[1] & 0x1f;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strlen(named[i].name) == len && memcmp(named[i].name, name, len) == 0)
            return named[i].key;
    if (len >= 2 && len <= 3 && name[0] == 'F') {
        int n = atoi(name + 1);
        return n >= 1 && n <= 12 ? KEYS_F0 + n : 0;
    }
    return 0;
}

/* The keys of one binding: one, or two characters that are typed one after the other. */
static void binding_keys(const char *word, size_t len, int *first, int *second)
{
    *first = key_by_name(word, len);
    *second = 0;
    if (!*first && len == 2) {
        *first = (unsigned char)word[0];
        *second = (unsigned char)word[1];
    }
}

enum request request_of_keys(int first, int second, bool *more)
{
    *more = false;
    for (int r = REQUEST_NONE + 1; r < REQUEST_COUNT; r++) {
        const char *word = requests[r].keys;

        while (*word) {
            size_t len = strcspn(word, " ");
            int a, b;

            binding_keys(word, len, &a, &b);
            if (b && first == 0 && a == second)
                *more = true;
            if ((b && a == first && b == second) || (!b && first == 0 && a == second))
                return (enum request)r;
            word += len + strspn(word + len, " ");
        }
    }
    return REQUEST_NONE;
}
