/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What is a second record of a packet and what is not (close-semantics 1.7), and which tenant of a
 * five-tuple a segment belongs to. */
#include "flow/duplicate.h"
#include "flow/tenant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct segment data = {.flags = TCP_ACK, .seq = 100, .ack = 7, .len = 50, .ttl = 64};
static const struct segment pure_ack = {.flags = TCP_ACK, .seq = 100, .ack = 7, .ttl = 64};

/* The second record of `s`: microseconds after the first, another link, TTL less, IP id. */
static bool twice(const struct segment *s, int apart_us, bool other_link, int hops, uint16_t id)
{
    struct flow f = {0};
    struct segment first = *s, second = *s;

    first.at.t = 1000000000;
    first.via = second.via = 1;
    first.ip_id = second.ip_id = id;
    second.at.t += first.at.t + apart_us * 1000LL;
    second.via += other_link;
    second.ttl = (uint8_t)(second.ttl - hops);
    assert_false(duplicate_record(&f, 0, &first));
    bool result = duplicate_record(&f, 0, &second);
    free(f.extra);
    return result;
}

static void two_records_of_one_packet(void **state)
{
    (void)state;
    assert_true(twice(&data, 4900, false, 0, 9));  /* the same identification */
    assert_false(twice(&data, 5100, false, 0, 9)); /* networks copy packets, too */
    assert_true(twice(&pure_ack, 4900, false, 0, 9));
    assert_true(twice(&pure_ack, 900, true, 0, 0));  /* another interface */
    assert_true(twice(&pure_ack, 900, false, 1, 0)); /* behind a router */
    assert_true(twice(&pure_ack, 4900, true, 1, 0)); /* both */
    assert_true(twice(&data, 4900, true, 0, 0));     /* inside and outside a tunnel */
    assert_true(twice(&data, -300, true, 0, 0));     /* interfaces out of order */
    assert_true(twice(&data, 900, false, 0, 0));     /* a mirror port */
    assert_false(twice(&data, 1100, false, 0, 0));
    assert_false(twice(&pure_ack, 100, false, 0, 0)); /* duplicate ACKs are legitimate */
    assert_false(twice(&pure_ack, 1100, true, 0, 0));
    assert_false(twice(&data, 200000, true, 1, 0)); /* a retransmission on another way */
}

/* A burst passes one place before its first packet comes to the other. */
static void bursts_in_two_places(void **state)
{
    struct flow f = {0};
    struct segment s = data;

    (void)state;
    for (int i = 0; i < 2 * RECENTS + 2; i++) {
        int n = i < 2 ? 0 : (i - 2) % RECENTS + 1; /* one packet alone, then a burst */
        bool copy = i == 1 || i >= RECENTS + 2;

        s.at.t += 10000;
        s.via = 1 + copy;
        s.seq = 100 + 50 * (uint32_t)n;
        assert_int_equal(duplicate_record(&f, 0, &s), copy);
        f.duplicates += copy;
    }
    free(f.extra);
}

/* A flow whose client, direction 0, is seen under identifier 7, its numbers about 1000. */
static struct flow flow_of_7(uint16_t other_direction)
{
    struct flow f = {.tenant = {7, other_direction}};

    for (int dir = 0; dir < 2; dir++) {
        f.side[dir].bits = SIDE_SEEN | SIDE_SYN | SIDE_ANCHORED;
        f.side[dir].isn = dir ? 900000000 : 1000;
        f.side[dir].nxt = f.side[dir].isn + 10;
    }
    return f;
}

static void tenants_by_contradiction(void **state)
{
    struct flow f = flow_of_7(7);
    struct segment s = {.tenant = 8, .flags = TCP_ACK, .seq = 1010, .ack = 900000010};

    (void)state;
    assert_false(tenant_known(&f, &s, 0));
    assert_true(tenant_fits(&f, &s, 0)); /* the same connection, elsewhere */
    tenant_learn(&f, &s, 0);
    assert_true(tenant_known(&f, &s, 0));
    assert_false(tenant_known(&f, &s, 1));
    s.tenant = 9;
    s.seq = 3000000000; /* either number far away */
    assert_false(tenant_fits(&f, &s, 0));
    s.seq = 1010;
    s.ack = 3000000000;
    assert_false(tenant_fits(&f, &s, 0));
    s = (struct segment){.tenant = 9, .flags = TCP_SYN, .seq = 1000};
    assert_true(tenant_fits(&f, &s, 0)); /* a copy of the SYN */
    s.seq = 2000;
    assert_false(tenant_fits(&f, &s, 0));
    s.tenant = 0; /* no identifier: reuse when the old one is over, a stranger when not */
    assert_false(tenant_fits(&f, &s, 0));
    f.side[0].bits |= SIDE_RST;
    assert_true(tenant_fits(&f, &s, 0));
    s.tenant = 9;
    assert_false(tenant_fits(&f, &s, 0));
    free(f.extra);
}

static void directions_have_their_own(void **state)
{
    struct flow f = flow_of_7(TENANT_UNKNOWN);
    struct segment answer = {.tenant = 8, .flags = TCP_SYN | TCP_ACK, .seq = 5, .ack = 1001};
    struct flow newer = {.older = &f.entry};

    (void)state;
    f.side[1] = (struct side){0};
    assert_true(tenant_fits(&f, &answer, 1));
    answer.ack = 77; /* of another tenant's SYN */
    assert_false(tenant_fits(&f, &answer, 1));
    tenant_learn(&f, &answer, 1);
    assert_int_equal(f.tenant[1], 8);
    tenant_learn(&f, &data, 1);
    tenant_begin(&newer, &(struct segment){.tenant = 7}, 0); /* the next incarnation knows them */
    assert_true(tenant_known(&newer, &answer, 1));
    assert_true(tenant_known(&newer, &data, 1));
    free(f.extra);
    free(newer.extra);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_records_of_one_packet),
        cmocka_unit_test(bursts_in_two_places),
        cmocka_unit_test(tenants_by_contradiction),
        cmocka_unit_test(directions_have_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
