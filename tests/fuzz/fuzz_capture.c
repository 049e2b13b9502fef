/* SPDX-License-Identifier: BSD-2-Clause
 *
 * From a file to finished connections: reader, decoder, flow table and tracker on the octets of a
 * whole capture. The reader opens paths, so the octets pass through a file of this process. */
#include "capture/input.h"
#include "decode/decode.h"
#include "track/tracker.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool write_all(int fd, const uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, data, size);
        if (n <= 0)
            return false;
        data += n;
        size -= (size_t)n;
    }
    return true;
}

static void release(void *context, struct connection *c, int64_t judged_at)
{
    (void)judged_at;
    tracker_release(context, c);
}

static void follow(struct decoder *d, struct tracker *t, const struct packet *packet)
{
    struct segment segment;
    struct icmp_error icmp;
    switch (decode_packet(d, packet, &segment, &icmp)) {
    case DECODE_SEGMENT:
        tracker_segment(t, &segment);
        break;
    case DECODE_ICMP_ERROR:
        tracker_icmp(t, &icmp);
        break;
    case DECODE_NOTHING:
        break;
    }
    tracker_clock(t, packet->at.t);
}

static void analyse(const char *path)
{
    struct error err;
    struct input *in = input_open(&path, 1, NULL, &err);
    if (!in)
        return;
    struct decoder *d = decoder_new();
    struct tracker t;
    tracker_init(&t, 60 * (int64_t)1000000000, release, &t);
    struct record record;
    uint32_t file = 0;
    bool filtered = false;
    int64_t eoc = 0;
    while (input_next(in, &record, &file, &filtered)) {
        struct packet packet = {
            .at = {.t = record.t, .packet = record.number, .file = file},
            .data = record.data,
            .caplen = record.caplen,
            .wirelen = record.wirelen,
            .link_type = record.link_type,
        };
        follow(d, &t, &packet);
        eoc = record.t > eoc ? record.t : eoc;
    }
    tracker_end(&t, eoc);
    tracker_done(&t);
    decoder_free(d);
    input_close(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/lastack-fuzz-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0)
        abort();
    if (write_all(fd, data, size))
        analyse(path);
    close(fd);
    unlink(path);
    return 0;
}
