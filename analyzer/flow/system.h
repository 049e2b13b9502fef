/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Which system sent a SYN or SYN-ACK: a guess by the order of its options and the class of its TTL.
 */
#ifndef LASTACK_FLOW_SYSTEM_H
#define LASTACK_FLOW_SYSTEM_H

#include "decode/segment.h"

/* A number for system_name(); 0 when nothing fits. */
uint8_t system_guess(const struct segment *s);
/* "linux", "windows", ...: names of TIME_WAIT profiles; NULL for 0. */
const char *system_name(uint8_t system);

#endif
