/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What was read, as JSON: the files, what they say about themselves, how they fit together, and
 * what could not be decoded. */
#include "report/json_fields.h"
#include "report/json_objects.h"

#include "capture/linktype.h"
#include "detect/capture_wide.h"

enum { JOINTS = 256 }; /* overlaps that are listed; all are counted */

/* Interfaces and comments are the file's own words. */
static void put_interfaces(struct json *j, const struct about *a)
{
    if (!a->n_interfaces)
        return;
    json_array(j, "interfaces");
    for (size_t i = 0; i < a->n_interfaces; i++) {
        const struct capture_interface *of = &a->interfaces[i];

        json_object(j, NULL);
        if (of->name)
            put_untrusted(j, "name", of->name);
        if (of->description)
            put_untrusted(j, "description", of->description);
        json_text(j, "link_type", linktype_name(of->link_type));
        json_number(j, "link_type_number", of->link_type);
        json_number(j, "records", (int64_t)of->records);
        if (of->drops_told)
            json_number(j, "dropped", (int64_t)of->dropped);
        json_object_end(j);
    }
    json_array_end(j);
}

static void put_comments(struct json *j, const struct about *a)
{
    if (!a->total_comments)
        return;
    json_array(j, "comments");
    for (size_t i = 0; i < a->n_comments; i++) {
        json_object(j, NULL);
        if (a->comments[i].packet)
            json_number(j, "packet", (int64_t)a->comments[i].packet);
        put_untrusted(j, "text", a->comments[i].text);
        json_object_end(j);
    }
    json_array_end(j);
    json_number(j, "comments_total", (int64_t)a->total_comments);
}

static void put_file(struct json *j, const struct input_file *f, uint32_t tap)
{
    static const char *const status[] = {
        [INPUT_OK] = "ok", [INPUT_UNREADABLE] = "unreadable", [INPUT_CUT_SHORT] = "cut-short"};

    json_object(j, NULL);
    put_untrusted(j, "path", f->path);
    json_text(j, "status", status[f->status]);
    if (f->status != INPUT_OK)
        put_untrusted(j, "message", f->message);
    if (f->link_type >= 0) {
        json_text(j, "link_type", f->link_name);
        json_number(j, "link_type_number", f->link_type);
    }
    json_number(j, "tap", tap);
    json_number(j, "records", (int64_t)f->records);
    json_number(j, "filtered", (int64_t)f->filtered);
    json_number(j, "octets", (int64_t)f->octets);
    if (f->records) {
        json_time(j, "first", f->first_t);
        json_time(j, "last", f->last_t);
    }
    if (f->about->compression)
        json_text(j, "compression", f->about->compression);
    put_interfaces(j, f->about);
    if (f->about->drops_told)
        json_number(j, "dropped", (int64_t)f->about->dropped);
    if (f->about->untimed)
        json_number(j, "untimed", (int64_t)f->about->untimed);
    put_comments(j, f->about);
    json_object_end(j);
}

static void put_note(struct json *j, enum note_kind kind, const struct note *n,
                     const struct write_options *w)
{
    json_object(j, NULL);
    json_text(j, "kind", note_name(kind));
    json_text(j, "text", note_text(kind));
    json_bool(j, "damage", note_is_damage(kind));
    json_number(j, "count", (int64_t)n->count);
    if (kind == NOTE_LINK_UNSUPPORTED) {
        json_text(j, "link_type", linktype_name(n->detail));
        json_number(j, "link_type_number", n->detail);
    }
    json_array(j, "first");
    for (size_t i = 0; i < NOTE_SAMPLES && i < n->count; i++) {
        json_object(j, NULL);
        put_ref(j, &n->first[i], w);
        json_object_end(j);
    }
    json_array_end(j);
    json_object_end(j);
}

static void put_notes(struct json *j, const struct notes *notes, const struct write_options *w)
{
    json_array(j, "notes");
    for (int kind = 0; kind < NOTE_KIND_COUNT; kind++)
        if (notes->of[kind].count)
            put_note(j, (enum note_kind)kind, &notes->of[kind], w);
    json_array_end(j);
}

static void put_clock_steps(struct json *j, const struct input *input)
{
    size_t n;
    uint64_t total;
    const struct input_clock_step *steps = input_clock_steps(input, &n, &total);

    json_array(j, "clock_steps");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_number(j, "file", steps[i].file);
        json_number(j, "packet", (int64_t)steps[i].packet);
        json_time(j, "from", steps[i].from);
        json_time(j, "to", steps[i].to);
        json_object_end(j);
    }
    json_array_end(j);
    json_number(j, "clock_steps_total", (int64_t)total);
}

static void put_joint(struct json *j, uint32_t before, uint32_t after, int64_t from, int64_t to)
{
    json_object(j, NULL);
    json_number(j, "before", before);
    json_number(j, "after", after);
    json_time(j, "from", from);
    json_time(j, "to", to);
    json_object_end(j);
}

/* Where files continue each other, but not cleanly. */
static void put_joints(struct json *j, const struct model_summary *s)
{
    struct input_overlap overlaps[JOINTS];
    size_t n_overlaps = input_overlaps(s->input, s->tap_of, overlaps, JOINTS), n_gaps;
    uint64_t total;
    const struct input_gap *gaps = input_gaps(s->input, &n_gaps, &total);

    if (total) {
        json_array(j, "gaps");
        for (size_t i = 0; i < n_gaps; i++)
            put_joint(j, gaps[i].before, gaps[i].after, gaps[i].from, gaps[i].to);
        json_array_end(j);
        json_number(j, "gaps_total", (int64_t)total);
    }
    if (n_overlaps) {
        json_array(j, "overlaps");
        for (size_t i = 0; i < n_overlaps && i < JOINTS; i++)
            put_joint(j, overlaps[i].before, overlaps[i].after, overlaps[i].from, overlaps[i].to);
        json_array_end(j);
        json_number(j, "overlaps_total", (int64_t)n_overlaps);
    }
}

static void put_skipped(struct json *j, const struct input *in)
{
    if (!input_n_skipped(in))
        return;
    json_array(j, "skipped");
    for (size_t i = 0; input_skipped(in, i); i++)
        put_untrusted(j, NULL, input_skipped(in, i));
    json_array_end(j);
    json_number(j, "skipped_total", (int64_t)input_n_skipped(in));
}

void json_capture(struct json *j, const struct model_summary *s, const struct write_options *w)
{
    double factor = 1;

    json_object(j, NULL);
    json_text(j, "record", "capture");
    json_array(j, "files");
    for (size_t i = 0; i < input_n_files(s->input); i++)
        put_file(j, input_file(s->input, i), s->tap_of[i]);
    json_array_end(j);
    json_number(j, "records", (int64_t)s->records);
    json_number(j, "filtered", (int64_t)s->filtered);
    json_number(j, "octets", (int64_t)s->octets);
    json_number(j, "segments", (int64_t)s->segments);
    json_number(j, "icmp_errors", (int64_t)s->icmp_errors);
    json_number(j, "duplicates", (int64_t)s->duplicates);
    if (s->records) {
        json_time(j, "first", s->first_t);
        json_time(j, "last", s->last_t);
        json_seconds(j, "duration", s->last_t - s->first_t);
    }
    put_notes(j, s->notes, w);
    put_clock_steps(j, s->input);
    put_joints(j, s);
    put_skipped(j, s->input);
    json_array(j, "doubts");
    for (size_t i = 0; i < s->n_cross; i++) {
        if (s->cross[i].finding.layer == LAYER_CAPTURE)
            json_text(j, NULL, finding_info(s->cross[i].finding.id)->id);
        factor *= capture_wide_factor(&s->cross[i].finding);
    }
    json_array_end(j);
    if (factor < 1)
        put_confidence(j, factor);
    json_object_end(j);
}
