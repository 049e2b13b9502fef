/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/about.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "10.0.0.2:80", "[2001:db8::2]:80" */
static bool parse_endpoint(const char *text, struct addr *addr, uint16_t *port)
{
    const char *colon = strrchr(text, ':');
    bool bracket = text[0] == '[' && colon && colon[-1] == ']';
    char address[ADDR_TEXT];

    if (!colon || (!bracket && strchr(text, ':') != colon))
        return false;
    snprintf(address, sizeof address, "%.*s", (int)(colon - text) - 2 * bracket, text + bracket);
    *port = (uint16_t)strtoul(colon + 1, NULL, 10);
    return addr_parse(address, addr);
}

/* What the key names: a service, a host, or a client and a service: "10.0.0.1 -> 10.0.0.2:80". */
static size_t of_key(const char *key, struct narrowing *out)
{
    const char *arrow = strstr(key, " -> ");
    struct narrowing of = {.kind = NARROW_SERVICE};
    char client[ADDR_TEXT];
    size_t n = 0;

    if (arrow) {
        snprintf(client, sizeof client, "%.*s", (int)(arrow - key), key);
        out[n].kind = NARROW_CLIENT;
        n += addr_parse(client, &out[n].addr);
        key = arrow + 4;
    }
    if (!parse_endpoint(key, &of.addr, &of.port)) {
        of.kind = NARROW_HOST;
        if (!addr_parse(key, &of.addr))
            return n;
    }
    out[n++] = of;
    return n;
}

size_t about(const struct model_cross_finding *x, int64_t origin,
             struct narrowing out[static ABOUT_MOST])
{
    memset(out, 0, ABOUT_MOST * sizeof *out);
    size_t n = of_key(x->key, out);
    if (x->n_supersedes)
        out[n].kind = NARROW_FINDINGS;
    for (size_t i = 0; i < x->n_supersedes; i++)
        out[n].findings |= UINT64_C(1) << x->supersedes[i];
    n += x->n_supersedes != 0;
    if (n && x->first.packet)
        out[n++] = (struct narrowing){
            .kind = NARROW_TIME, .from = x->first.t, .to = x->last.t, .origin = origin};
    return n;
}
