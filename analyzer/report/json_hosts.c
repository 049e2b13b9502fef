/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Hosts and populations as JSON. */
#include "report/json_fields.h"
#include "report/json_objects.h"

#include "base/xalloc.h"
#include "detect/host.h"

#include <stdlib.h>

static void put_host_name(struct json *j, const struct model_host *h)
{
    put_addr(j, "addr", &h->addr);
    json_number(j, "service", h->service);
    json_text(j, "role", end_name(h->role));
}

static void put_dwell(struct json *j, const struct model_host *h, enum tcp_state state)
{
    const struct model_dwell dwell = model_dwell_of(h, state), *d = &dwell;

    if (!d->n && !d->open)
        return;
    json_object(j, tcp_state_name(state));
    json_number(j, "ended", (int64_t)d->n);
    json_number(j, "open", (int64_t)d->open);
    if (d->open)
        json_seconds(j, "open_p50", d->open_p50);
    json_seconds(j, "mean", d->mean);
    json_seconds(j, "p50", d->p50);
    json_seconds(j, "p90", d->p90);
    json_seconds(j, "p99", d->p99);
    json_seconds(j, "max", d->max);
    json_object_end(j);
}

void json_host(struct json *j, const struct model_host *h)
{
    json_object(j, NULL);
    json_text(j, "record", "host");
    put_host_name(j, h);
    json_number(j, "connections", (int64_t)h->connections);
    json_object(j, "closes");
    for (int k = 0; k < CLOSE_KIND_COUNT; k++)
        if (h->by_kind[k])
            json_number(j, close_kind_name((enum close_kind)k), (int64_t)h->by_kind[k]);
    json_object_end(j);
    json_number(j, "closed_first", (int64_t)h->closed_first);
    json_number(j, "peer_closed", (int64_t)h->peer_closed);
    json_number(j, "never_closed", (int64_t)h->never_closed);
    if (h->has_leak)
        json_number(j, "example", (int64_t)h->leak_stream);
    if (h->has_answer)
        json_number(j, "counterexample", (int64_t)h->answer_stream);
    json_object(j, "states");
    for (int k = 0; k < ST_COUNT; k++)
        put_dwell(j, h, (enum tcp_state)k);
    json_object_end(j);
    json_object_end(j);
}

bool json_population(struct json *j, const struct model_host *h, int state)
{
    const struct series *s = &h->population[state];
    struct series_grid grid = series_grid(s, SERIES_SHOWN);
    int64_t *count, at, most;

    if (!s->n)
        return false;
    count = xcalloc(grid.n, sizeof *count);
    series_sample(s, &grid, count);
    most = series_peak(s, &at);
    json_object(j, NULL);
    json_text(j, "record", "population");
    put_host_name(j, h);
    json_text(j, "state", host_state_name((enum host_state)state));
    json_number(j, "peak", most);
    json_time(j, "peak_at", at);
    json_time(j, "start", grid.start);
    json_number(j, "step", grid.step / NS_PER_S);
    json_array(j, "counts");
    for (size_t i = 0; i < grid.n; i++)
        json_number(j, NULL, count[i]);
    json_array_end(j);
    json_object_end(j);
    free(count);
    return true;
}
