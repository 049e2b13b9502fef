/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/explain.h"

#include "report/wrap.h"

enum { LIST_INDENT = 41 };

void explain_all(FILE *out)
{
    fputs("Findings, with the worst severity each is raised with. More: --explain ID\n\n", out);
    for (int i = 0; i < FINDING_COUNT; i++) {
        const struct finding_info *f = finding_info((enum finding_id)i);

        char label[64];

        snprintf(label, sizeof label, "%-4s%-28s%-9s", f->rule, f->id, severity_name(f->severity));
        wrap(out, label, LIST_INDENT, f->title);
    }
}

void explain(FILE *out, enum finding_id id)
{
    const struct finding_info *f = finding_info(id);

    fprintf(out, "%s (%s): %s\n", f->id, f->rule, f->title);
    fprintf(out, "at worst %s, layer %s\n\n", severity_name(f->severity), layer_name(f->layer));
    wrap(out, "meaning", 12, f->meaning);
    wrap(out, "decided", 12, f->decided);
    wrap(out, "what to do", 12, f->remedy);
    if (f->avoid)
        wrap(out, "avoid", 12, f->avoid);
    wrap(out, "reference", 12, f->reference);
}
