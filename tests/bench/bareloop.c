/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The yardstick: read every record of a capture with libpcap and do nothing with it. */
#define _DEFAULT_SOURCE /* pcap.h uses u_int and u_char */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], reason) : NULL;
    struct pcap_pkthdr *header;
    const unsigned char *data;
    unsigned long n = 0, sum = 0;

    if (!pcap) {
        fprintf(stderr, "usage: bareloop FILE (%s)\n", argc == 2 ? reason : "no file");
        return 2;
    }
    while (pcap_next_ex(pcap, &header, &data) == 1) {
        n++;
        sum += header->caplen + (header->caplen ? data[0] : 0);
    }
    printf("%lu records, %lu\n", n, sum);
    pcap_close(pcap);
    return 0;
}
