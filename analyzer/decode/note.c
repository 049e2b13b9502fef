/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/note.h"

static const struct {
    const char *name, *text;
    bool damage;
} kinds[] = {
#define NOTE_ROW(id, name, text, damage) {name, text, damage},
    NOTE_KINDS(NOTE_ROW)
#undef NOTE_ROW
};

void notes_add(struct notes *n, enum note_kind kind, const struct ref *at, int detail)
{
    struct note *note = &n->of[kind];

    if (note->count < NOTE_SAMPLES)
        note->first[note->count] = *at;
    if (note->count++ == 0)
        note->detail = detail;
}

const char *note_name(enum note_kind kind)
{
    return kinds[kind].name;
}

const char *note_text(enum note_kind kind)
{
    return kinds[kind].text;
}

bool note_is_damage(enum note_kind kind)
{
    return kinds[kind].damage;
}
