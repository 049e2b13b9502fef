/* SPDX-License-Identifier: BSD-2-Clause
 *
 * From a file to finished connections: reader, decoder, flow table and tracker on the octets of a
 * whole capture. The reader opens paths, so the octets pass through a file of this process. */
#include "capture/input.h"
#include "decode/decode.h"
#include "report/report.h"
#include "track/tracker.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

struct pipeline {
    struct input *input;
    struct decoder *decoder;
    struct tracker tracker;
    struct report *report;
};

static void read_all(struct pipeline *p)
{
    struct model_summary *s = report_summary(p->report);
    struct record record;

    while (input_next(p->input, &record)) {
        struct packet packet = {
            .at = {.t = record.t, .packet = record.number, .file = record.file},
            .data = record.data,
            .caplen = record.caplen,
            .wirelen = record.wirelen,
            .link_type = record.link_type,
        };

        if (!s->records || record.t > s->last_t)
            s->last_t = record.t;
        if (!s->records++)
            s->first_t = record.t;
        struct tracker_record to = {
            .t = record.t, .file = record.file, .clock_steps = record.clock_steps};
        to.kind = decode_packet(p->decoder, &packet, &to.segment, &to.icmp);
        tracker_take(&p->tracker, &to, 1);
    }
    decoder_finish(p->decoder);
    tracker_end(&p->tracker);
}

static void analyse(const char *path, const struct writer_ops *writer, FILE *out)
{
    static const uint32_t tap = 0;
    struct settings settings = settings_default();
    struct error err;
    struct pipeline p = {.input = input_open(&path, 1, NULL, &err)};
    struct report_setup setup = {
        .writer = writer,
        .write = {.verbose = true, .all_steps = true},
        .settings = &settings,
        .echo = {.time_wait = "auto", .time_wait_ns = settings.time_wait.ns, .settings = &settings},
        .input = p.input,
        .tap_of = &tap,
        .tracker = &p.tracker,
        .out = out,
    };

    if (!p.input)
        return;
    setup.decoder = p.decoder = decoder_new();
    p.report = report_open(&setup);
    tracker_init(&p.tracker, &settings, &tap, 1, report_take, p.report);
    read_all(&p);
    report_finish(p.report);
    report_free(p.report);
    tracker_done(&p.tracker);
    decoder_free(p.decoder);
    input_close(p.input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/lastack-fuzz-XXXXXX";
    int fd = mkstemp(path);
    FILE *out = fopen("/dev/null", "w");

    if (fd < 0 || !out)
        abort();
    if (write_all(fd, data, size)) {
        analyse(path, &writer_json, out);
        analyse(path, &writer_text, out);
        analyse(path, &writer_ladder, out);
    }
    close(fd);
    unlink(path);
    fclose(out);
    return 0;
}
