/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is said about a reset once its cause is known. */
#ifndef LASTACK_DETECT_RESET_FINDINGS_H
#define LASTACK_DETECT_RESET_FINDINGS_H

#include "detect/reset_view.h"

/* Raise the finding of a cause; causes that other detectors tell (A4, A6, P5) raise nothing here.
 */
void reset_raise(struct scene *s, const struct reset_view *v, enum finding_id cause,
                 double confidence);

#endif
