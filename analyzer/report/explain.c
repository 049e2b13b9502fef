/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/explain.h"

#include "report/wrap.h"

void explain_all(FILE *out)
{
    fputs("Findings, with the worst severity each is raised with. More: --explain ID\n\n", out);
    for (int i = 0; i < FINDING_COUNT; i++) {
        const struct finding_info *f = finding_info((enum finding_id)i);

        fprintf(out, "%-4s%-28s%-9s%s\n", f->rule, f->id, severity_name(f->severity), f->title);
    }
}

void explain(FILE *out, enum finding_id id)
{
    const struct finding_info *f = finding_info(id);

    fprintf(out, "%s (%s): %s\n", f->id, f->rule, f->title);
    fprintf(out, "at worst %s, layer %s\n\n", severity_name(f->severity), layer_name(f->layer));
    wrap(out, "meaning", 11, f->meaning);
    wrap(out, "decided", 11, f->decided);
    wrap(out, "what to do", 11, f->remedy);
    if (f->avoid)
        wrap(out, "avoid", 11, f->avoid);
    wrap(out, "reference", 11, f->reference);
}
