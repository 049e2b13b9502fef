/* SPDX-License-Identifier: BSD-2-Clause
 *
 * LINKTYPE_ values stand in files and are the same everywhere; libpcap turns some of them into DLT_
 * numbers of the system it runs on. */
#ifndef LASTACK_CAPTURE_LINKTYPE_H
#define LASTACK_CAPTURE_LINKTYPE_H

/* As in `int pcap_datalink()`, and back. */
int linktype_of_dlt(int dlt);
int linktype_to_dlt(int link_type);
/* libpcap's name of a link type, "EN10MB"; NULL when it has none. */
const char *linktype_name(int link_type);

#endif
