/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The answer to --what-if-time-wait as JSON. */
#include "detect/what_if.h"
#include "report/json_fields.h"
#include "report/json_objects.h"

static cJSON *peaks(const struct what_if *w, const struct series *s)
{
    cJSON *array = cJSON_CreateArray();
    int64_t at;

    for (size_t i = 0; i < w->n; i++) {
        int64_t most =
            series_counts(&s[i], NULL, &at); /* taken each second: one at least came and went */
        cJSON_AddItemToArray(array, cJSON_CreateNumber(most > 0 ? (double)most : 1));
    }
    return array;
}

static void put_holders(cJSON *o, const struct what_if *w)
{
    cJSON *array = cJSON_AddArrayToObject(o, "holders");
    char text[ADDR_TEXT];

    for (size_t i = 0; i < w->n_holders; i++) {
        cJSON *item = cJSON_CreateObject();
        put_text(item, "addr", addr_text(&w->holder[i].addr, text));
        put_number(item, "closes", (int64_t)w->holder[i].closes);
        cJSON_AddItemToObject(item, "peaks", peaks(w, w->holder[i].held));
        cJSON_AddItemToArray(array, item);
    }
}

static void put_ports(cJSON *o, const struct what_if *w)
{
    cJSON *array = cJSON_AddArrayToObject(o, "ports");
    char text[ADDR_TEXT];

    for (size_t i = 0; i < w->n_pairs; i++) {
        const struct what_if_pair *p = &w->pair[i];
        cJSON *item = cJSON_CreateObject();
        put_text(item, "client", addr_text(&p->client, text));
        put_text(item, "server", addr_text(&p->server, text));
        put_number(item, "port", p->port);
        put_number(item, "connections", (int64_t)p->connections);
        cJSON_AddItemToObject(item, "peaks", peaks(w, p->used));
        cJSON_AddItemToArray(array, item);
    }
}

cJSON *json_what_if(const struct what_if *w)
{
    cJSON *o, *lengths, *reuses;

    if (!w->n)
        return NULL;
    o = cJSON_CreateObject();
    put_text(o, "record", "what-if");
    lengths = cJSON_AddArrayToObject(o, "time_wait");
    for (size_t i = 0; i < w->n; i++) {
        char text[TIME_TEXT];
        cJSON_AddItemToArray(lengths, cJSON_CreateRaw(time_seconds(w->length[i], 9, text)));
    }
    put_holders(o, w);
    put_ports(o, w);
    reuses = cJSON_AddObjectToObject(o, "reuses");
    for (int f = 0; f < REUSE_FATES; f++) {
        cJSON *array = cJSON_AddArrayToObject(reuses, reuse_fate_name((enum reuse_fate)f));
        for (size_t i = 0; i < w->n; i++)
            cJSON_AddItemToArray(array, cJSON_CreateNumber((double)w->reuse[i][f]));
    }
    put_number(o, "omitted", (int64_t)w->omitted);
    return o;
}
