/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Encapsulations as small numbers: few different ones occur in a capture, so a segment carries a
 * number and the text is made once. To add a kind of layer: one row in PATH_KINDS. */
#ifndef LASTACK_DECODE_PATH_H
#define LASTACK_DECODE_PATH_H

#include <stdbool.h>
#include <stdint.h>

/* name, text, identified: the text is followed by a number, tenant: that number can separate
 * customers whose addresses are the same. MPLS labels and the numbers of tunnels and sessions
 * can't: they differ by direction and change under way. */
#define PATH_KINDS(KIND)                                                                           \
    KIND(VLAN, "vlan", true, true)                                                                 \
    KIND(VNTAG, "vntag", false, false)                                                             \
    KIND(PBB, "pbb", true, true) /* IEEE 802.1ah I-SID */                                          \
    KIND(MPLS, "mpls", true, false)                                                                \
    KIND(PPPOE, "pppoe", true, false)                                                              \
    KIND(DLCI, "dlci", true, false) /* Frame Relay */                                              \
    KIND(IPIP, "ipip", false, false)                                                               \
    KIND(6IN4, "6in4", false, false)                                                               \
    KIND(4IN6, "4in6", false, false)                                                               \
    KIND(6IN6, "6in6", false, false)                                                               \
    KIND(TEREDO, "teredo", false, false)                                                           \
    KIND(GRE, "gre", false, false)                                                                 \
    KIND(GRE_KEY, "gre key", true, true)                                                           \
    KIND(NVGRE, "nvgre", true, true)                                                               \
    KIND(PPTP, "pptp", true, false)                                                                \
    KIND(ERSPAN, "erspan", false, false) /* type I */                                              \
    KIND(ERSPAN_ID, "erspan", true, false)                                                         \
    KIND(ETHERIP, "etherip", false, false)                                                         \
    KIND(VXLAN, "vxlan", true, true)                                                               \
    KIND(GENEVE, "geneve", true, true)                                                             \
    KIND(GTP, "gtp", false, false) /* its endpoints are many, two for each connection */           \
    KIND(L2TP, "l2tp", true, false)

enum path_kind {
#define PATH_ENUM(id, text, identified, tenant) PATH_##id,
    PATH_KINDS(PATH_ENUM)
#undef PATH_ENUM
};

/* Different encapsulations of a capture; layers of one packet. */
enum { PATHS = 4096, PATH_LAYERS = 16 };

/* The layers of one packet, outermost first. */
struct path_key {
    uint32_t n;
    uint64_t layer[PATH_LAYERS]; /* kind << 32 | identifier */
};

struct path_table;

struct path_table *path_table_new(void);
void path_table_free(struct path_table *t);
/* The number of an encapsulation, from 1; 0 for none, and when there are more than PATHS different
 * ones: *full. */
uint16_t path_number(struct path_table *t, const struct path_key *key, bool *full);
/* The number of the same encapsulation with nothing but what can separate tenants; 0 for none. */
uint16_t path_tenant(const struct path_table *t, uint16_t number);
/* "vlan 12, vxlan 7"; "" for 0. The number must be one of the above. */
const char *path_text(const struct path_table *t, uint16_t number);

#endif
