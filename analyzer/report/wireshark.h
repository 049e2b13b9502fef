/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Display filters for Wireshark and tshark that show what lastack talks about. */
#ifndef LASTACK_REPORT_WIRESHARK_H
#define LASTACK_REPORT_WIRESHARK_H

#include "base/strbuf.h"
#include "report/model.h"

/* All packets of the five-tuple of c. */
void wireshark_connection(const struct model_connection *c, struct strbuf *out);
/* The packets that prove f, by their numbers; nothing when it names none. */
void wireshark_evidence(const struct finding *f, struct strbuf *out);

#endif
