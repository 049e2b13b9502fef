/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Only brackets and strings are looked at here; cJSON parses what is found. In lines every object
 * at depth 0 is a record. In a document the records are objects at depth 1 (capture, options,
 * summary, what_if) and in the array "connections"; objects of the other arrays (hosts,
 * findings...) are records too, which nobody needs. */
#include "report/json_records.h"

#include <string.h>

enum { DEPTH_MAX = 64 };

void json_records_open(struct json_records *r, FILE *file)
{
    struct strbuf text = r->text;

    strbuf_clear(&text);
    *r = (struct json_records){.file = file, .text = text};
    rewind(file);
}

void json_records_done(struct json_records *r)
{
    strbuf_done(&r->text);
}

static int next(struct json_records *r)
{
    int c = getc_unlocked(r->file);

    r->at += c != EOF;
    return c;
}

static int next_visible(struct json_records *r)
{
    int c;

    do
        c = next(r);
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ',');
    return c;
}

static bool fail(struct json_records *r, struct error *err)
{
    error_set(err, "no JSON of lastack after octet %llu", (unsigned long long)r->at);
    return false;
}

/* The rest of a string into text, its closing quote included. */
static bool take_string(struct json_records *r, struct strbuf *text)
{
    for (int c; (c = next(r)) != EOF && text->len < JSON_RECORD_MAX;) {
        strbuf_putc(text, (char)c);
        if (c == '"')
            return true;
        if (c == '\\' && (c = next(r)) != EOF)
            strbuf_putc(text, (char)c);
    }
    return false;
}

/* The rest of an object, whose opening bracket was read. */
static bool take_object(struct json_records *r, struct error *err)
{
    int depth = 1;

    r->start = r->at - 1;
    strbuf_clear(&r->text);
    strbuf_putc(&r->text, '{');
    while (depth > 0) {
        int c = next(r);

        if (c == EOF || r->text.len >= JSON_RECORD_MAX)
            return fail(r, err);
        strbuf_putc(&r->text, (char)c);
        if (c == '"' && !take_string(r, &r->text))
            return fail(r, err);
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (depth > DEPTH_MAX)
            return fail(r, err);
    }
    return true;
}

/* Whether the object that begins here is a document: its first member is the schema. The opening
 * bracket was read; on "no" the file stands behind it again. */
static bool begins_document(struct json_records *r)
{
    uint64_t back = r->at;
    struct strbuf key = {0};
    bool schema = next_visible(r) == '"' && take_string(r, &key) && key.len == 7 &&
                  memcmp(key.text, "schema\"", 7) == 0;

    strbuf_done(&key);
    if (!schema && fseeko(r->file, (off_t)back, SEEK_SET) == 0)
        r->at = back;
    return schema;
}

static bool skip_string(struct json_records *r)
{
    for (int c; (c = next(r)) != EOF;) {
        if (c == '"')
            return true;
        if (c == '\\')
            next(r);
    }
    return false;
}

/* Inside a document: to the opening bracket of the next object that is a record, or, with
 * r->document false, behind the document's end. */
static bool next_in_document(struct json_records *r, struct error *err)
{
    for (int c; (c = next_visible(r)) != EOF;) {
        if (c == '{')
            return true;
        if (c == '"' && !skip_string(r))
            break;
        r->depth += (c == '[') - (c == ']');
        if (c == '}' && r->depth == 0) {
            r->document = false;
            return true;
        }
    }
    return fail(r, err);
}

bool json_records_next(struct json_records *r, struct error *err)
{
    err->text[0] = '\0';
    for (;;) {
        if (r->document) {
            if (!next_in_document(r, err))
                return false;
            if (r->document)
                return take_object(r, err);
        }
        int c = next_visible(r);
        if (c == EOF)
            return false;
        if (c != '{')
            return fail(r, err);
        r->document = begins_document(r);
        if (!r->document)
            return take_object(r, err);
    }
}
