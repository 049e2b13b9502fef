/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The input in the text report: what could not be read or decoded, what the files say about
 * themselves, how they fit together. */
#ifndef LASTACK_REPORT_TEXT_INPUT_H
#define LASTACK_REPORT_TEXT_INPUT_H

#include "base/strbuf.h"
#include "report/writer.h"

/* "#12", or "#0:12" for packet 12 of file 0 when there are several. */
void text_packet_number(struct strbuf *b, const struct ref *at, const struct write_options *o);
/* The section; nothing when there is nothing to say. */
void text_input(FILE *out, const struct model_summary *s, const struct write_options *o);

#endif
