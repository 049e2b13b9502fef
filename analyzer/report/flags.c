/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flags.h"

#include "decode/segment.h"

#include <string.h>

static const struct {
    uint16_t flag;
    const char *name;
} names[] = {
    {TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"}, {TCP_PSH, "PSH"}, {TCP_ACK, "ACK"},
    {TCP_URG, "URG"}, {TCP_ECE, "ECE"}, {TCP_CWR, "CWR"}, {TCP_AE, "AE"},
};

const char *flags_text(uint16_t flags, char text[static FLAGS_TEXT])
{
    char *end = text;

    *end = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(flags & names[i].flag))
            continue;
        if (end != text)
            *end++ = ',';
        end = strcpy(end, names[i].name) + strlen(names[i].name);
    }
    return end == text ? strcpy(text, "none") : text;
}

uint16_t flags_parse(const char *text)
{
    uint16_t flags = 0;

    while (*text) {
        size_t len = strcspn(text, ",");

        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (strlen(names[i].name) == len && strncmp(text, names[i].name, len) == 0)
                flags |= names[i].flag;
        text += len + (text[len] == ',');
    }
    return flags;
}

const char *flags_short(uint16_t flags, char text[static FLAGS_TEXT])
{
    return flags_text(flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK), text);
}
