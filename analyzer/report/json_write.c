/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json_write.h"

#include "base/timetext.h"

#include <string.h>

/* The end of the text while a member is written: room was made for all of it, so that it can be
 * written octet by octet. */
static void end_at(struct json *j, char *p)
{
    *p = '\0';
    j->text.len = (size_t)(p - j->text.text);
}

/* What stands before a member, and room for `more` octets behind that. Keys are ours: nothing in
 * them needs an escape. */
static char *begin(struct json *j, const char *key, size_t more)
{
    size_t len = key ? strlen(key) : 0;
    char *p = strbuf_room(&j->text, len + more + 4);

    if (j->more)
        *p++ = ',';
    j->more = true;
    if (!key)
        return p;
    *p++ = '"';
    memcpy(p, key, len);
    p += len;
    *p++ = '"';
    *p++ = ':';
    return p;
}

static char *put(char *p, const char *text, size_t len)
{
    memcpy(p, text, len);
    return p + len;
}

/* An octet that can't stand in a string; six octets at most. */
static char *put_escaped(char *p, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";

    *p++ = '\\';
    if (c == '"' || c == '\\') {
        *p++ = (char)c;
        return p;
    }
    p = put(p, "u00", 3);
    *p++ = digits[c >> 4];
    *p++ = digits[c & 15];
    return p;
}

static void open_with(struct json *j, const char *key, char bracket)
{
    char *p = begin(j, key, 1);

    *p++ = bracket;
    end_at(j, p);
    j->more = false;
}

static void close_with(struct json *j, char bracket)
{
    strbuf_putc(&j->text, bracket);
    j->more = true;
}

void json_object(struct json *j, const char *key)
{
    open_with(j, key, '{');
}

void json_object_end(struct json *j)
{
    close_with(j, '}');
}

void json_array(struct json *j, const char *key)
{
    open_with(j, key, '[');
}

void json_array_end(struct json *j)
{
    close_with(j, ']');
}

void json_number(struct json *j, const char *key, int64_t number)
{
    end_at(j, begin(j, key, 0));
    strbuf_put_number(&j->text, number);
}

void json_real(struct json *j, const char *key, double number)
{
    end_at(j, begin(j, key, 0));
    strbuf_printf(&j->text, "%.15g", number);
}

void json_seconds(struct json *j, const char *key, int64_t ns)
{
    end_at(j, time_put_seconds(begin(j, key, TIME_TEXT), ns, 9));
}

void json_bool(struct json *j, const char *key, bool value)
{
    char *p = begin(j, key, 5);

    end_at(j, value ? put(p, "true", 4) : put(p, "false", 5));
}

void json_text(struct json *j, const char *key, const char *text)
{
    size_t len = text ? strlen(text) : 4;
    char *p = begin(j, key, 6 * len + 2);

    if (!text) {
        end_at(j, put(p, "null", 4));
        return;
    }
    *p++ = '"';
    for (const char *end = text + len; text < end; text++) {
        if ((unsigned char)*text < 0x20 || *text == '"' || *text == '\\')
            p = put_escaped(p, (unsigned char)*text);
        else
            *p++ = *text;
    }
    *p++ = '"';
    end_at(j, p);
}
