/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json_write.h"

/* An octet that can't stand in a string; six octets at most. */
static char *put_escaped(char *p, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";

    *p++ = '\\';
    if (c == '"' || c == '\\') {
        *p++ = (char)c;
        return p;
    }
    memcpy(p, "u00", 3);
    p += 3;
    *p++ = digits[c >> 4];
    *p++ = digits[c & 15];
    return p;
}

/* Whether an octet of x is 0: the lowest one that is takes a carry into its high bit. */
static uint64_t any_zero(uint64_t x)
{
    return (x - 0x0101010101010101u) & ~x & 0x8080808080808080u;
}

/* Whether one of eight octets can't stand in a string: a quote, a backslash, a control. */
static bool any_to_escape(uint64_t x)
{
    const uint64_t each = 0x0101010101010101u;

    return any_zero(x ^ '"' * each) | any_zero(x ^ '\\' * each) |
           ((x - 0x20 * each) & ~x & 0x80 * each);
}

/* Room was made for all of it, so that it can be written octet by octet. */
static char *put_octets(char *p, const char *text, size_t len)
{
    for (const char *end = text + len; text < end;) {
        uint64_t eight;

        if (end - text >= (ptrdiff_t)sizeof eight) {
            memcpy(&eight, text, sizeof eight);
            if (!any_to_escape(eight)) {
                memcpy(p, &eight, sizeof eight);
                p += sizeof eight;
                text += sizeof eight;
                continue;
            }
        }
        if ((unsigned char)*text < 0x20 || *text == '"' || *text == '\\')
            p = put_escaped(p, (unsigned char)*text);
        else
            *p++ = *text;
        text++;
    }
    return p;
}

void json_put_text(struct json *j, char *p, const char *text)
{
    size_t len = text ? strlen(text) : 4;

    j->text.len = (size_t)(p - j->text.text);
    p = strbuf_room(&j->text, 6 * len + 2);
    if (!text) {
        memcpy(p, "null", 4);
        json_end_at(j, p + 4);
        return;
    }
    *p++ = '"';
    p = put_octets(p, text, len);
    *p++ = '"';
    json_end_at(j, p);
}

void json_real(struct json *j, const char *key, double number)
{
    json_end_at(j, json_key(j, key, 0));
    strbuf_printf(&j->text, "%.15g", number);
}

void json_thousandths(struct json *j, const char *key, unsigned thousandths)
{
    char *p = digits_put(json_key(j, key, DIGITS_MAX), thousandths / 1000);
    unsigned rest = thousandths % 1000;

    if (rest)
        *p++ = '.';
    for (; rest; rest = rest % 100 * 10)
        *p++ = (char)('0' + rest / 100);
    json_end_at(j, p);
}
