/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The answer to --what-if-time-wait as JSON. */
#include "detect/what_if.h"
#include "report/json_fields.h"
#include "report/json_objects.h"

static void put_peaks(struct json *j, const struct what_if *w, const struct series *s)
{
    int64_t at;

    json_array(j, "peaks");
    for (size_t i = 0; i < w->n; i++) {
        int64_t most = series_peak(&s[i], &at); /* taken each second: one at least came and went */
        json_number(j, NULL, most > 0 ? most : 1);
    }
    json_array_end(j);
}

static void put_holders(struct json *j, const struct what_if *w)
{
    json_array(j, "holders");
    for (size_t i = 0; i < w->holders.n; i++) {
        const struct what_if_holder *h = w->holders.entry[i];

        json_object(j, NULL);
        put_addr(j, "addr", &h->addr);
        json_number(j, "closes", (int64_t)h->closes);
        put_peaks(j, w, h->held);
        json_object_end(j);
    }
    json_array_end(j);
}

static void put_ports(struct json *j, const struct what_if *w)
{
    json_array(j, "ports");
    for (size_t i = 0; i < w->pairs.n; i++) {
        const struct what_if_pair *p = w->pairs.entry[i];

        json_object(j, NULL);
        put_addr(j, "client", &p->key.client);
        put_addr(j, "server", &p->key.server);
        json_number(j, "port", p->key.port);
        json_number(j, "connections", (int64_t)p->connections);
        put_peaks(j, w, p->used);
        json_object_end(j);
    }
    json_array_end(j);
}

void json_what_if(struct json *j, const struct what_if *w)
{
    json_object(j, NULL);
    json_text(j, "record", "what-if");
    json_array(j, "time_wait");
    for (size_t i = 0; i < w->n; i++)
        json_seconds(j, NULL, w->length[i]);
    json_array_end(j);
    put_holders(j, w);
    put_ports(j, w);
    json_object(j, "reuses");
    for (int f = 0; f < REUSE_FATES; f++) {
        json_array(j, reuse_fate_name((enum reuse_fate)f));
        for (size_t i = 0; i < w->n; i++)
            json_number(j, NULL, (int64_t)w->reuse[i][f]);
        json_array_end(j);
    }
    json_object_end(j);
    json_number(j, "omitted", (int64_t)(w->holders.omitted + w->pairs.omitted));
    json_object_end(j);
}
