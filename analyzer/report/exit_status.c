/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/exit_status.h"

bool summary_failed(const struct model_summary *s)
{
    enum severity at;

    if (!s->options.fail_on || !severity_parse(s->options.fail_on, &at))
        return false;
    for (int k = at; k < SEVERITY_COUNT; k++)
        if (s->by_severity[k])
            return true;
    return false;
}

bool summary_damaged(const struct model_summary *s)
{
    for (size_t i = 0; i < input_n_files(s->input); i++)
        if (input_file(s->input, i)->status != INPUT_OK)
            return true;
    for (int k = 0; k < NOTE_KIND_COUNT; k++)
        if (s->notes->of[k].count && note_is_damage((enum note_kind)k))
            return true;
    return false;
}

enum exit_status summary_exit_status(const struct model_summary *s)
{
    size_t readable = 0;

    for (size_t i = 0; i < input_n_files(s->input); i++)
        readable += input_file(s->input, i)->status != INPUT_UNREADABLE;
    if (s->interrupted)
        return EXIT_INTERRUPTED;
    if (!readable)
        return EXIT_USAGE;
    if (summary_failed(s))
        return EXIT_FINDINGS;
    return summary_damaged(s) ? EXIT_DAMAGED : EXIT_DONE;
}
