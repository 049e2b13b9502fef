/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json_fields.h"

void put_untrusted(struct json *j, const char *key, const char *text)
{
    struct strbuf b = {0};

    strbuf_put_untrusted(&b, text, strlen(text));
    json_text(j, key, b.text ? b.text : "");
    strbuf_done(&b);
}

void put_addr(struct json *j, const char *key, const struct addr *addr)
{
    char text[ADDR_TEXT];

    json_text(j, key, addr_text(addr, text));
}

void put_packet(struct json *j, const struct ref *at, const struct write_options *w)
{
    json_number(j, "packet", (int64_t)at->packet);
    if (w->n_files > 1)
        json_number(j, "file", at->file);
}

void put_ref(struct json *j, const struct ref *at, const struct write_options *w)
{
    if (at->packet)
        put_packet(j, at, w);
    json_seconds(j, "t", at->t - w->capture->first_t);
}

void put_moment(struct json *j, const char *key, const struct ref *at,
                const struct write_options *w)
{
    json_object(j, key);
    put_ref(j, at, w);
    json_time(j, "time", at->t);
    json_object_end(j);
}

/* Three decimals: a product of a few tenths has no more to say. */
void put_confidence(struct json *j, double confidence)
{
    json_thousandths(j, "confidence", (unsigned)(confidence * 1000 + 0.5));
}

static void put_blame(struct json *j, const struct finding *f, const struct addr *addr)
{
    json_object(j, "blame");
    json_text(j, "end", end_name(f->blame));
    if (f->blame != END_NONE)
        put_addr(j, "addr", addr);
    json_text(j, "layer", layer_name(f->layer));
    json_object_end(j);
}

static void put_value(struct json *j, const struct value *v)
{
    switch (v->type) {
    case VALUE_COUNT:
    case VALUE_SEQUENCE:
    case VALUE_STREAM:
        json_number(j, v->key, v->number);
        break;
    case VALUE_SECONDS:
        json_seconds(j, v->key, v->number);
        break;
    case VALUE_TEXT:
        json_text(j, v->key, v->text);
        break;
    }
}

/* What the values are that are no plain numbers or texts. */
static void put_units(struct json *j, const struct finding *f)
{
    bool any = false;

    for (size_t i = 0; i < f->n_values; i++) {
        const struct value *v = &f->values[i];

        if (v->type != VALUE_SECONDS && v->type != VALUE_STREAM)
            continue;
        if (!any)
            json_object(j, "units");
        any = true;
        json_text(j, v->key, v->type == VALUE_SECONDS ? "s" : "stream");
    }
    if (any)
        json_object_end(j);
}

void put_finding(struct json *j, const struct finding *f, const struct addr *blamed,
                 const struct write_options *w)
{
    const struct finding_info *info = finding_info(f->id);

    json_text(j, "id", info->id);
    json_text(j, "severity", severity_name(f->severity));
    put_confidence(j, f->confidence);
    put_blame(j, f, blamed);
    json_array(j, "evidence");
    for (size_t i = 0; i < f->n_evidence; i++) {
        json_object(j, NULL);
        put_ref(j, &f->evidence[i].at, w);
        json_text(j, "role", f->evidence[i].role);
        json_object_end(j);
    }
    json_array_end(j);
    json_object(j, "values");
    for (size_t i = 0; i < f->n_values; i++)
        put_value(j, &f->values[i]);
    json_object_end(j);
    put_units(j, f);
    json_text(j, "text", f->text);
    json_text(j, "remedy", info->remedy);
    json_text(j, "reference", info->reference);
}
