/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Hosts and populations as JSON. */
#include "report/json_fields.h"
#include "report/json_objects.h"

#include "detect/host.h"

#include <stdlib.h>

static void put_host_name(cJSON *o, const struct model_host *h)
{
    char text[ADDR_TEXT];

    put_text(o, "addr", addr_text(&h->addr, text));
    put_number(o, "service", h->service);
    put_text(o, "role", end_name(h->role));
}

static void put_dwell(cJSON *o, const char *state, const struct model_dwell *d)
{
    cJSON *item;

    if (!d->n && !d->open)
        return;
    item = cJSON_AddObjectToObject(o, state);
    put_number(item, "ended", (int64_t)d->n);
    put_number(item, "open", (int64_t)d->open);
    if (d->open)
        put_seconds(item, "open_p50", d->open_p50);
    put_seconds(item, "mean", d->mean);
    put_seconds(item, "p50", d->p50);
    put_seconds(item, "p90", d->p90);
    put_seconds(item, "p99", d->p99);
    put_seconds(item, "max", d->max);
}

cJSON *json_host(const struct model_host *h)
{
    cJSON *o = cJSON_CreateObject();

    put_text(o, "record", "host");
    put_host_name(o, h);
    put_number(o, "connections", (int64_t)h->connections);
    cJSON *closes = cJSON_AddObjectToObject(o, "closes");
    for (int k = 0; k < CLOSE_KIND_COUNT; k++)
        if (h->by_kind[k])
            put_number(closes, close_kind_name((enum close_kind)k), (int64_t)h->by_kind[k]);
    put_number(o, "closed_first", (int64_t)h->closed_first);
    put_number(o, "peer_closed", (int64_t)h->peer_closed);
    put_number(o, "never_closed", (int64_t)h->never_closed);
    if (h->has_leak)
        put_number(o, "example", (int64_t)h->leak_stream);
    if (h->has_answer)
        put_number(o, "counterexample", (int64_t)h->answer_stream);
    cJSON *states = cJSON_AddObjectToObject(o, "states");
    for (int k = 0; k < HOST_STATES; k++)
        put_dwell(states, host_state_name((enum host_state)k), &h->dwell[k]);
    return o;
}

cJSON *json_population(const struct model_host *h, int state)
{
    const struct series *s = &h->population[state];
    cJSON *o, *counts;
    int64_t *count, at, most;

    if (!s->n)
        return NULL;
    count = malloc(s->n * sizeof *count);
    if (!count)
        return NULL;
    most = series_counts(s, count, &at);
    o = cJSON_CreateObject();
    put_text(o, "record", "population");
    put_host_name(o, h);
    put_text(o, "state", host_state_name((enum host_state)state));
    put_number(o, "peak", most);
    put_time(o, "peak_at", at);
    put_time(o, "start", series_time(s, 0));
    put_number(o, "step", series_step(s) / NS_PER_S);
    counts = cJSON_AddArrayToObject(o, "counts");
    for (size_t i = 0; i < s->n; i++)
        cJSON_AddItemToArray(counts, cJSON_CreateNumber((double)count[i]));
    free(count);
    return o;
}
