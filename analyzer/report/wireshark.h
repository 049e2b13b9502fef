/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Display filters for Wireshark and tshark that show what lastack talks about. */
#ifndef LASTACK_REPORT_WIRESHARK_H
#define LASTACK_REPORT_WIRESHARK_H

#include "base/strbuf.h"
#include "report/model.h"

/* The packets of c: its addresses and ports, and since these may be used again, from its first
 * packet to its last: by number when the capture is one file, else by time. */
void wireshark_connection(const struct model_connection *c, size_t n_files, struct strbuf *out);
/* The packets that prove f, by their numbers in the file of the first of them; nothing when it
 * names none. */
void wireshark_evidence(const struct finding *f, struct strbuf *out);

#endif
