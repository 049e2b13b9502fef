/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json_fields.h"

#include "base/strbuf.h"

#include <string.h>

void put_number(cJSON *o, const char *key, int64_t number)
{
    cJSON_AddNumberToObject(o, key, (double)number);
}

void put_seconds(cJSON *o, const char *key, int64_t ns)
{
    char text[TIME_TEXT];

    cJSON_AddRawToObject(o, key, time_seconds(ns, 9, text));
}

void put_time(cJSON *o, const char *key, int64_t t)
{
    char text[TIME_TEXT];

    cJSON_AddStringToObject(o, key, time_rfc3339(t, text));
}

void put_text(cJSON *o, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(o, key, text);
    else
        cJSON_AddNullToObject(o, key);
}

void put_untrusted(cJSON *o, const char *key, const char *text)
{
    struct strbuf b = {0};

    strbuf_puts(&b, "");
    strbuf_put_untrusted(&b, text, strlen(text));
    cJSON_AddStringToObject(o, key, b.text ? b.text : "");
    strbuf_done(&b);
}

void put_packet(cJSON *o, const struct ref *at, const struct write_options *w)
{
    put_number(o, "packet", (int64_t)at->packet);
    if (w->n_files > 1)
        put_number(o, "file", at->file);
}

void put_ref(cJSON *o, const struct ref *at, const struct write_options *w)
{
    if (at->packet)
        put_packet(o, at, w);
    put_seconds(o, "t", at->t - w->capture->first_t);
}

void put_moment(cJSON *o, const char *key, const struct ref *at, const struct write_options *w)
{
    cJSON *moment = cJSON_AddObjectToObject(o, key);

    put_ref(moment, at, w);
    put_time(moment, "time", at->t);
}

/* Three decimals: a product of a few tenths has no more to say. */
void put_confidence(cJSON *o, double confidence)
{
    cJSON_AddNumberToObject(o, "confidence", (double)(int)(confidence * 1000 + 0.5) / 1000);
}

static void put_blame(cJSON *o, const struct finding *f, const struct addr *addr)
{
    cJSON *blame = cJSON_AddObjectToObject(o, "blame");
    char text[ADDR_TEXT];

    put_text(blame, "end", end_name(f->blame));
    if (f->blame != END_NONE)
        put_text(blame, "addr", addr_text(addr, text));
    put_text(blame, "layer", layer_name(f->layer));
}

static void put_value(cJSON *o, const struct value *v)
{
    switch (v->type) {
    case VALUE_COUNT:
    case VALUE_SEQUENCE:
        put_number(o, v->key, v->number);
        break;
    case VALUE_SECONDS:
        put_seconds(o, v->key, v->number);
        break;
    case VALUE_TEXT:
        put_text(o, v->key, v->text);
        break;
    }
}

void put_finding(cJSON *o, const struct finding *f, const struct addr *blamed,
                 const struct write_options *w)
{
    const struct finding_info *info = finding_info(f->id);

    put_text(o, "id", info->id);
    put_text(o, "severity", severity_name(f->severity));
    put_confidence(o, f->confidence);
    put_blame(o, f, blamed);
    cJSON *evidence = cJSON_AddArrayToObject(o, "evidence");
    for (size_t i = 0; i < f->n_evidence; i++) {
        cJSON *e = cJSON_CreateObject();
        put_ref(e, &f->evidence[i].at, w);
        put_text(e, "role", f->evidence[i].role);
        cJSON_AddItemToArray(evidence, e);
    }
    cJSON *values = cJSON_AddObjectToObject(o, "values");
    for (size_t i = 0; i < f->n_values; i++)
        put_value(values, &f->values[i]);
    put_text(o, "text", f->text);
    put_text(o, "remedy", info->remedy);
    put_text(o, "reference", info->reference);
}
