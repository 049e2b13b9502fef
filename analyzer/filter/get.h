/* SPDX-License-Identifier: BSD-2-Clause
 *
 * How the values of fields are got from a connection; see struct filter_field. `of` is an enum end
 * where a field is about one end or (END_NONE) both, and one of the enumerations below elsewhere.
 */
#ifndef LASTACK_FILTER_GET_H
#define LASTACK_FILTER_GET_H

#include "filter/type.h"
#include "report/model.h"

#define FILTER_GETTER(name)                                                                        \
    bool name(const struct model_connection *c, int of, size_t i, struct filter_value *v)

enum { COUNT_PACKETS = 0, COUNT_BYTES = 4, COUNT_RETRANSMISSIONS = 8 }; /* + an enum end */
enum { ONE_STREAM, ONE_INCARNATION, ONE_TAP, ONE_VERSION };
enum { SPAN_DURATION, SPAN_START, SPAN_END, SPAN_HALF_CLOSED };
enum { NAME_KIND, NAME_HANDSHAKE, NAME_CLOSER };
enum { RESET_CAUSE, RESET_BY, RESET_AFTER_FIN };
enum { FINDING_ID, FINDING_WORST, FINDING_BLAME, FINDING_LAYER };
enum { IS_SELF, IS_MID_STREAM };

FILTER_GETTER(get_address); /* of: END */
FILTER_GETTER(get_port);    /* of: END */
FILTER_GETTER(get_count);   /* of: COUNT + END; both ends: their sum */
FILTER_GETTER(get_one);     /* of: ONE */
FILTER_GETTER(get_span);    /* of: SPAN */
FILTER_GETTER(get_name);    /* of: NAME */
FILTER_GETTER(get_holder);
FILTER_GETTER(get_state);   /* of: END_NONE any that either end went through, else the last */
FILTER_GETTER(get_held);    /* of: enum tcp_state */
FILTER_GETTER(get_reset);   /* of: RESET */
FILTER_GETTER(get_finding); /* of: FINDING */
FILTER_GETTER(get_open_rule);
FILTER_GETTER(get_fin_copies);
FILTER_GETTER(get_rst_count); /* of: END; both ends: their sum */
FILTER_GETTER(get_os);        /* of: END */
FILTER_GETTER(get_path);
FILTER_GETTER(get_flag); /* of: IS */

#endif
