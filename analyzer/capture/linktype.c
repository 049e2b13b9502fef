/* SPDX-License-Identifier: BSD-2-Clause */
#define _DEFAULT_SOURCE /* pcap.h uses u_int and u_char */
#include "capture/linktype.h"

#include <pcap/pcap.h>
#include <stddef.h>

static const struct {
    int link_type, dlt;
} pairs[] = {
    {100, DLT_ATM_RFC1483}, {101, DLT_RAW},      {102, DLT_SLIP_BSDOS}, {103, DLT_PPP_BSDOS},
    {106, DLT_ATM_CLIP},    {107, DLT_FRELAY},   {108, DLT_LOOP},       {109, DLT_ENC},
    {50, DLT_PPP_SERIAL},   {51, DLT_PPP_ETHER}, {104, DLT_C_HDLC},
};

int linktype_of_dlt(int dlt)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].dlt == dlt)
            return pairs[i].link_type;
    return dlt;
}

int linktype_to_dlt(int link_type)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].link_type == link_type)
            return pairs[i].dlt;
    return link_type;
}

const char *linktype_name(int link_type)
{
    return pcap_datalink_val_to_name(linktype_to_dlt(link_type));
}
