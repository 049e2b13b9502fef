/* SPDX-License-Identifier: BSD-2-Clause
 *
 * From a judged connection to its model: the last place where the tracker's types are known. */
#ifndef LASTACK_REPORT_BUILD_H
#define LASTACK_REPORT_BUILD_H

#include "decode/decode.h"
#include "detect/scene.h"
#include "report/model.h"

/* The model of the scene's connection, in the scene's arena. decoder names its encapsulation.
 * brief: only what is added up, see detect/facts.h; no more of the ends than their addresses. */
const struct model_connection *model_build(const struct scene *s, const struct decoder *decoder,
                                           bool brief);

#endif
