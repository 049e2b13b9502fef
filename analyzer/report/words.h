/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A connection in a line or two of words. */
#ifndef LASTACK_REPORT_WORDS_H
#define LASTACK_REPORT_WORDS_H

#include "base/strbuf.h"
#include "report/model.h"

/* "stream 3 (incarnation 2)  10.0.0.1:40000 -> 10.0.0.2:80  [vlan 12]" */
void connection_words(const struct model_connection *c, struct strbuf *out);
/* "closed first: server; TIME_WAIT: nobody; half-closed for 461 ms"; nothing when nobody closed. */
void closer_words(const struct model_connection *c, struct strbuf *out);
enum { ROLE_TEXT = ENDPOINT_TEXT + 16 };

/* An end of a service's connections: "10.0.0.2:80" for the server, "10.0.0.1 to port 80" for a
 * client. Returns text. */
const char *role_text(const struct addr *addr, uint16_t service, enum end role,
                      char text[static ROLE_TEXT]);
/* A segment or a fold of the connection with its time, numbers and note, in a line or two. n_files:
 * of the capture; with several the packet's file is named. */
void step_words(const struct model_connection *c, const struct model_step *s, size_t n_files,
                struct strbuf *out);

/* "close-wait-held in 30 connections: the capture ended too early, at most 4.24 s of silence where
 * 10.0 s would tell" */
void question_words(enum finding_id id, enum doubt_reason reason, const struct model_question *q,
                    struct strbuf *out);
/* Of a finding over many: "from 2026-01-01T03:00:12Z to 2026-01-01T03:00:29Z; for example stream
 * 115"; nothing when it has neither time nor connection. */
void crowd_words(const struct model_cross_finding *c, struct strbuf *out);

#endif
