/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the process says to scripts when it ends. */
#ifndef LASTACK_REPORT_EXIT_STATUS_H
#define LASTACK_REPORT_EXIT_STATUS_H

#include "report/model.h"

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FINDINGS = 1, /* --fail-on: one of that severity or worse exists; wins over EXIT_DAMAGED */
    EXIT_USAGE = 2,    /* usage error, or no input could be read */
    EXIT_DAMAGED = 3,  /* done, but some input was unreadable, cut short or damaged */
    EXIT_INTERRUPTED = 130,
};

/* A finding at or above --fail-on exists. */
bool summary_failed(const struct model_summary *s);
/* Some input could not be read or decoded whole. */
bool summary_damaged(const struct model_summary *s);
enum exit_status summary_exit_status(const struct model_summary *s);

#endif
